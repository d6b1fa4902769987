package dev.graft.train;

import dev.graft.features.FeatureRows;
import dev.graft.features.FrozenBase;
import dev.graft.features.TrainingFeatures;
import dev.graft.search.Trial;
import dev.graft.spec.Sweep;
import java.util.Optional;

/**
 * Everything one trial trains on.
 *
 * @param sweep epochs, early stopping, ranking metric, second phase
 * @param trial parameters and seed
 * @param base the frozen base at the trial's image size
 * @param classes the number of classes
 * @param trainLabels the class of each training image
 * @param validationLabels the class of each validation image
 * @param head what the first phase trains on: the base's last map, pooled as the trial says
 * @param tail what the second phase trains on: the map at the cut; empty without fine-tuning
 */
@SuppressWarnings("ArrayRecordComponent") // Labels are shared by all trials and never changed.
public record TrialSetup(
        Sweep sweep,
        Trial trial,
        FrozenBase base,
        int classes,
        int[] trainLabels,
        int[] validationLabels,
        Features head,
        Optional<Features> tail) {

    /**
     * Features of both splits.
     *
     * @param train of the training images
     * @param validation of the validation images, in order
     */
    public record Features(TrainingFeatures train, FeatureRows validation) {}

    /** Returns the same without a second phase. */
    public TrialSetup headAlone() {
        return new TrialSetup(sweep, trial, base, classes, trainLabels, validationLabels, head, Optional.empty());
    }
}
