package dev.graft.train;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Swish and GELU, {@code x * sigmoid(a x)}, for training: Deeplearning4j's derivatives of both are NaN from about
 * {@code a x = 60} on, which unpooled features reach. Values are Deeplearning4j's own, so that finished models use its
 * classes.
 */
final class Gated {

    private Gated() {}

    private static Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon, double a) {
        INDArray gate = Transforms.sigmoid(in.mul(a), true);
        INDArray slope = gate.rsub(1).muli(gate).muli(in).muli(a).addi(gate);
        return new Pair<>(slope.muli(epsilon), null);
    }

    static final class Swish extends ActivationSwish {

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            return Gated.backprop(in, epsilon, 1);
        }
    }

    static final class Gelu extends ActivationGELU {

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            return Gated.backprop(in, epsilon, 1.702);
        }
    }
}
