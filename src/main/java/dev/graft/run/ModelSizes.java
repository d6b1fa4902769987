package dev.graft.run;

import dev.graft.base.Architecture;
import dev.graft.base.BaseWeights;
import dev.graft.features.FrozenBase;
import dev.graft.spec.TrialParameters;
import dev.graft.spec.TrialParameters.Pooling;
import dev.graft.train.Head;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the numbers that the models of a sweep hold. */
final class ModelSizes {

    private final SweepSetup setup;
    private final Map<String, Long> bases = new HashMap<>();
    private final Map<List<Object>, Long> features = new HashMap<>();

    ModelSizes(SweepSetup setup) {
        this.setup = setup;
    }

    /**
     * Returns how many numbers a trial's whole model holds, base and head: what Keras calls its total parameters. Folding
     * batch norms into the convolutions before them, as fine-tuning does, is not counted.
     */
    long weights(TrialParameters parameters) {
        long ofBase = bases.computeIfAbsent(
                parameters.base(),
                name -> BaseWeights.count(setup.catalogue().entry(name).architecture()));
        return ofBase
                + Head.weights(
                        parameters,
                        features(parameters),
                        setup.source().dataset().classes().size());
    }

    /** Returns how many features of an image enter the head. */
    private long features(TrialParameters parameters) {
        Architecture architecture = setup.catalogue().entry(parameters.base()).architecture();
        if (parameters.pooling() != Pooling.FLATTEN) {
            return architecture.featureWidth();
        }
        return features.computeIfAbsent(List.of(parameters.base(), parameters.imageSize()), unused -> {
            FrozenBase base = setup.base(parameters.base(), parameters.imageSize());
            return Arrays.stream(base.shape(base.headOutput("none")))
                    .asLongStream()
                    .reduce(1, Math::multiplyExact);
        });
    }
}
