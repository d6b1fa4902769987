package dev.graft.run;

import dev.graft.plan.FrozenPass;
import dev.graft.track.FeatureGroupRecord;
import dev.graft.track.TrialRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Records the features of passes, and how many passes of the frozen base a sweep did and saved: what training each trial
 * alone, without a shared store, would have cost is one pass a trial.
 */
final class PassCount {

    private final SweepRun run;

    /** The trials that had features, however often they were tried. */
    private final Set<Integer> served = new HashSet<>();

    private int done;

    /** Goes on counting where the record is. */
    PassCount(SweepRun run, int done) {
        this.run = run;
        this.done = done;
        for (TrialRecord trial : run.recorded().trials(run.id())) {
            if (!trial.featureGroup().isEmpty()) {
                served.add(trial.number());
            }
        }
    }

    /** Notes that a trial has features. */
    void serves(int trial) {
        if (served.add(trial)) {
            record();
        }
    }

    /** Records a pass' features. */
    void count(int pass, List<WorkerEvent.Features> features, double decodeSeconds, double prefixSeconds) {
        FrozenPass frozen = run.setup().plan().passes().get(pass);
        int computed =
                (int) features.stream().filter(WorkerEvent.Features::computed).count();
        for (WorkerEvent.Features file : features) {
            run.track()
                    .putFeatureGroup(
                            run.id(),
                            new FeatureGroupRecord(
                                    file.key(),
                                    frozen.base(),
                                    frozen.imageSize(),
                                    file.cut(),
                                    file.rows(),
                                    file.bytes(),
                                    !file.computed(),
                                    file.computed() ? decodeSeconds / computed : 0,
                                    file.computed() ? prefixSeconds / computed : 0));
        }
        if (computed > 0) {
            done++;
        }
        record();
    }

    private void record() {
        boolean live = run.setup().source().settings().live();
        run.track().setFrozenPasses(run.id(), done, live ? 0 : Math.max(0, served.size() - done));
    }
}
