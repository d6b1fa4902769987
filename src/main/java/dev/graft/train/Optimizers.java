package dev.graft.train;

import dev.graft.spec.TrialParameters;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** The settings all layers of a trained network share. */
final class Optimizers {

    /** Keras' defaults, which differ from Deeplearning4j's. */
    static final double ADAM_BETA1 = 0.9;

    static final double ADAM_BETA2 = 0.999;
    static final double EPSILON = 1e-7;
    static final double RMSPROP_DECAY = 0.9;

    private Optimizers() {}

    /** Returns settings with the trial's seed, optimizer and weight decay, and Glorot uniform initial weights. */
    static NeuralNetConfiguration.Builder settings(TrialParameters parameters, long seed, double learningRate) {
        NeuralNetConfiguration.Builder settings = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.XAVIER_UNIFORM)
                .updater(updater(parameters, learningRate));
        if (parameters.weightDecay() > 0) {
            if (parameters.optimizer() == TrialParameters.Optimizer.ADAMW) {
                settings.regularization(List.of(new DecoupledDecay(parameters.weightDecay())));
            } else {
                settings.l2(parameters.weightDecay());
            }
        }
        return settings;
    }

    private static IUpdater updater(TrialParameters parameters, double learningRate) {
        return switch (parameters.optimizer()) {
            case ADAM, ADAMW -> new Adam(learningRate, ADAM_BETA1, ADAM_BETA2, EPSILON);
            case SGD -> withMomentum(new Sgd(learningRate), parameters.momentum());
            case RMSPROP -> withMomentum(new RmsProp(learningRate, RMSPROP_DECAY, EPSILON), parameters.momentum());
        };
    }

    private static IUpdater withMomentum(IUpdater updater, double momentum) {
        return momentum == 0 ? updater : new Momentum(updater, momentum);
    }

    /**
     * Returns the learning rate of an epoch.
     *
     * @param initial the phase's learning rate
     * @param epoch within the phase, from 1
     * @param epochs the most epochs of the phase
     */
    static double learningRate(TrialParameters parameters, double initial, int epoch, int epochs) {
        return switch (parameters.schedule()) {
            case CONSTANT -> initial;
            case STEP -> initial * Math.pow(parameters.stepFactor(), (epoch - 1) / parameters.stepEvery());
            case COSINE -> initial * 0.5 * (1 + Math.cos(Math.PI * (epoch - 1) / epochs));
        };
    }
}
