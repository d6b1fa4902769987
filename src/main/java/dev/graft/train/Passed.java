package dev.graft.train;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a backward pass gets when it asks for the layer's output again. Without an activation its values are never used,
 * only its shape, so the gradient that came in, which has the same, does as well.
 */
final class Passed {

    private @Nullable INDArray epsilon;

    /** Runs a backward pass. */
    <T> T during(INDArray incoming, Supplier<T> pass) {
        epsilon = incoming;
        try {
            return pass.get();
        } finally {
            epsilon = null;
        }
    }

    /** Returns an array of the output's shape, and no patches, in Deeplearning4j's form. */
    Pair<INDArray, INDArray> output() {
        if (epsilon == null) {
            throw new IllegalStateException("no backward pass is running");
        }
        return new Pair<>(epsilon, null);
    }
}
