package dev.graft.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletionTest {

    /** Every table with rows of sweeps, by what they are found. */
    private static final Map<String, String> TABLES = Map.ofEntries(
            Map.entry("sweep", "id"),
            Map.entry("provenance", "sweep_id"),
            Map.entry("feature_group", "sweep_id"),
            Map.entry("sweep_file_version", "sweep_id"),
            Map.entry("sweep_annotation", "sweep_id"),
            Map.entry("trial", "sweep_id"),
            Map.entry("attempt", "trial_id"),
            Map.entry("epoch", "trial_id"),
            Map.entry("epoch_class", "trial_id"),
            Map.entry("metric", "trial_id"),
            Map.entry("summary", "trial_id"),
            Map.entry("prediction", "trial_id"),
            Map.entry("trial_annotation", "trial_id"));

    @TempDir
    Path directory;

    @BeforeEach
    void record() {
        GoldenRecord.writeThird(directory);
        try (TrackWriter writer = open()) {
            writer.sweepUp();
        }
        Tracking.annotations(directory).annotate("g0lden00", present -> present.withName("kept"));
        Tracking.annotations(directory).annotateTrial("g0lden00-1", present -> present.withPinned(true));
    }

    private TrackWriter open() {
        return Tracking.open(directory, () -> GoldenRecord.NOW);
    }

    private long rows(String sweep) throws Exception {
        long rows = 0;
        try (Sql sql = new Sql(directory)) {
            for (Map.Entry<String, String> table : TABLES.entrySet()) {
                rows += Long.parseLong(sql.text("SELECT count(*) FROM " + table.getKey() + " WHERE " + table.getValue()
                        + " GLOB '" + sweep + "*'"));
            }
        }
        return rows;
    }

    /** Everything but paths of images, the counter and other programs' tables. */
    private List<String> otherTables() throws Exception {
        try (Sql sql = new Sql(directory)) {
            List<String> names = new ArrayList<>(sql.text("SELECT name FROM sqlite_schema WHERE type = 'table'")
                    .lines()
                    .toList());
            names.removeAll(TABLES.keySet());
            return names;
        }
    }

    @Test
    void takesAllRowsOfTheSweepAndNoOthers() throws Exception {
        assertThat(otherTables()).containsExactlyInAnyOrder("change_counter", "image", "deleted_sweep");
        long gone = rows("g0lden01");
        long kept = rows("g0lden00");
        assertThat(gone).isGreaterThan(20);
        long version;
        try (TrackReader reader = Tracking.openReadOnly(directory)) {
            version = reader.version();
        }
        try (TrackWriter writer = open()) {
            assertThat(writer.deleteSweep("g0lden01")).isEqualTo(gone);
        }
        assertThat(rows("g0lden01")).isZero();
        assertThat(rows("g0lden00")).isEqualTo(kept);
        assertThat(Tracking.check(directory)).isEmpty();
        try (TrackReader reader = Tracking.openReadOnly(directory)) {
            assertThat(reader.version()).isEqualTo(version + 1);
            assertThat(reader.sweeps()).extracting(SweepRecord::id).containsExactly("g0lden00");
            assertThat(reader.predictions("g0lden00-1")).hasSize(1);
        }
    }

    @Test
    void isOfSweepsThatHaveEnded() throws Exception {
        try (TrackWriter writer = open()) {
            assertThat(writer.reopenSweep("g0lden01", true)).isPositive();
            assertThatThrownBy(() -> writer.deleteSweep("g0lden01"))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("sweep g0lden01 has not ended, so it cannot be deleted");
            assertThatThrownBy(() -> writer.deleteSweep("nothere0"))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("there is no sweep nothere0");
            assertThat(rows("g0lden01")).isGreaterThan(20);
            writer.endSweep("g0lden01", SweepState.CANCELLED, "");
            writer.deleteSweep("g0lden01");
        }
        assertThat(rows("g0lden01")).isZero();
    }

    @Test
    void leavesTheIdFreeAndWhatWasTakenOverUsable() throws Exception {
        try (TrackWriter writer = open()) {
            writer.createSweep(Records.sweep("first000"), List.of(withKey("first000")));
            writer.startTrial("first000-1", "f", false, "");
            writer.addEpoch("first000-1", Records.epoch(1, 0.5, 0.5));
            writer.endTrial("first000-1", TrialState.FINISHED, "", Map.of(), "");
            writer.endSweep("first000", SweepState.FINISHED, "");
            writer.createSweep(Records.sweep("second00"), List.of(withKey("second00")));
            writer.repeatTrial("second00-1", "first000-1", "f", "same as another");
            writer.endSweep("second00", SweepState.FINISHED, "");
            try (TrackReader reader = Tracking.openReadOnly(directory)) {
                assertThat(reader.finished("key")).containsExactly("first000-1");
                writer.deleteSweep("first000");
                assertThat(reader.finished("key")).containsExactly("second00-1");
                assertThat(reader.epochs("second00-1")).hasSize(1);
            }
            writer.createSweep(Records.sweep("first000"), List.of(withKey("first000")));
        }
        assertThat(Tracking.check(directory)).isEmpty();
    }

    private static TrialRecord withKey(String sweep) {
        return TrialRecord.waiting(sweep, 1, Map.of(), 1, "key");
    }
}
