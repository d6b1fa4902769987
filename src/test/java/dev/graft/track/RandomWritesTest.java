package dev.graft.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is called in whatever order, and whoever dies meanwhile, what must hold of a record holds. */
class RandomWritesTest {

    private static final int SEQUENCES = Integer.getInteger("graft.test.sequences", 200);
    private static final int CALLS = 40;
    private static final List<String> SWEEPS = List.of("aaaaaaaa", "bbbbbbbb");

    /** All that is recorded of a trial. */
    private static final List<String> ROWS_OF_A_TRIAL = List.of(
            "SELECT * FROM trial WHERE id = '%s'",
            "SELECT * FROM attempt WHERE trial_id = '%s'",
            "SELECT * FROM epoch WHERE trial_id = '%s'",
            "SELECT * FROM metric WHERE trial_id = '%s'",
            "SELECT * FROM epoch_class WHERE trial_id = '%s'",
            "SELECT * FROM summary WHERE trial_id = '%s'",
            "SELECT p.*, i.path FROM prediction p JOIN image i ON i.id = p.image_id WHERE p.trial_id = '%s'");

    @TempDir
    Path directory;

    @Test
    void keepWhatMustHold() throws Exception {
        int done = 0;
        int reopened = 0;
        for (long seed = 1; seed <= SEQUENCES; seed++) {
            Sequence sequence = new Sequence(directory.resolve("seed" + seed), new Random(seed));
            try {
                sequence.run();
            } catch (AssertionError | Exception e) {
                throw new AssertionError("with seed " + seed + " after " + sequence.said, e);
            }
            done += sequence.frozen.size();
            reopened += sequence.reopened;
        }
        // The calls must reach far enough for the invariants to mean something.
        assertThat(done).isGreaterThan(SEQUENCES / 2);
        assertThat(reopened).isGreaterThan(SEQUENCES / 2);
    }

    /** One record and what is done to it. */
    private static final class Sequence {

        private final Path directory;
        private final Random random;
        private final List<String> said = new ArrayList<>();
        private final Map<String, String> frozen = new LinkedHashMap<>();
        private final Map<String, Integer> attempts = new LinkedHashMap<>();
        private Instant now = Instant.parse("2026-01-02T03:04:05Z");
        private TrackWriter writer;
        private int reopened;

        Sequence(Path directory, Random random) {
            this.directory = directory;
            this.random = random;
            this.writer = Tracking.open(directory, () -> now);
        }

        void run() throws Exception {
            try (Sql sql = newSql();
                    TrackReader reader = Tracking.openReadOnly(directory)) {
                for (int call = 0; call < CALLS; call++) {
                    now = now.plusMillis(random.nextInt(2000));
                    try {
                        call(reader);
                    } catch (StoreException refused) {
                        assertThat(refused.getCause())
                                .as("refused by the writer, not by SQLite")
                                .isNull();
                        said.add("  refused: " + refused.getMessage());
                    }
                    check(reader, sql);
                }
                assertThat(sql.text("PRAGMA integrity_check")).isEqualTo("ok");
                assertThat(sql.text("PRAGMA foreign_key_check")).isEmpty();
            } finally {
                writer.close();
            }
            assertThat(Tracking.check(directory)).isEmpty();
        }

        private Sql newSql() throws Exception {
            return new Sql(directory);
        }

        private <T> T any(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        private void call(TrackReader reader) {
            String sweep = any(SWEEPS);
            if (reader.sweeps().isEmpty()) {
                said.add("create " + sweep);
                writer.createSweep(Records.sweep(sweep), Records.trials(sweep, 4));
            }
            List<TrialRecord> trials = reader.trials(sweep);
            // Mostly one that runs or waits, so that the calls get somewhere.
            List<TrialRecord> open =
                    trials.stream().filter(trial -> trial.state().isOpen()).toList();
            List<TrialRecord> running = open.stream()
                    .filter(trial -> trial.state() == TrialState.RUNNING)
                    .toList();
            List<TrialRecord> likely = random.nextInt(4) == 0 ? trials : running.isEmpty() ? open : running;
            String trial = likely.isEmpty() ? sweep + "-1" : any(likely).id();
            switch (random.nextInt(18)) {
                case 0 -> {
                    said.add("create " + sweep);
                    if (trials.isEmpty()) {
                        writer.createSweep(Records.sweep(sweep), Records.trials(sweep, 1 + random.nextInt(5)));
                    }
                }
                case 1, 2, 3, 4 -> {
                    said.add("start " + trial);
                    writer.startTrial(trial, "f", random.nextBoolean(), "worker");
                }
                case 5, 6 -> {
                    int epoch = 1 + random.nextInt(9);
                    said.add("epoch " + epoch + " of " + trial);
                    writer.addEpoch(trial, Records.epoch(epoch, random.nextDouble(), random.nextDouble()));
                }
                case 7 -> {
                    said.add("predictions of " + trial);
                    writer.putPredictions(
                            trial, 1, List.of(new Prediction(random.nextInt(3) + ".png", 0, 1, 0.75, 0.25)));
                }
                case 8 -> {
                    AttemptState state =
                            any(List.of(AttemptState.FAILED, AttemptState.CRASHED, AttemptState.CANCELLED));
                    said.add("end attempt " + trial + " " + state);
                    writer.endAttempt(trial, state, "killed", "log", random.nextBoolean());
                }
                case 9, 10, 11 -> {
                    TrialState state = any(List.of(
                            TrialState.FINISHED,
                            TrialState.FINISHED,
                            TrialState.PRUNED,
                            TrialState.FAILED,
                            TrialState.CRASHED,
                            TrialState.CANCELLED));
                    said.add("end " + trial + " " + state);
                    writer.endTrial(trial, state, "ended", Map.of("total", 1.0), "log");
                }
                case 12 -> {
                    Optional<TrialRecord> source = SWEEPS.stream()
                            .flatMap(id -> reader.trials(id).stream())
                            .filter(candidate -> candidate.state() == TrialState.FINISHED)
                            .findFirst();
                    said.add("repeat " + source.map(TrialRecord::id) + " as " + trial);
                    source.ifPresent(found -> writer.repeatTrial(trial, found.id(), "f", "same"));
                }
                case 13 -> {
                    said.add("end sweep " + sweep);
                    writer.endSweep(sweep, SweepState.CANCELLED, "stopped");
                }
                case 14 -> {
                    said.add("die");
                    writer.close();
                    writer = Tracking.open(directory, () -> now);
                    if (random.nextBoolean()) {
                        said.add("sweep up " + writer.sweepUp());
                    }
                }
                case 15, 16 -> {
                    boolean failed = random.nextBoolean();
                    said.add("reopen " + sweep + (failed ? " with failed ones" : ""));
                    reopened += Math.min(1, writer.reopenSweep(sweep, failed));
                }
                default -> {
                    int from = trials.size() + (random.nextInt(9) == 0 ? 2 : 1);
                    said.add("extend " + sweep + " from " + from);
                    List<TrialRecord> more = random.nextInt(4) == 0 ? List.of() : List.of(Records.trial(sweep, from));
                    writer.extendSweep(sweep, "more.yaml", "seed: " + random.nextInt(3), more);
                }
            }
        }

        private void check(TrackReader reader, Sql sql) throws Exception {
            for (SweepRecord sweep : reader.sweeps()) {
                boolean ended = sweep.state() != SweepState.RUNNING;
                assertThat(sweep.endedAt().isPresent()).isEqualTo(ended);
                Map<String, List<EpochRecord>> epochs = reader.epochsOfSweep(sweep.id());
                int number = 0;
                for (TrialRecord trial : reader.trials(sweep.id())) {
                    assertThat(trial.number()).isEqualTo(++number);
                    assertThat(ended && trial.state().isOpen())
                            .as("%s is open in an ended sweep", trial.id())
                            .isFalse();
                    checkTrial(trial, reader.attempts(trial.id()), epochs.get(trial.id()));
                    checkFrozen(trial, sql);
                }
            }
        }

        private void checkTrial(TrialRecord trial, List<AttemptRecord> all, List<EpochRecord> epochs) {
            for (int i = 0; i < all.size(); i++) {
                AttemptRecord attempt = all.get(i);
                assertThat(attempt.attempt()).isEqualTo(i + 1);
                boolean running = attempt.state() == AttemptState.RUNNING;
                assertThat(attempt.endedAt().isEmpty()).isEqualTo(running);
                assertThat(running)
                        .as("attempt %s of %s runs", attempt.attempt(), trial.id())
                        .isEqualTo(trial.state() == TrialState.RUNNING && i == all.size() - 1);
            }
            assertThat(trial.attempts()).isEqualTo(all.size());
            assertThat(all.size()).isGreaterThanOrEqualTo(attempts.getOrDefault(trial.id(), 0));
            attempts.put(trial.id(), all.size());
            assertThat(epochs).hasSize(trial.epochs());
            assertThat(trial.last().map(TrialRecord.Epoch::epoch))
                    .isEqualTo(
                            epochs.isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(epochs.get(epochs.size() - 1).epoch()));
            assertThat(trial.endedAt().isEmpty()).isEqualTo(trial.state().isOpen());
            if (trial.state() == TrialState.WAITING) {
                assertThat(epochs).isEmpty();
                assertThat(trial.startedAt()).isEmpty();
                assertThat(trial.keptEpoch()).isZero();
            }
            if (trial.state() == TrialState.FINISHED) {
                assertThat(all.get(all.size() - 1).state()).isEqualTo(AttemptState.FINISHED);
            }
        }

        private void checkFrozen(TrialRecord trial, Sql sql) throws Exception {
            String before = frozen.get(trial.id());
            boolean done = trial.state() == TrialState.FINISHED || trial.state() == TrialState.PRUNED;
            assertThat(done || before == null).as("%s was done", trial.id()).isTrue();
            if (done) {
                StringBuilder rows = new StringBuilder();
                for (String query : ROWS_OF_A_TRIAL) {
                    rows.append(sql.text(String.format(Locale.ROOT, query, trial.id())))
                            .append('\n');
                }
                if (before == null) {
                    frozen.put(trial.id(), rows.toString());
                } else {
                    assertThat(rows.toString()).isEqualTo(before);
                }
            }
        }
    }
}
