package dev.graft.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What other processes may and can do. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CrashTest {

    @TempDir
    Path directory;

    private TrackWriter open() {
        return Tracking.open(directory, InstantSource.system());
    }

    @Test
    void aKilledWriterLosesNothingItRecorded() throws Exception {
        int last = 0;
        try (ChildWriter child = ChildWriter.start(directory)) {
            assertThat(child.said()).isEqualTo("ready");
            while (last < 200) {
                last = Integer.parseInt(child.said());
            }
            List<String> rest = child.kill();
            for (String line : rest) {
                // Its last line may be cut short.
                last = line.equals(Integer.toString(last + 1)) ? last + 1 : last;
            }
        }
        try (Sql sql = new Sql(directory)) {
            assertThat(sql.text("PRAGMA integrity_check")).isEqualTo("ok");
            assertThat(sql.text("PRAGMA foreign_key_check")).isEmpty();
        }
        try (TrackWriter writer = open();
                TrackReader reader = Tracking.openReadOnly(directory)) {
            TrialRecord ended = reader.trial(ChildWriter.ENDED).orElseThrow();
            assertThat(writer.sweepUp()).containsExactly(ChildWriter.SWEEP);
            SweepRecord sweep = reader.sweep(ChildWriter.SWEEP);
            assertThat(sweep.state()).isEqualTo(SweepState.CRASHED);
            assertThat(sweep.reason()).isEqualTo("its controller died");
            assertThat(reader.trials(ChildWriter.SWEEP))
                    .extracting(TrialRecord::state)
                    .containsExactly(TrialState.CRASHED, TrialState.FINISHED, TrialState.CANCELLED);
            assertThat(reader.trial(ChildWriter.ENDED)).contains(ended);
            List<EpochRecord> epochs = reader.epochs(ChildWriter.TRIAL);
            // The one after the last announced may have been committed, too.
            assertThat(epochs).hasSizeBetween(last, last + 1);
            for (int i = 0; i < epochs.size(); i++) {
                assertThat(epochs.get(i)).isEqualTo(Records.epoch(i + 1, 1.0 / (i + 1), 0.5));
            }
            assertThat(reader.trial(ChildWriter.TRIAL).orElseThrow().epochs()).isEqualTo(epochs.size());
        }
    }

    @Test
    void anotherProcessThatWritesIsNamed() throws Exception {
        try (ChildWriter child = ChildWriter.start(directory)) {
            assertThat(child.said()).isEqualTo("ready");
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith("another sweep is writing to " + directory + " (process " + child.pid())
                    .hasMessageContaining("wait for it");
            try (TrackReader reader = Tracking.openReadOnly(directory)) {
                assertThat(reader.sweep("latest").state()).isEqualTo(SweepState.RUNNING);
                long version = reader.version();
                while (reader.version() == version) {
                    Thread.onSpinWait();
                }
                assertThat(reader.version()).isGreaterThan(version);
            }
        }
        open().close();
    }

    @Test
    void aSecondWriterOfTheSameProcessIsRefusedAndLeavesTheLockAsItIs() throws Exception {
        try (TrackWriter first = open()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(this::open)
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining(
                                "(process " + ProcessHandle.current().pid() + ")");
            }
            try (ChildWriter child = ChildWriter.start(directory)) {
                assertThat(child.said()).isNull();
            }
            first.createSweep(Records.sweep("aaaaaaaa"), List.of());
        }
        open().close();
    }
}
