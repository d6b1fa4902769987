package dev.graft.train;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ReLU and ReLU6 for training: ND4J's own gradients call a function for every value. For activation layers only: their
 * input is a copy, which is overwritten.
 */
final class Rectified {

    /** Greater than this is 6 or more. */
    private static final double BELOW_SIX = Math.nextDown(6f);

    private Rectified() {}

    static final class Relu extends ActivationReLU {

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            return new Pair<>(Nd4j.getExecutioner().exec(new Step(in, in, 0)).muli(epsilon), null);
        }
    }

    static final class Relu6 extends ActivationReLU6 {

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            INDArray above = Nd4j.getExecutioner().exec(new Step(in, in.ulike(), BELOW_SIX));
            INDArray slope = Nd4j.getExecutioner().exec(new Step(in, in, 0)).subi(above);
            return new Pair<>(slope.muli(epsilon), null);
        }
    }
}
