package dev.graft.run;

import dev.graft.data.LabelledImage;
import dev.graft.features.FeatureExtractor.Extraction;
import dev.graft.features.FeatureFile;
import dev.graft.features.FeatureOutput;
import dev.graft.features.FrozenBase;
import dev.graft.features.LiveFeatures;
import dev.graft.features.TrainingFeatures;
import dev.graft.plan.Plan;
import dev.graft.search.Trial;
import dev.graft.train.TrialSetup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the trials of a pass train on; trials of the same features get the same. Close it when they have ended. */
final class TrialSetups implements AutoCloseable {

    private final SweepSetup setup;
    private final FrozenBase base;
    private final Extraction extraction;
    private final int threads;
    private final int[] trainLabels;
    private final int[] validationLabels;
    private final Map<FeatureOutput, TrialSetup.Features> features = new HashMap<>();
    private final List<LiveFeatures> live = new ArrayList<>();

    TrialSetups(SweepSetup setup, FrozenBase base, Extraction extraction, int threads) {
        this.setup = setup;
        this.base = base;
        this.extraction = extraction;
        this.threads = threads;
        this.trainLabels = labels(setup.source().dataset().train());
        this.validationLabels = labels(setup.source().dataset().validation());
    }

    TrialSetup of(Trial trial) {
        int depth = trial.parameters().fineTuneDepth();
        return new TrialSetup(
                setup.file().sweep(),
                trial,
                base,
                setup.source().dataset().classes().size(),
                trainLabels,
                validationLabels,
                features(base.headOutput(Plan.pooling(trial.parameters().pooling()))),
                depth == 0 ? Optional.empty() : Optional.of(features(base.tailOutput(depth))));
    }

    private TrialSetup.Features features(FeatureOutput output) {
        return features.computeIfAbsent(output, this::opened);
    }

    private TrialSetup.Features opened(FeatureOutput output) {
        FeatureFile file = extraction.files().get(output);
        if (file == null) {
            throw new IllegalStateException("the pass has no " + output);
        }
        if (setup.source().settings().live()) {
            LiveFeatures recomputed = new LiveFeatures(setup.source(), base, output, threads);
            live.add(recomputed);
            return new TrialSetup.Features(recomputed, file.validation());
        }
        return new TrialSetup.Features(TrainingFeatures.of(file), file.validation());
    }

    private static int[] labels(List<LabelledImage> images) {
        return images.stream().mapToInt(LabelledImage::label).toArray();
    }

    @Override
    public void close() {
        live.forEach(LiveFeatures::close);
    }
}
