package dev.graft.train;

import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Loshchilov and Hutter's decoupled weight decay: {@code learning rate * coefficient * weight} is taken from each weight
 * beside the optimizer's step. A kind of L2 to Deeplearning4j, because it applies any other kind, its own {@code
 * WeightDecay} included, twice when it is set for all layers.
 */
final class DecoupledDecay extends L2Regularization {

    private final double coefficient;

    DecoupledDecay(double coefficient) {
        super(coefficient);
        this.coefficient = coefficient;
    }

    @Override
    public ApplyStep applyStep() {
        return ApplyStep.POST_UPDATER;
    }

    @Override
    public void apply(INDArray weights, INDArray update, double learningRate, int iteration, int epoch) {
        update.addi(weights.mul(learningRate * coefficient));
    }

    @Override
    public Regularization clone() {
        return new DecoupledDecay(coefficient);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DecoupledDecay decay && decay.coefficient == coefficient;
    }

    @Override
    public int hashCode() {
        return Objects.hash(coefficient);
    }
}
