package dev.graft.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveReaderTest {

    private static final String SWEEP = "aaaaaaaa";

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-01-02T03:04:06Z");
    private TrackWriter writer;
    private TrackReader reader;

    @BeforeEach
    void begin() {
        writer = Tracking.open(directory, () -> now);
        writer.createSweep(Records.sweep(SWEEP), Records.trials(SWEEP, 3));
        writer.startTrial(SWEEP + "-1", "f1", false, "");
        writer.endTrial(SWEEP + "-1", TrialState.FINISHED, "", Map.of(), "");
        writer.startTrial(SWEEP + "-2", "f1", false, "");
        reader = Tracking.openAsItStands(directory, () -> now);
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
    }

    private void pass(long milliseconds) {
        now = now.plusMillis(milliseconds);
    }

    @Nested
    class ARunningSweep {

        @Test
        void isShownAsRecordedWhileItsControllerLives() {
            try (TrackReader recorded = Tracking.openReadOnly(directory)) {
                assertThat(reader.sweeps()).isEqualTo(recorded.sweeps());
                assertThat(reader.sweep("latest")).isEqualTo(recorded.sweep("latest"));
                assertThat(reader.trials(SWEEP)).isEqualTo(recorded.trials(SWEEP));
                assertThat(reader.trial(SWEEP + "-2")).isEqualTo(recorded.trial(SWEEP + "-2"));
                assertThat(reader.attempts(SWEEP + "-2")).isEqualTo(recorded.attempts(SWEEP + "-2"));
            }
            assertThat(reader.sweep(SWEEP).state()).isEqualTo(SweepState.RUNNING);
        }

        @Test
        void hasCrashedWithoutAController() {
            writer.close();
            SweepRecord sweep = reader.sweep(SWEEP);
            assertThat(sweep.state()).isEqualTo(SweepState.CRASHED);
            assertThat(sweep.reason()).isEqualTo("its controller died; graft resume aaaaaaaa goes on with it");
            assertThat(reader.sweeps()).containsExactly(sweep);
            assertThat(reader.trials(SWEEP))
                    .extracting(TrialRecord::state)
                    .containsExactly(TrialState.FINISHED, TrialState.CRASHED, TrialState.WAITING);
            assertThat(reader.trial(SWEEP + "-2").orElseThrow())
                    .isEqualTo(reader.trials(SWEEP).get(1))
                    .extracting(TrialRecord::reason)
                    .isEqualTo("the sweep's controller died");
            assertThat(reader.attempts(SWEEP + "-2"))
                    .extracting(AttemptRecord::state)
                    .containsExactly(AttemptState.CRASHED);
            assertThat(reader.attempts(SWEEP + "-1"))
                    .extracting(AttemptRecord::state)
                    .containsExactly(AttemptState.FINISHED);
        }

        @Test
        void hasFinishedWhereAllItsTrialsHave() {
            writer.endTrial(SWEEP + "-2", TrialState.FAILED, "no", Map.of(), "");
            writer.endTrial(SWEEP + "-3", TrialState.CANCELLED, "no", Map.of(), "");
            assertThat(reader.sweep(SWEEP).state()).isEqualTo(SweepState.RUNNING);
            writer.close();
            pass(1000);
            assertThat(reader.sweep(SWEEP).state()).isEqualTo(SweepState.FINISHED);
            assertThat(reader.sweep(SWEEP).reason()).isEmpty();
        }

        @Test
        void isWhatTheNextWriterMakesOfIt() {
            writer.close();
            assertThat(reader.sweep(SWEEP).state()).isEqualTo(SweepState.CRASHED);
            writer = Tracking.open(directory, () -> now);
            writer.sweepUp();
            writer.reopenSweep(SWEEP, false);
            // Within the second: what is written later than the look at the lock is news.
            assertThat(reader.sweep(SWEEP).state()).isEqualTo(SweepState.RUNNING);
            writer.startTrial(SWEEP + "-2", "f1", false, "");
            assertThat(reader.trial(SWEEP + "-2").orElseThrow().state()).isEqualTo(TrialState.RUNNING);
        }

        @Test
        void isShownAsRecordedWhereTheLockCannotBeLookedAt() throws Exception {
            writer.close();
            Files.delete(directory.resolve("track.lock"));
            Files.createDirectory(directory.resolve("track.lock"));
            assertThat(reader.sweep(SWEEP).state()).isEqualTo(SweepState.RUNNING);
        }
    }

    @Nested
    class TheLock {

        @Test
        void isLookedAtOnceASecond() {
            assertThat(reader.sweep(SWEEP).state()).isEqualTo(SweepState.RUNNING);
            writer.close();
            pass(999);
            assertThat(reader.sweep(SWEEP).state()).isEqualTo(SweepState.RUNNING);
            pass(1);
            assertThat(reader.sweep(SWEEP).state()).isEqualTo(SweepState.CRASHED);
        }

        @Test
        void isLookedAtAgainWhenTheClockGoesBack() {
            assertThat(reader.sweep(SWEEP).state()).isEqualTo(SweepState.RUNNING);
            writer.close();
            pass(-3_600_000);
            assertThat(reader.sweep(SWEEP).state()).isEqualTo(SweepState.CRASHED);
        }

        @Test
        void isTakenByThisProcessWhileOthersLookAtIt() throws Exception {
            writer.close();
            Thread looking = new Thread(() -> {
                while (!Thread.interrupted()) {
                    Tracking.isWritten(directory);
                }
            });
            looking.start();
            try {
                for (int i = 0; i < 50; i++) {
                    Tracking.open(directory, () -> now).close();
                }
            } finally {
                looking.interrupt();
                looking.join();
            }
        }
    }

    @Nested
    class TheVersion {

        @Test
        void growsWithEveryChangeAndWhenTheControllerDies() {
            long first = reader.version();
            writer.endTrial(SWEEP + "-2", TrialState.FINISHED, "", Map.of(), "");
            long second = reader.version();
            assertThat(second).isGreaterThan(first);
            assertThat(reader.version()).isEqualTo(second);
            writer.close();
            pass(1000);
            long third = reader.version();
            assertThat(third).isGreaterThan(second);
            writer = Tracking.open(directory, () -> now);
            writer.sweepUp();
            assertThat(reader.version()).isGreaterThan(third);
        }

        @Test
        void isZeroWithoutARecord() {
            try (TrackReader none = Tracking.openAsItStands(directory.resolve("none"), () -> now)) {
                assertThat(none.version()).isZero();
                assertThat(none.sweeps()).isEmpty();
            }
        }
    }
}
