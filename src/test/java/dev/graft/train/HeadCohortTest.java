package dev.graft.train;

import static dev.graft.train.SmallTrial.ACCURACY;
import static dev.graft.train.SmallTrial.LOSS;
import static dev.graft.train.SmallTrial.NEVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.features.CancelledException;
import dev.graft.spec.EarlyStopping;
import dev.graft.spec.Sweep;
import dev.graft.train.SmallTrial.Heard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadCohortTest {

    private static final EarlyStopping PATIENT = new EarlyStopping(true, "val_loss", 2, 0.001, true);

    /** What one trial of a cohort came to. */
    private static final class Result implements HeadCohort.Ending {

        final Heard heard = new Heard();
        TrialOutcome outcome;
        RuntimeException failure;

        @Override
        public void finished(TrialOutcome finished) {
            outcome = finished;
        }

        @Override
        public void failed(RuntimeException thrown) {
            failure = thrown;
        }
    }

    private static List<Result> together(List<TrialSetup> setups, int threads) {
        List<Result> results = new ArrayList<>();
        List<HeadCohort.Entry> entries = new ArrayList<>();
        for (TrialSetup setup : setups) {
            Result result = new Result();
            results.add(result);
            entries.add(new HeadCohort.Entry(setup, result.heard, result));
        }
        HeadCohort.train(entries, threads);
        return results;
    }

    private static List<TrialSetup> setups(Sweep sweep, List<Map<String, Object>> trials, List<Long> seeds) {
        List<TrialSetup> setups = new ArrayList<>();
        for (int i = 0; i < trials.size(); i++) {
            setups.add(SmallTrial.vectors(sweep, trials.get(i), seeds.get(i)));
        }
        return setups;
    }

    private static void assertEqualsStandAlone(TrialSetup setup, Result found) {
        Heard heard = new Heard();
        TrialOutcome alone;
        try {
            alone = TrialTrainer.standAlone(setup, heard);
        } catch (TrainingException e) {
            assertThat(found.failure).isInstanceOf(TrainingException.class);
            return;
        }
        assertThat(found.failure).isNull();
        assertThat(found.outcome.epochs()).isEqualTo(alone.epochs());
        assertThat(found.outcome.reason()).isEqualTo(alone.reason());
        assertThat(found.outcome.keptEpoch()).isEqualTo(alone.keptEpoch());
        assertThat(found.heard.kept).isEqualTo(heard.kept);
        for (int i = 0; i < heard.results.size(); i++) {
            EpochResult mine = found.heard.results.get(i);
            EpochResult theirs = heard.results.get(i);
            assertThat(mine.epoch()).isEqualTo(theirs.epoch());
            assertThat(mine.learningRate()).isEqualTo(theirs.learningRate());
            assertThat(mine.loss()).isCloseTo(theirs.loss(), within(1e-4));
            for (String metric : List.of("val_loss", "val_accuracy", "val_macro_f1")) {
                assertThat(mine.metric(metric))
                        .as("%s of epoch %d, %s", metric, i + 1, setup.trial().assignment())
                        .isCloseTo(theirs.metric(metric), within(1e-4));
            }
        }
        assertThat(found.outcome.weights().keySet()).isEqualTo(alone.weights().keySet());
        alone.weights().forEach((key, tensor) -> {
            assertThat(found.outcome.weights().get(key).shape()).isEqualTo(tensor.shape());
            assertThat(found.outcome.weights().get(key).values()).containsExactly(tensor.values(), within(1e-3f));
        });
    }

    /** Draws a sweep and trials of one structure. */
    private static List<TrialSetup> random(long seed) {
        Random random = new Random(seed);
        EarlyStopping stopping = random.nextInt(4) == 0
                ? NEVER
                : new EarlyStopping(
                        true,
                        pick(random, "val_loss", "val_accuracy", "val_macro_f1"),
                        1 + random.nextInt(3),
                        pick(random, 0.0, 0.001, 0.01),
                        random.nextBoolean());
        Sweep sweep = SmallTrial.sweep(1 + random.nextInt(8), stopping, random.nextBoolean() ? ACCURACY : LOSS);
        Map<String, Object> structure = new LinkedHashMap<>();
        structure.put("batch_size", pick(random, 7, 16, 32, 60, 100));
        structure.put("dense_units", pick(random, List.of(), List.of(5), List.of(16), List.of(9, 4), List.of(6, 5, 4)));
        structure.put("activation", pick(random, "relu", "gelu", "tanh", "elu", "swish", "identity"));
        structure.put("class_weights", pick(random, "none", "balanced"));
        boolean dry = random.nextBoolean();
        List<TrialSetup> setups = new ArrayList<>();
        int trials = 1 + random.nextInt(6);
        for (int i = 0; i < trials; i++) {
            Map<String, Object> parameters = new LinkedHashMap<>(structure);
            parameters.put("learning_rate", Math.pow(10, -3 + 2 * random.nextDouble()));
            parameters.put("dropout", dry ? 0.0 : 0.1 + 0.6 * random.nextDouble());
            parameters.put("optimizer", pick(random, "adam", "adamw", "sgd", "rmsprop"));
            if (random.nextBoolean()) {
                parameters.put("weight_decay", pick(random, 0.0, 0.001, 0.05));
            }
            if (random.nextBoolean()
                    && !String.valueOf(parameters.get("optimizer")).startsWith("adam")) {
                parameters.put("momentum", pick(random, 0.0, 0.5, 0.9));
            }
            parameters.put("learning_rate_schedule", pick(random, "constant", "step", "cosine"));
            parameters.put("step_every", 2);
            setups.add(SmallTrial.vectors(sweep, parameters, 1 + random.nextInt(3)));
        }
        return setups;
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... from) {
        return from[random.nextInt(from.length)];
    }

    @Nested
    class EqualsStandAloneTraining {

        /** More of them: {@code -Dgraft.cohorts=200}. */
        @Test
        void inRandomConfigurations() {
            int cohorts = Integer.getInteger("graft.cohorts", 40);
            long first = Long.getLong("graft.cohorts.seed", 0);
            for (long seed = first; seed < first + cohorts; seed++) {
                List<TrialSetup> setups = random(seed);
                List<Result> results = together(setups, 1 + (int) (seed % 3));
                for (int i = 0; i < setups.size(); i++) {
                    assertEqualsStandAlone(setups.get(i), results.get(i));
                }
            }
        }
    }

    @Nested
    class Members {

        private final Sweep sweep = SmallTrial.sweep(6, PATIENT, ACCURACY);

        @Test
        void doNotTouchEachOther() {
            List<Map<String, Object>> trials = List.of(
                    Map.of("learning_rate", 0.05, "dense_units", 6, "dropout", 0.3),
                    Map.of("learning_rate", 0.001, "dense_units", 6, "dropout", 0.0),
                    Map.of("learning_rate", 0.5, "dense_units", 6, "optimizer", "sgd"));
            List<Result> all = together(setups(sweep, trials, List.of(1L, 2L, 1L)), 1);
            for (int i = 0; i < trials.size(); i++) {
                Result alone = together(setups(sweep, List.of(trials.get(i)), List.of(i == 1 ? 2L : 1L)), 1)
                        .get(0);
                assertThat(all.get(i).outcome.reason()).isEqualTo(alone.outcome.reason());
                assertThat(all.get(i).heard.losses()).isEqualTo(alone.heard.losses());
                assertThat(all.get(i).outcome.probabilities()).isEqualTo(alone.outcome.probabilities());
            }
        }

        /** Wide enough for the matrix products to take another way when there is more to multiply. */
        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void doNotTouchEachOtherWhenWide(int threads) {
            List<Map<String, Object>> trials = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                trials.add(Map.of("learning_rate", 0.001 * (1 + i), "dense_units", 128, "dropout", 0.1 * i));
            }
            List<Result> all = together(setups(sweep, trials, List.of(1L, 1L, 2L, 2L, 3L, 3L, 4L)), threads);
            Result alone = together(setups(sweep, trials.subList(4, 5), List.of(3L)), 2)
                    .get(0);
            assertThat(all.get(4).heard.losses()).isEqualTo(alone.heard.losses());
        }

        @Test
        void thatDivergeFailAloneNamingEpochAndStep() {
            List<Result> results = together(
                    setups(
                            sweep,
                            List.of(
                                    Map.of("learning_rate", 0.01, "dense_units", 4, "activation", "identity"),
                                    Map.of("learning_rate", 1e30, "dense_units", 4, "activation", "identity")),
                            List.of(1L, 1L)),
                    1);
            assertThat(results.get(0).failure).isNull();
            assertThat(results.get(1).failure)
                    .isInstanceOf(TrainingException.class)
                    .hasMessageMatching("(val_)?loss is (NaN|-?Infinity) at epoch 1(, step \\d)?");
            assertEqualsStandAlone(
                    SmallTrial.vectors(
                            sweep, Map.of("learning_rate", 0.01, "dense_units", 4, "activation", "identity"), 1),
                    results.get(0));
        }

        @Test
        void endAfterTheEpochWhenCancelled() {
            Result cancelled = new Result();
            cancelled.heard.cancelAfter = 2;
            Result other = new Result();
            TrialSetup setup = SmallTrial.vectors(SmallTrial.sweep(4, NEVER, ACCURACY), Map.of("dense_units", 3), 1);
            HeadCohort.train(
                    List.of(
                            new HeadCohort.Entry(setup, cancelled.heard, cancelled),
                            new HeadCohort.Entry(setup, other.heard, other)),
                    1);
            assertThat(cancelled.failure).isInstanceOf(CancelledException.class);
            assertThat(cancelled.heard.results).hasSize(2);
            assertThat(other.outcome.epochs()).isEqualTo(4);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        void giveTheSameNumbersInEveryRun(int threads) {
            List<Map<String, Object>> trials = List.of(
                    Map.of("learning_rate", 0.05, "dense_units", 6, "dropout", 0.3),
                    Map.of("learning_rate", 0.02, "dense_units", 6, "dropout", 0.6),
                    Map.of("learning_rate", 0.01, "dense_units", 6, "dropout", 0.1));
            List<Result> first = together(setups(sweep, trials, List.of(1L, 1L, 2L)), threads);
            List<Result> second = together(setups(sweep, trials, List.of(1L, 1L, 2L)), threads);
            for (int i = 0; i < trials.size(); i++) {
                assertThat(second.get(i).heard.losses())
                        .isEqualTo(first.get(i).heard.losses());
            }
        }
    }
}
