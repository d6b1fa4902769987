package dev.graft.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Attempts at trials, and sweeps that go on after they ended. */
class AttemptsTest {

    private static final String SWEEP = "aaaaaaaa";
    private static final String FIRST = SWEEP + "-1";

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-01-02T03:04:06Z");
    private TrackWriter writer;
    private TrackReader reader;

    @BeforeEach
    void open() {
        writer = Tracking.open(directory, () -> now);
        reader = Tracking.openReadOnly(directory);
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
    }

    private void begin(int trials) {
        writer.createSweep(Records.sweep(SWEEP), Records.trials(SWEEP, trials));
    }

    /** Leaves the sweep to a new writer, as a killed controller does. */
    private void die() {
        writer.close();
        writer = Tracking.open(directory, () -> now);
    }

    private TrialRecord trial(int number) {
        return reader.trial(SWEEP + "-" + number).orElseThrow();
    }

    private List<TrialState> states() {
        return reader.trials(SWEEP).stream().map(TrialRecord::state).toList();
    }

    private AttemptRecord last(int number) {
        List<AttemptRecord> attempts = reader.attempts(SWEEP + "-" + number);
        return attempts.get(attempts.size() - 1);
    }

    private void run(int number, TrialState end) {
        writer.startTrial(SWEEP + "-" + number, "f1", false, "");
        writer.addEpoch(SWEEP + "-" + number, Records.epoch(1, 0.5, 0.5));
        writer.endTrial(SWEEP + "-" + number, end, "because", Map.of("total", 1.0), "");
    }

    @Nested
    class Attempts {

        @Test
        void areThereFromTheirBeginning() {
            begin(1);
            assertThat(reader.attempts(FIRST)).isEmpty();
            assertThat(reader.attempts("nowhere-1")).isEmpty();
            writer.startTrial(FIRST, "f1", false, "worker 1, process 4711");
            assertThat(reader.attempts(FIRST))
                    .containsExactly(new AttemptRecord(
                            FIRST,
                            1,
                            AttemptState.RUNNING,
                            "",
                            "",
                            "worker 1, process 4711",
                            false,
                            now,
                            Optional.empty()));
        }

        @ParameterizedTest
        @EnumSource(
                value = AttemptState.class,
                names = {"FAILED", "CRASHED", "CANCELLED"})
        void thatEndLetTheTrialWaitWithoutAResult(AttemptState state) throws Exception {
            begin(1);
            TrialRecord fresh = trial(1);
            Instant started = now;
            writer.startTrial(FIRST, "f1", true, "w");
            writer.addEpoch(FIRST, Records.epoch(1, 0.5, 0.5));
            writer.putPredictions(FIRST, 1, List.of(new Prediction("a.png", 0, 0, 1, 1)));
            now = now.plusSeconds(3);
            writer.endAttempt(FIRST, state, "killed by signal 11", "the last\nlines", true);
            TrialRecord waiting = trial(1);
            assertThat(waiting.state()).isEqualTo(TrialState.WAITING);
            assertThat(waiting.attempts()).isEqualTo(1);
            assertThat(waiting.epochs()).isZero();
            assertThat(waiting.keptEpoch()).isZero();
            assertThat(waiting.best()).isEmpty();
            assertThat(waiting.last()).isEmpty();
            assertThat(waiting.startedAt()).isEmpty();
            assertThat(waiting.endedAt()).isEmpty();
            assertThat(waiting.reason()).isEmpty();
            assertThat(waiting.seconds()).isEmpty();
            assertThat(waiting.parameters()).isEqualTo(fresh.parameters());
            assertThat(reader.epochs(FIRST)).isEmpty();
            assertThat(reader.epochsOfSweep(SWEEP)).isEqualTo(Map.of(FIRST, List.of()));
            assertThat(reader.predictions(FIRST)).isEmpty();
            assertThat(reader.attempts(FIRST))
                    .containsExactly(new AttemptRecord(
                            FIRST,
                            1,
                            state,
                            "killed by signal 11",
                            "the last\nlines",
                            "w",
                            true,
                            started,
                            Optional.of(now)));
            try (Sql sql = new Sql(directory)) {
                assertThat(sql.text("SELECT trial_id, attempt, epoch FROM epoch"))
                        .isEqualTo(FIRST + "|1|1");
                assertThat(sql.text("SELECT * FROM curves")).isEmpty();
            }
        }

        @Test
        void areCountedOn() {
            begin(1);
            for (int attempt = 1; attempt <= 3; attempt++) {
                writer.startTrial(FIRST, "f1", false, "w" + attempt);
                writer.addEpoch(FIRST, Records.epoch(1, 0.5, attempt / 4.0));
                if (attempt < 3) {
                    writer.endAttempt(FIRST, AttemptState.CRASHED, "", "", attempt == 1);
                }
            }
            writer.endTrial(FIRST, TrialState.FINISHED, "all epochs", Map.of(), "");
            assertThat(reader.attempts(FIRST))
                    .extracting(AttemptRecord::attempt, AttemptRecord::state, AttemptRecord::counts)
                    .containsExactly(
                            tuple(1, AttemptState.CRASHED, true),
                            tuple(2, AttemptState.CRASHED, false),
                            tuple(3, AttemptState.FINISHED, false));
            assertThat(reader.epochs(FIRST)).containsExactly(Records.epoch(1, 0.5, 0.75));
        }

        @Test
        void thatStillRunWhenTheNextBeginsAreCrashed() {
            begin(1);
            writer.startTrial(FIRST, "f1", false, "");
            writer.startTrial(FIRST, "f1", false, "");
            assertThat(reader.attempts(FIRST))
                    .extracting(AttemptRecord::state)
                    .containsExactly(AttemptState.CRASHED, AttemptState.RUNNING);
            assertThat(reader.attempts(FIRST).get(0).endedAt()).contains(now);
        }

        @ParameterizedTest
        @CsvSource({"FINISHED, false", "PRUNED, false", "CANCELLED, false", "FAILED, true", "CRASHED, true"})
        void endWithTheirTrial(TrialState state, boolean counts) {
            begin(1);
            writer.startTrial(FIRST, "f1", false, "");
            writer.endTrial(FIRST, state, "because", Map.of(), "its log");
            AttemptRecord attempt = last(1);
            assertThat(attempt.state().name()).isEqualTo(state.name());
            assertThat(attempt.state().word()).isEqualTo(state.word());
            assertThat(attempt.reason()).isEqualTo("because");
            assertThat(attempt.log()).isEqualTo("its log");
            assertThat(attempt.counts()).isEqualTo(counts);
            assertThat(attempt.endedAt()).contains(now);
        }

        @Test
        void areNotMadeByTheEndOfATrialThatWaits() {
            begin(3);
            writer.startTrial(FIRST, "f1", false, "");
            writer.endAttempt(FIRST, AttemptState.CRASHED, "killed", "", true);
            writer.endTrial(FIRST, TrialState.CRASHED, "3 workers died", Map.of(), "");
            writer.endTrial(SWEEP + "-2", TrialState.CANCELLED, "too many failed", Map.of(), "");
            assertThat(reader.attempts(FIRST)).extracting(AttemptRecord::reason).containsExactly("killed");
            assertThat(trial(1).reason()).isEqualTo("3 workers died");
            assertThat(reader.attempts(SWEEP + "-2")).isEmpty();
            assertThatThrownBy(() -> writer.endTrial(SWEEP + "-3", TrialState.FINISHED, "", Map.of(), ""))
                    .hasMessage("trial aaaaaaaa-3 has not begun");
        }

        @Test
        void thatAreNoneAreNotEnded() {
            begin(1);
            assertThatThrownBy(() -> writer.endAttempt(FIRST, AttemptState.CRASHED, "", "", true))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("trial aaaaaaaa-1 has not begun");
            writer.startTrial(FIRST, "f1", false, "");
            assertThatThrownBy(() -> writer.endAttempt(FIRST, AttemptState.FINISHED, "", "", true))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void ofEarlierTimesDoNotKeepATrialFromTakingOverAResult() {
            begin(2);
            run(1, TrialState.FINISHED);
            writer.startTrial(SWEEP + "-2", "f1", false, "");
            writer.addEpoch(SWEEP + "-2", Records.epoch(1, 9, 0.1));
            writer.endAttempt(SWEEP + "-2", AttemptState.CRASHED, "killed", "", true);
            writer.repeatTrial(SWEEP + "-2", FIRST, "f1", "same as trial 1");
            assertThat(trial(2).state()).isEqualTo(TrialState.FINISHED);
            assertThat(trial(2).attempts()).isEqualTo(2);
            assertThat(reader.epochs(SWEEP + "-2")).isEqualTo(reader.epochs(FIRST));
            assertThat(last(2).state()).isEqualTo(AttemptState.FINISHED);
            assertThat(last(2).reason()).isEqualTo("same as trial 1");
        }
    }

    @Nested
    class EndedSweeps {

        @Test
        void cancelWhatIsOpenAndChargeNothing() {
            begin(2);
            writer.startTrial(FIRST, "f1", false, "");
            writer.endSweep(SWEEP, SweepState.CANCELLED, "stopped by the user");
            assertThat(last(1).state()).isEqualTo(AttemptState.CANCELLED);
            assertThat(last(1).reason()).isEqualTo("stopped by the user");
            assertThat(last(1).counts()).isFalse();
            assertThat(last(1).endedAt()).contains(now);
            assertThat(reader.attempts(SWEEP + "-2")).isEmpty();
        }

        @Test
        void ofADeadControllerAreToldFromThoseThatHadNotBegun() {
            begin(3);
            writer.startTrial(FIRST, "f1", false, "");
            writer.startTrial(SWEEP + "-2", "f1", false, "");
            writer.endAttempt(SWEEP + "-2", AttemptState.CRASHED, "killed", "", true);
            die();
            assertThat(writer.sweepUp()).containsExactly(SWEEP);
            assertThat(states()).containsExactly(TrialState.CRASHED, TrialState.CANCELLED, TrialState.CANCELLED);
            assertThat(trial(1).reason()).isEqualTo("the sweep's controller died");
            assertThat(trial(3).reason()).isEqualTo("the sweep's controller died before it began");
            assertThat(last(1).state()).isEqualTo(AttemptState.CRASHED);
            assertThat(last(1).counts()).isFalse();
            assertThat(last(2).reason()).isEqualTo("killed");
            assertThat(last(2).counts()).isTrue();
        }
    }

    @Nested
    class ReopenedSweeps {

        /** One trial of each end, and one whose controller died. */
        private void endAll() {
            begin(7);
            run(1, TrialState.FINISHED);
            run(2, TrialState.PRUNED);
            run(3, TrialState.FAILED);
            run(4, TrialState.CRASHED);
            run(5, TrialState.CANCELLED);
            writer.startTrial(SWEEP + "-6", "f1", false, "");
            writer.addEpoch(SWEEP + "-6", Records.epoch(1, 0.5, 0.5));
            die();
            writer.sweepUp();
        }

        @Test
        void goOnWithWhatWasInterrupted() {
            endAll();
            List<TrialRecord> before = reader.trials(SWEEP);
            assertThat(writer.reopenSweep(SWEEP, false)).isEqualTo(3);
            SweepRecord sweep = reader.sweep(SWEEP);
            assertThat(sweep.state()).isEqualTo(SweepState.RUNNING);
            assertThat(sweep.reason()).isEmpty();
            assertThat(sweep.endedAt()).isEmpty();
            assertThat(states())
                    .containsExactly(
                            TrialState.FINISHED,
                            TrialState.PRUNED,
                            TrialState.FAILED,
                            TrialState.CRASHED,
                            TrialState.WAITING,
                            TrialState.WAITING,
                            TrialState.WAITING);
            assertThat(reader.trials(SWEEP).subList(0, 4)).isEqualTo(before.subList(0, 4));
            assertThat(trial(6).epochs()).isZero();
            assertThat(trial(6).attempts()).isEqualTo(1);
            assertThat(reader.epochs(SWEEP + "-6")).isEmpty();
            assertThat(writer.sweepUp()).as("it is this writer's own").isEmpty();
            run(6, TrialState.FINISHED);
            assertThat(trial(6).attempts()).isEqualTo(2);
        }

        @Test
        void goOnWithFailedOnesWhenAskedAndGiveThemAllAttemptsAgain() {
            endAll();
            assertThat(writer.reopenSweep(SWEEP, true)).isEqualTo(5);
            assertThat(states().subList(0, 2)).containsExactly(TrialState.FINISHED, TrialState.PRUNED);
            assertThat(states().subList(2, 7)).containsOnly(TrialState.WAITING);
            assertThat(last(3).counts()).isFalse();
            assertThat(last(3).state()).isEqualTo(AttemptState.FAILED);
            assertThat(last(4).counts()).isFalse();
            assertThat(trial(3).reason()).isEmpty();
            assertThat(trial(3).seconds()).isEmpty();
        }

        @Test
        void keepWhatWaitingTrialsWereCharged() {
            begin(1);
            writer.startTrial(FIRST, "f1", false, "");
            writer.endAttempt(FIRST, AttemptState.CRASHED, "killed", "", true);
            writer.endSweep(SWEEP, SweepState.CANCELLED, "stopped by the user");
            assertThat(writer.reopenSweep(SWEEP, true)).isEqualTo(1);
            assertThat(last(1).counts()).isTrue();
        }

        @Test
        void leaveACrashedTrialThatNeverBeganToThoseWhoAskForFailedOnes() {
            begin(1);
            writer.endTrial(FIRST, TrialState.CRASHED, "no features", Map.of(), "");
            writer.endSweep(SWEEP, SweepState.FINISHED, "");
            assertThat(writer.reopenSweep(SWEEP, false)).isZero();
            assertThat(writer.reopenSweep(SWEEP, true)).isEqualTo(1);
        }

        @Test
        void stayAsTheyAreWithNothingToRun() {
            begin(2);
            run(1, TrialState.FINISHED);
            run(2, TrialState.FAILED);
            writer.endSweep(SWEEP, SweepState.FINISHED, "done");
            SweepRecord sweep = reader.sweep(SWEEP);
            long version = reader.version();
            assertThat(writer.reopenSweep(SWEEP, false)).isZero();
            assertThat(reader.sweep(SWEEP)).isEqualTo(sweep);
            assertThat(reader.version()).isEqualTo(version);
        }

        @Test
        void haveEnded() {
            begin(1);
            assertThatThrownBy(() -> writer.reopenSweep(SWEEP, false))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("sweep aaaaaaaa has not ended, so it cannot be reopened");
            assertThatThrownBy(() -> writer.reopenSweep("nowheree", false))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("there is no sweep nowheree");
        }
    }

    @Nested
    class ExtendedSweeps {

        private List<TrialRecord> more(int... numbers) {
            List<TrialRecord> trials = new ArrayList<>();
            for (int number : numbers) {
                trials.add(Records.trial(SWEEP, number));
            }
            return trials;
        }

        @Test
        void keepEveryFileTheyHad() throws Exception {
            begin(1);
            String first = reader.sweep(SWEEP).fileText();
            writer.extendSweep(SWEEP, "b.yaml", "second", more(2));
            now = now.plusSeconds(1);
            writer.extendSweep(SWEEP, "b.yaml", "third", more(3));
            writer.extendSweep(SWEEP, "b.yaml", "third", more(4));
            assertThat(reader.sweep(SWEEP).fileText()).isEqualTo("third");
            assertThat(reader.sweep(SWEEP).fileName()).isEqualTo("b.yaml");
            assertThat(reader.trials(SWEEP)).isEqualTo(Records.trials(SWEEP, 4));
            try (Sql sql = new Sql(directory)) {
                assertThat(sql.text("SELECT version, file_name, file_text, replaced_at FROM sweep_file_version"))
                        .isEqualTo("1|sweeps/clothing.yaml|" + first + "|2026-01-02T03:04:06.000Z\n"
                                + "2|b.yaml|second|2026-01-02T03:04:07.000Z");
            }
        }

        @Test
        void runAgainAfterTheyEndedIfThereIsSomethingToRun() {
            begin(1);
            run(1, TrialState.FINISHED);
            TrialRecord finished = trial(1);
            writer.endSweep(SWEEP, SweepState.FINISHED, "");
            die();
            writer.extendSweep(SWEEP, "b.yaml", "second", List.of());
            assertThat(reader.sweep(SWEEP).state()).isEqualTo(SweepState.FINISHED);
            writer.extendSweep(SWEEP, "c.yaml", "third", more(2));
            assertThat(reader.sweep(SWEEP).state()).isEqualTo(SweepState.RUNNING);
            assertThat(reader.sweep(SWEEP).endedAt()).isEmpty();
            assertThat(states()).containsExactly(TrialState.FINISHED, TrialState.WAITING);
            assertThat(trial(1)).isEqualTo(finished);
            assertThat(writer.sweepUp()).isEmpty();
        }

        @Test
        void mayBeReopenedFirst() {
            begin(1);
            writer.endSweep(SWEEP, SweepState.CANCELLED, "stopped by the user");
            assertThat(writer.reopenSweep(SWEEP, false)).isEqualTo(1);
            writer.extendSweep(SWEEP, "b.yaml", "second", more(2));
            assertThat(states()).containsExactly(TrialState.WAITING, TrialState.WAITING);
        }

        @Test
        void numberOnAndChangeNothingOtherwise() {
            begin(2);
            SweepRecord before = reader.sweep(SWEEP);
            assertThatThrownBy(() -> writer.extendSweep(SWEEP, "b.yaml", "second", more(3, 5)))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the next trial of sweep aaaaaaaa must have the number 4, but was 5");
            assertThat(reader.trials(SWEEP)).hasSize(2);
            assertThat(reader.sweep(SWEEP)).isEqualTo(before);
        }

        @Test
        void areNotAnothersThatMayStillRun() {
            begin(1);
            die();
            assertThatThrownBy(() -> writer.extendSweep(SWEEP, "b.yaml", "second", more(2)))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("sweep aaaaaaaa is another controller's and has not ended");
        }
    }
}
