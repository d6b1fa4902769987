package dev.graft.train;

import static dev.graft.train.SmallTrial.ACCURACY;
import static dev.graft.train.SmallTrial.LOSS;
import static dev.graft.train.SmallTrial.NEVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.base.LayerWeights;
import dev.graft.features.CancelledException;
import dev.graft.spec.EarlyStopping;
import dev.graft.spec.Metric;
import dev.graft.spec.Sweep;
import dev.graft.train.SmallTrial.Heard;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

class TrialTrainerTest {

    /** So small that no weight changes, and every epoch ends alike. */
    private static final Map<String, Object> STILL = Map.of("learning_rate", 1e-30, "optimizer", "sgd");

    private static final Map<String, Object> LIVELY = Map.of("learning_rate", 0.05, "dense_units", 6, "dropout", 0.3);

    private record Run(TrialOutcome outcome, Heard heard) {}

    private static Run train(Sweep sweep, Map<String, Object> parameters, long seed) {
        Heard heard = new Heard();
        return new Run(TrialTrainer.train(SmallTrial.vectors(sweep, parameters, seed), heard), heard);
    }

    private static void assertSame(Run found, Run expected) {
        assertThat(found.heard().losses()).isEqualTo(expected.heard().losses());
        assertThat(found.outcome().probabilities()).isEqualTo(expected.outcome().probabilities());
        assertThat(found.outcome().keptEpoch()).isEqualTo(expected.outcome().keptEpoch());
        assertThat(found.outcome().weights().keySet())
                .isEqualTo(expected.outcome().weights().keySet());
        found.outcome()
                .weights()
                .forEach((key, tensor) -> assertThat(tensor.values())
                        .isEqualTo(expected.outcome().weights().get(key).values()));
    }

    @Nested
    class Learning {

        @ParameterizedTest
        @ValueSource(strings = {"adam", "adamw", "sgd", "rmsprop"})
        void lowersTheLossWithEveryOptimizer(String optimizer) {
            Run run = train(
                    SmallTrial.sweep(8, NEVER, ACCURACY), Map.of("optimizer", optimizer, "learning_rate", 0.02), 1);
            List<Double> losses = run.heard().losses();
            assertThat(losses.get(7)).isLessThan(0.9 * losses.get(0));
            assertThat(run.heard().results.get(7).validation().accuracy()).isGreaterThan(0.5);
        }

        @Test
        void tellsEpochsPhasesAndTimes() {
            Run run = train(SmallTrial.sweep(3, NEVER, ACCURACY), LIVELY, 1);
            assertThat(run.heard().results).extracting(EpochResult::epoch).containsExactly(1, 2, 3);
            assertThat(run.heard().results).extracting(EpochResult::phase).containsOnly(1);
            assertThat(run.outcome().epochs()).isEqualTo(3);
            assertThat(run.outcome().reason()).isEqualTo("ran all 3 epochs");
            assertThat(run.outcome().seconds()).containsOnlyKeys("head", "validation");
        }

        @Test
        void followsTheSchedule() {
            Run run = train(
                    SmallTrial.sweep(4, NEVER, ACCURACY),
                    Map.of("learning_rate", 0.1, "learning_rate_schedule", "cosine"),
                    1);
            assertThat(run.heard().results.get(0).learningRate()).isEqualTo(0.1);
            assertThat(run.heard().results.get(2).learningRate()).isCloseTo(0.05, within(1e-12));
        }

        @Test
        void endsAfterTheEpochWhenCancelled() {
            Heard heard = new Heard();
            heard.cancelAfter = 2;
            assertThatThrownBy(() -> TrialTrainer.train(
                            SmallTrial.vectors(SmallTrial.sweep(5, NEVER, ACCURACY), LIVELY, 1), heard))
                    .isInstanceOf(CancelledException.class);
            assertThat(heard.results).hasSize(2);
        }

        @Test
        void thatDivergesFailsNamingEpochAndStep() {
            assertThatThrownBy(() -> train(
                            SmallTrial.sweep(3, NEVER, ACCURACY),
                            Map.of("learning_rate", 1e30, "dense_units", 4, "activation", "identity"),
                            1))
                    .isInstanceOf(TrainingException.class)
                    .hasMessageMatching("(val_)?loss is (NaN|-?Infinity) at epoch 1(, step \\d)?");
        }
    }

    @Nested
    class Determinism {

        private final Sweep sweep = SmallTrial.sweep(4, NEVER, LOSS);

        @Test
        void sameSeedGivesTheSameBits() {
            assertSame(train(sweep, LIVELY, 7), train(sweep, LIVELY, 7));
        }

        @Test
        void otherTrialsBetweenDoNotMatter() {
            Run first = train(sweep, LIVELY, 7);
            train(sweep, Map.of("dropout", 0.5, "dense_units", 9, "batch_size", 7), 8);
            Nd4j.getRandom().setSeed(99);
            Nd4j.rand(3, 3);
            assertSame(train(sweep, LIVELY, 7), first);
        }

        @Test
        void anotherSeedOrDropoutGivesOtherNumbers() {
            List<Double> losses = train(sweep, LIVELY, 7).heard().losses();
            assertThat(train(sweep, LIVELY, 8).heard().losses()).isNotEqualTo(losses);
            Map<String, Object> dry = Map.of("learning_rate", 0.05, "dense_units", 6, "dropout", 0.0);
            assertThat(train(sweep, dry, 7).heard().losses()).isNotEqualTo(losses);
        }

        @Test
        void dropoutWithoutDenseLayersActsToo() {
            assertThat(train(sweep, Map.of("dropout", 0.5), 7).heard().losses())
                    .isNotEqualTo(
                            train(sweep, Map.of("dropout", 0.0), 7).heard().losses());
        }
    }

    @Nested
    class EarlyStops {

        @ParameterizedTest
        @CsvSource({"val_loss, 1, 2", "val_loss, 3, 4", "val_accuracy, 2, 3", "val_macro_f1, 2, 3"})
        void comeAfterSoManyEpochsWithoutImprovement(String monitor, int patience, int epochs) {
            Run run = train(
                    SmallTrial.sweep(10, new EarlyStopping(true, monitor, patience, 0, true), ACCURACY), STILL, 1);
            assertThat(run.outcome().epochs()).isEqualTo(epochs);
            assertThat(run.outcome().reason())
                    .isEqualTo("stopped early at epoch " + epochs + ", " + monitor + " had not improved for " + patience
                            + (patience == 1 ? " epoch" : " epochs"));
        }

        @Test
        void comeWhereImprovementsAreTooSmall() {
            Run run = train(SmallTrial.sweep(10, new EarlyStopping(true, "val_loss", 2, 1000, true), LOSS), LIVELY, 1);
            assertThat(run.outcome().epochs()).isEqualTo(3);
        }

        @Test
        void doNotComeWhileTheMonitorImproves() {
            Run run = train(
                    SmallTrial.sweep(6, new EarlyStopping(true, "val_loss", 1, 0, true), LOSS),
                    Map.of("learning_rate", 0.001, "optimizer", "sgd"),
                    1);
            assertThat(run.outcome().reason()).isEqualTo("ran all 6 epochs");
        }

        @Test
        void neverComeWhenTurnedOff() {
            assertThat(train(SmallTrial.sweep(6, NEVER, ACCURACY), STILL, 1)
                            .outcome()
                            .epochs())
                    .isEqualTo(6);
        }
    }

    @Nested
    class TheKeptEpoch {

        @Test
        void isTheFirstOfEquals() {
            Run run = train(SmallTrial.sweep(4, NEVER, ACCURACY), STILL, 1);
            assertThat(run.outcome().keptEpoch()).isEqualTo(1);
            assertThat(run.heard().kept).containsExactly(true, false, false, false);
        }

        @Test
        void isTheLastWithoutRestoreBest() {
            EarlyStopping last = new EarlyStopping(false, "val_loss", 1, 0, false);
            Run run = train(SmallTrial.sweep(4, last, ACCURACY), STILL, 1);
            assertThat(run.outcome().keptEpoch()).isEqualTo(4);
            assertThat(run.heard().kept).containsOnly(true);
        }

        @Test
        void isTheBestByTheSweepsMetric() {
            Map<String, Object> restless = Map.of("learning_rate", 0.8, "batch_size", 10);
            for (Metric metric : List.of(ACCURACY, LOSS)) {
                Run run = train(SmallTrial.sweep(12, NEVER, metric), restless, 3);
                Comparator<EpochResult> byMetric = Comparator.comparingDouble(result -> result.metric(metric.name()));
                EpochResult best = metric == ACCURACY
                        ? run.heard().results.stream().max(byMetric).orElseThrow()
                        : run.heard().results.stream().min(byMetric).orElseThrow();
                int first = run.heard().results.stream()
                        .filter(result -> result.metric(metric.name()) == best.metric(metric.name()))
                        .findFirst()
                        .orElseThrow()
                        .epoch();
                assertThat(run.outcome().keptEpoch()).isEqualTo(first);
                assertThat(run.outcome().probabilities())
                        .isEqualTo(run.heard().probabilities.get(first - 1));
            }
        }

        @Test
        void hasWeightsThatGiveItsProbabilities() {
            Map<String, Object> restless = Map.of("learning_rate", 0.8, "batch_size", 10, "dense_units", 5);
            TrialSetup setup = SmallTrial.vectors(SmallTrial.sweep(12, NEVER, LOSS), restless, 3);
            TrialOutcome outcome = TrialTrainer.train(setup, new Heard());
            ComputationGraph graph = Head.network(setup.trial().parameters(), 3, true, new float[0])
                    .graph(
                            Optimizers.settings(setup.trial().parameters(), 0, 1),
                            InputType.feedForward(setup.head().train().shape()[0]));
            LayerWeights.assign(graph, outcome.weights());
            assertThat(new PhaseLoop(graph, setup, setup.head()).predict())
                    .containsExactly(outcome.probabilities(), within(1e-5f));
        }
    }

    @Test
    void anOrderIsAPermutation() {
        int[] order = Draws.shuffled(100, new java.util.SplittableRandom(1));
        assertThat(order).doesNotHaveDuplicates().hasSize(100);
        assertThat(order).contains(0, 99).isNotEqualTo(Draws.shuffled(100, new java.util.SplittableRandom(2)));
    }
}
