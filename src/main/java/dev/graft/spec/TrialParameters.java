package dev.graft.spec;

import java.util.List;

/**
 * All parameters of one trial, checked and typed.
 *
 * @param base the name of the base; the only parameter without a default
 * @param imageSize the side in pixels of the square the images are resized to; default 224
 * @param learningRate of the first phase, above 0; default 0.001
 * @param dropout the fraction of units dropped after each dense layer, or before the classifier where there is none, in
 *     [0, 1); default 0
 * @param fineTuneDepth how many blocks, from the end of the base, are trained in the second phase; default 0
 * @param denseUnits the widths of the head's dense layers; empty for a linear classifier; default none
 * @param activation of the dense layers: {@code relu, gelu, tanh, elu, swish, identity}; default {@code relu}
 * @param pooling how the base's last map becomes a vector; default {@code avg}
 * @param optimizer default {@code adam}
 * @param momentum of sgd and rmsprop, in [0, 1); default 0.9 for sgd, 0 for rmsprop
 * @param weightDecay decoupled for adamw, an L2 term of the gradient otherwise, at least 0; default 0.01 for adamw, else 0
 * @param batchSize training images per step, at least 1; default 32
 * @param schedule how the learning rate changes over the epochs of a phase; default {@code constant}
 * @param stepEvery epochs between two steps of the {@code step} schedule; default 10
 * @param stepFactor what a step multiplies the learning rate with; default 0.1
 * @param classWeights {@code none} or {@code balanced} (inverse class frequency, mean 1 over the images)
 */
public record TrialParameters(
        String base,
        int imageSize,
        double learningRate,
        double dropout,
        int fineTuneDepth,
        List<Integer> denseUnits,
        String activation,
        Pooling pooling,
        Optimizer optimizer,
        double momentum,
        double weightDecay,
        int batchSize,
        Schedule schedule,
        int stepEvery,
        double stepFactor,
        ClassWeights classWeights) {

    /** Copies the list. */
    public TrialParameters {
        denseUnits = List.copyOf(denseUnits);
    }

    /** How the base's last map becomes a vector. */
    public enum Pooling {
        /** The mean of each channel. */
        AVG,
        /** The maximum of each channel. */
        MAX,
        /** All values, channel by channel. */
        FLATTEN
    }

    /** The optimizers a file may name, in lower case. */
    public enum Optimizer {
        /** Kingma and Ba, 2015. */
        ADAM,
        /** Loshchilov and Hutter, 2019: Adam with decoupled weight decay. */
        ADAMW,
        /** Gradient descent with classical momentum. */
        SGD,
        /** Hinton's RMSProp. */
        RMSPROP
    }

    /** How the learning rate changes over the epochs of a phase. */
    public enum Schedule {
        /** It does not. */
        CONSTANT,
        /** Times {@code step_factor} every {@code step_every} epochs. */
        STEP,
        /** Half a cosine from the learning rate to 0 over the phase's {@code epochs}. */
        COSINE
    }

    /** How the loss weighs classes. */
    public enum ClassWeights {
        /** All alike. */
        NONE,
        /** Inverse to their frequency. */
        BALANCED
    }
}
