package dev.graft.run;

import dev.graft.plan.FrozenPass;
import dev.graft.track.FeatureGroupRecord;
import dev.graft.track.TrackWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Records the features of passes, and how many passes of the frozen base a sweep did and saved. */
final class PassCount {

    private final TrackWriter track;
    private final String sweepId;
    private final SweepSetup setup;
    private final Map<Integer, Integer> repeated = new HashMap<>();
    private int done;
    private int saved;

    PassCount(TrackWriter track, String sweepId, SweepSetup setup, int done, int saved) {
        this.track = track;
        this.sweepId = sweepId;
        this.setup = setup;
        this.done = done;
        this.saved = saved;
    }

    /** Notes that so many trials took their result over, so that the pass is saved for them. */
    void alsoServes(int pass, int trials) {
        repeated.merge(pass, trials, Integer::sum);
    }

    /**
     * Records a pass' features.
     *
     * @param trials how many trials it serves, those that took their result over left out
     */
    void count(int pass, int trials, List<WorkerEvent.Features> features, double decodeSeconds, double prefixSeconds) {
        FrozenPass frozen = setup.plan().passes().get(pass);
        int computed =
                (int) features.stream().filter(WorkerEvent.Features::computed).count();
        int sharing = Math.max(1, computed);
        done += computed > 0 ? 1 : 0;
        // What training alone, without a shared store, would have cost: one pass a trial.
        int served = trials + repeated.getOrDefault(pass, 0);
        repeated.remove(pass);
        saved += setup.source().settings().live() ? 0 : Math.max(0, served - (computed > 0 ? 1 : 0));
        for (WorkerEvent.Features file : features) {
            track.putFeatureGroup(
                    sweepId,
                    new FeatureGroupRecord(
                            file.key(),
                            frozen.base(),
                            frozen.imageSize(),
                            file.cut(),
                            file.rows(),
                            file.bytes(),
                            !file.computed(),
                            file.computed() ? decodeSeconds / sharing : 0,
                            file.computed() ? prefixSeconds / sharing : 0));
        }
        track.setFrozenPasses(sweepId, done, saved);
    }
}
