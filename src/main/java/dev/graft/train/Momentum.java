package dev.graft.train;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Classical momentum around another updater: {@code velocity = momentum * velocity + update; parameters -= velocity}, as
 * Keras' SGD and RMSprop have it. Deeplearning4j's own {@code Nesterovs} looks ahead, which is another method.
 *
 * @param inner what makes the update from the gradient
 * @param momentum in (0, 1)
 */
record Momentum(IUpdater inner, double momentum) implements IUpdater {

    @Override
    public long stateSize(long parameters) {
        return parameters + inner.stateSize(parameters);
    }

    @Override
    public GradientUpdater<?> instantiate(INDArray state, boolean initialize) {
        long parameters = state.length() / (1 + inner.stateSize(1));
        INDArray flat = state.reshape(state.length());
        INDArray velocity = flat.get(NDArrayIndex.interval(0, parameters));
        if (initialize) {
            velocity.assign(0);
        }
        GradientUpdater<?> updater = inner.stateSize(1) == 0
                ? inner.instantiate((INDArray) null, initialize)
                : inner.instantiate(
                        flat.get(NDArrayIndex.interval(parameters, state.length()))
                                .reshape(1, state.length() - parameters),
                        initialize);
        return new Updater(this, updater, velocity);
    }

    @Override
    public GradientUpdater<?> instantiate(Map<String, INDArray> state, boolean initialize) {
        throw new UnsupportedOperationException("SameDiff training is not used");
    }

    @Override
    public IUpdater clone() {
        return new Momentum(inner.clone(), momentum);
    }

    @Override
    public double getLearningRate(int iteration, int epoch) {
        return inner.getLearningRate(iteration, epoch);
    }

    @Override
    public boolean hasLearningRate() {
        return inner.hasLearningRate();
    }

    @Override
    public void setLrAndSchedule(double learningRate, ISchedule schedule) {
        inner.setLrAndSchedule(learningRate, schedule);
    }

    private record Updater(Momentum config, GradientUpdater<?> inner, INDArray velocity)
            implements GradientUpdater<Momentum> {

        @Override
        public Momentum getConfig() {
            return config;
        }

        @Override
        public void setState(Map<String, INDArray> state, boolean initialize) {
            throw new UnsupportedOperationException("SameDiff training is not used");
        }

        @Override
        public Map<String, INDArray> getState() {
            return Map.of("velocity", velocity);
        }

        @Override
        public void setStateViewArray(INDArray view, long[] gradientShape, char order, boolean initialize) {
            throw new UnsupportedOperationException("the view is given when the updater is made");
        }

        @Override
        public void applyUpdater(INDArray gradient, int iteration, int epoch) {
            inner.applyUpdater(gradient, iteration, epoch);
            INDArray flat = gradient.reshape(velocity.shape());
            velocity.muli(config.momentum()).addi(flat);
            flat.assign(velocity);
        }
    }
}
