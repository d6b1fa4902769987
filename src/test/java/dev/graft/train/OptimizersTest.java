package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.spec.Parameters;
import dev.graft.spec.TrialParameters;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

class OptimizersTest {

    private static final double[][] X = {{0.5, -1, 2}, {1.5, 0.25, -0.5}, {-1, 1, 0.75}, {0.1, 0.2, 0.3}};
    private static final int[] LABELS = {0, 1, 1, 0};
    private static final int INPUTS = 3;
    private static final int CLASSES = 2;

    private static TrialParameters parameters(Map<String, Object> some) {
        Map<String, Object> all = new HashMap<>(some);
        all.put("base", "sprout");
        return Parameters.from(all);
    }

    /** A linear softmax classifier: parameters {@code [inputs * classes kernel, classes bias]}, kernel first. */
    private static double[] gradient(double[] parameters) {
        double[] gradient = new double[parameters.length];
        for (int image = 0; image < X.length; image++) {
            double[] logits = new double[CLASSES];
            double sum = 0;
            for (int c = 0; c < CLASSES; c++) {
                logits[c] = parameters[INPUTS * CLASSES + c];
                for (int i = 0; i < INPUTS; i++) {
                    logits[c] += X[image][i] * parameters[i * CLASSES + c];
                }
                sum += Math.exp(logits[c]);
            }
            for (int c = 0; c < CLASSES; c++) {
                double error = (Math.exp(logits[c]) / sum - (LABELS[image] == c ? 1 : 0)) / X.length;
                gradient[INPUTS * CLASSES + c] += error;
                for (int i = 0; i < INPUTS; i++) {
                    gradient[i * CLASSES + c] += error * X[image][i];
                }
            }
        }
        return gradient;
    }

    /** The published update rules, in double precision. */
    private static final class ByHand {

        private final TrialParameters settings;
        private final double[] parameters;
        private final double[] first;
        private final double[] second;
        private final double[] velocity;
        private int steps;

        ByHand(TrialParameters settings, double[] parameters) {
            this.settings = settings;
            this.parameters = parameters;
            this.first = new double[parameters.length];
            this.second = new double[parameters.length];
            this.velocity = new double[parameters.length];
            if (settings.optimizer() == TrialParameters.Optimizer.RMSPROP) {
                // Deeplearning4j's mean square starts at epsilon, which matters to nobody but this test.
                Arrays.fill(second, 1e-7);
            }
        }

        void step(double rate) {
            steps++;
            double[] gradient = gradient(parameters);
            double decay = settings.weightDecay();
            for (int i = 0; i < parameters.length; i++) {
                boolean kernel = i < INPUTS * CLASSES;
                double g = gradient[i];
                boolean decoupled = settings.optimizer() == TrialParameters.Optimizer.ADAMW;
                if (kernel && !decoupled) {
                    g += decay * parameters[i];
                }
                double update;
                switch (settings.optimizer()) {
                    case SGD -> update = rate * g;
                    case RMSPROP -> {
                        second[i] = 0.9 * second[i] + 0.1 * g * g;
                        update = rate * g / (Math.sqrt(second[i]) + 1e-7);
                    }
                    default -> {
                        first[i] = 0.9 * first[i] + 0.1 * g;
                        second[i] = 0.999 * second[i] + 0.001 * g * g;
                        double m = first[i] / (1 - Math.pow(0.9, steps));
                        double v = second[i] / (1 - Math.pow(0.999, steps));
                        update = rate * m / (Math.sqrt(v) + 1e-7);
                    }
                }
                velocity[i] = settings.momentum() * velocity[i] + update;
                parameters[i] -= velocity[i] + (kernel && decoupled ? rate * decay * parameters[i] : 0);
            }
        }
    }

    private static double[] parameters(ComputationGraph graph) {
        double[] values = new double[INPUTS * CLASSES + CLASSES];
        INDArray kernel = graph.getParam(Head.OUTPUT + "_W");
        INDArray bias = graph.getParam(Head.OUTPUT + "_b");
        for (int c = 0; c < CLASSES; c++) {
            for (int i = 0; i < INPUTS; i++) {
                values[i * CLASSES + c] = kernel.getDouble(i, c);
            }
            values[INPUTS * CLASSES + c] = bias.getDouble(c);
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({
        "sgd, 0, 0",
        "sgd, 0.9, 0",
        "sgd, 0.9, 0.1",
        "rmsprop, 0, 0",
        "rmsprop, 0.9, 0",
        "rmsprop, 0.9, 0.1",
        "adam, 0, 0",
        "adam, 0, 0.1",
        "adamw, 0, 0",
        "adamw, 0, 0.1"
    })
    void everyOptimizerFollowsItsFormulaWhileTheLearningRateChanges(
            String optimizer, double momentum, double weightDecay) {
        TrialParameters settings =
                parameters(Map.of("optimizer", optimizer, "momentum", momentum, "weight_decay", weightDecay));
        ComputationGraph graph = Head.network(settings, CLASSES, true, new float[0])
                .graph(Optimizers.settings(settings, 3, 0.05), InputType.feedForward(INPUTS));
        ByHand byHand = new ByHand(settings, parameters(graph));
        INDArray labels = Nd4j.zeros(X.length, CLASSES);
        for (int image = 0; image < X.length; image++) {
            labels.putScalar(image, LABELS[image], 1);
        }
        INDArray input = Nd4j.createFromArray(X).castTo(labels.dataType());
        for (int step = 1; step <= 6; step++) {
            double rate = step <= 3 ? 0.05 : 0.02;
            if (step == 4) {
                graph.setLearningRate(rate);
            }
            graph.fit(new INDArray[] {input}, new INDArray[] {labels});
            byHand.step(rate);
            double[] found = parameters(graph);
            for (int i = 0; i < found.length; i++) {
                assertThat(found[i]).as("step %d, parameter %d", step, i).isCloseTo(byHand.parameters[i], within(1e-5));
            }
        }
        graph.close();
    }

    @Test
    void adamwTakesExactlyLearningRateTimesDecayFromEachKernelWeight() {
        Map<String, double[]> after = new HashMap<>();
        double[] before = {};
        for (double decay : new double[] {0, 0.5}) {
            TrialParameters settings = parameters(Map.of("optimizer", "adamw", "weight_decay", decay));
            ComputationGraph graph = Head.network(settings, CLASSES, true, new float[0])
                    .graph(Optimizers.settings(settings, 3, 0.1), InputType.feedForward(INPUTS));
            before = parameters(graph);
            graph.fit(
                    new INDArray[] {
                        Nd4j.createFromArray(X).castTo(graph.params().dataType())
                    },
                    new INDArray[] {Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}, {0, 1}, {1, 0}})});
            after.put(String.valueOf(decay), parameters(graph));
        }
        for (int i = 0; i < before.length; i++) {
            double taken = after.get("0.0")[i] - after.get("0.5")[i];
            assertThat(taken).isCloseTo(i < INPUTS * CLASSES ? 0.1 * 0.5 * before[i] : 0, within(1e-6));
        }
    }

    @Nested
    class MomentumSteps {

        @Test
        void addUpAsKerasHasThem() {
            INDArray state = Nd4j.zeros(1, 2);
            GradientUpdater<?> updater = new Momentum(new Sgd(0.1), 0.5).instantiate(state, true);
            double[][] expected = {{0.1, -0.2}, {0.15, -0.3}, {0.175, -0.35}};
            for (int step = 0; step < 3; step++) {
                INDArray gradient = Nd4j.createFromArray(new float[][] {{1, -2}});
                updater.applyUpdater(gradient, step, 0);
                assertThat(gradient.getDouble(0)).isCloseTo(expected[step][0], within(1e-6));
                assertThat(gradient.getDouble(1)).isCloseTo(expected[step][1], within(1e-6));
            }
        }

        @Test
        void goOnFromTheStateTheyAreGiven() {
            INDArray state = Nd4j.createFromArray(new float[][] {{1, 2}});
            INDArray gradient = Nd4j.zeros(1, 2);
            new Momentum(new Sgd(0.1), 0.5).instantiate(state, false).applyUpdater(gradient, 0, 0);
            assertThat(gradient.toDoubleVector()).containsExactly(0.5, 1);
            assertThat(state.toDoubleVector()).containsExactly(0.5, 1);
        }

        @Test
        void keepTheStateOfTheInnerUpdaterBesideTheirs() {
            Momentum momentum = new Momentum(new RmsProp(0.1, 0.9, 1e-7), 0.5);
            assertThat(momentum.stateSize(7)).isEqualTo(14);
            assertThat(new Momentum(new Sgd(0.1), 0.5).stateSize(7)).isEqualTo(7);
        }

        @Test
        void ofACopyAreIndependent() {
            Momentum momentum = new Momentum(new Sgd(0.1), 0.5);
            Momentum copy = (Momentum) momentum.clone();
            copy.setLrAndSchedule(7, null);
            assertThat(momentum.getLearningRate(0, 0)).isEqualTo(0.1);
            assertThat(copy.getLearningRate(0, 0)).isEqualTo(7);
        }
    }

    @Nested
    class Schedules {

        @ParameterizedTest
        @CsvSource({"1, 0.1", "30, 0.1"})
        void constant(int epoch, double expected) {
            assertThat(rate(Map.of("learning_rate_schedule", "constant"), epoch))
                    .isEqualTo(expected);
        }

        @ParameterizedTest
        @CsvSource({"1, 0.1", "3, 0.1", "4, 0.05", "6, 0.05", "7, 0.025"})
        void step(int epoch, double expected) {
            assertThat(rate(Map.of("learning_rate_schedule", "step", "step_every", 3, "step_factor", 0.5), epoch))
                    .isCloseTo(expected, within(1e-12));
        }

        @ParameterizedTest
        @CsvSource({"1, 0.1", "16, 0.05", "11, 0.075", "30, 0.000273905"})
        void cosine(int epoch, double expected) {
            assertThat(rate(Map.of("learning_rate_schedule", "cosine"), epoch)).isCloseTo(expected, within(1e-8));
        }

        private double rate(Map<String, Object> settings, int epoch) {
            return Optimizers.learningRate(parameters(settings), 0.1, epoch, 30);
        }
    }

    @Nested
    class ClassWeights {

        @Test
        void areOneOnAverageOverTheImages() {
            int[] labels = {0, 0, 0, 0, 0, 1, 1, 2};
            float[] weights = Head.lossWeights(parameters(Map.of("class_weights", "balanced")), labels, 3);
            double sum = 0;
            for (int label : labels) {
                sum += weights[label];
            }
            assertThat(sum / labels.length).isCloseTo(1, within(1e-6));
            assertThat(weights[2] / weights[0]).isCloseTo(5, within(1e-5f));
        }

        @Test
        void ofClassesWithoutTrainingImagesAreZero() {
            float[] weights = Head.lossWeights(parameters(Map.of("class_weights", "balanced")), new int[] {0, 2, 2}, 3);
            assertThat(weights).containsExactly(1.5f, 0, 0.75f);
        }

        @Test
        void areNoneByDefault() {
            assertThat(Head.lossWeights(parameters(Map.of()), new int[] {0, 1}, 2))
                    .isEmpty();
        }
    }
}
