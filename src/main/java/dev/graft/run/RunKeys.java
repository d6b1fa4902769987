package dev.graft.run;

import dev.graft.data.Sha256;
import dev.graft.features.FrozenBase;
import dev.graft.plan.Plan;
import dev.graft.search.Trial;
import dev.graft.spec.Sweep;
import dev.graft.spec.TrialParameters;
import java.util.ArrayList;
import java.util.List;

/** The digests by which trials with equal results are known, within a sweep and across sweeps. */
final class RunKeys {

    /** Changes whenever training gives other numbers for the same setup. */
    private static final int TRAINING_VERSION = 2;

    private RunKeys() {}

    /**
     * Returns the digest of everything that decides a trial's result but the machine and its thread counts, which change
     * the last digits: features, parameters, seed, epochs, early stopping, ranking metric, versions.
     */
    static String of(SweepSetup setup, Trial trial) {
        Sweep sweep = setup.file().sweep();
        TrialParameters parameters = trial.parameters();
        FrozenBase base = setup.base(parameters.base(), parameters.imageSize());
        List<String> parts = new ArrayList<>();
        parts.add("training " + TRAINING_VERSION + ", deeplearning4j 1.0.0-M2.1");
        parts.add(setup.source()
                .key(base, base.headOutput(Plan.pooling(parameters.pooling())))
                .digest());
        if (parameters.fineTuneDepth() > 0) {
            parts.add(setup.source()
                    .key(base, base.tailOutput(parameters.fineTuneDepth()))
                    .digest());
            parts.add(sweep.fineTune().toString());
        }
        if (sweep.data().live()) {
            parts.add("live " + sweep.data().augment() + " " + sweep.seed());
        }
        parts.add(parameters.toString());
        parts.add("seed " + trial.seed());
        parts.add("epochs " + sweep.epochs());
        parts.add(sweep.earlyStopping().toString());
        parts.add(sweep.metric().toString());
        return Sha256.hex(String.join("\n", parts));
    }
}
