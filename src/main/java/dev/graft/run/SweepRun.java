package dev.graft.run;

import dev.graft.spec.Sweep;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.TrialRecord;
import java.nio.file.Path;

/**
 * A sweep that runs, and where what comes of it goes.
 *
 * @param id the sweep's id
 * @param setup what it runs on
 * @param track where the record is written
 * @param recorded the same record, for reading
 * @param results the results directory, for kept weights and logs
 * @param listener hears of everything
 */
record SweepRun(
        String id, SweepSetup setup, TrackWriter track, TrackReader recorded, Path results, SweepListener listener) {

    Sweep sweep() {
        return setup.file().sweep();
    }

    TrialModels models() {
        return new TrialModels(results);
    }

    String trialId(int number) {
        return TrialRecord.id(id, number);
    }
}
