package dev.graft.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks and files that fail the writer, which must lose nothing and can go on afterwards. */
class DiskTest {

    private static final String TRIAL = "g0lden00-2";

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("track.sqlite");
    }

    private static TrackWriter open(Path directory) {
        return Tracking.open(directory, InstantSource.system());
    }

    /** Adds epochs until it fails, and returns how many are in. */
    private static int addEpochs(TrackWriter writer, int first, int most, Class<? extends StoreException> expected) {
        for (int epoch = first; epoch < first + most; epoch++) {
            EpochRecord record = Records.epoch(epoch, 0.5, 0.5);
            Throwable failure = catchThrowable(() -> writer.addEpoch(TRIAL, record));
            if (failure != null) {
                assertThat(failure).isInstanceOf(expected);
                return epoch - first;
            }
        }
        throw new AssertionError("the disk never got full");
    }

    private static void assertWhole(Path directory, int epochs) {
        assertThat(Tracking.check(directory)).isEmpty();
        try (TrackReader reader = Tracking.openReadOnly(directory)) {
            assertThat(reader.epochs(TRIAL)).hasSize(epochs);
            assertThat(reader.trial(TRIAL).orElseThrow().epochs()).isEqualTo(epochs);
        }
    }

    @Nested
    class FileLimit {

        private Database.Opened database;
        private TrackWriter writer;

        private void open(String pragma) throws Exception {
            GoldenRecord.write(directory);
            database = Database.openForWriting(file());
            database.session().query(pragma, row -> row.getString(1));
            writer = new SqliteWriter(database, DirectoryLock.take(directory), InstantSource.system());
        }

        @AfterEach
        void close() {
            if (writer != null) {
                writer.close();
            }
        }

        @Test
        void ofAFullDiskIsNamedAndTheWriterGoesOnWithMoreSpace() throws Exception {
            open("PRAGMA max_page_count = 1");
            int added = addEpochs(writer, 2, 1000, DiskFullException.class);
            database.session().query("PRAGMA max_page_count = 100000", row -> row.getString(1));
            int before = epochs();
            assertThat(before).isGreaterThanOrEqualTo(1 + added);
            for (int epoch = before + 1; epoch <= before + 200; epoch++) {
                writer.addEpoch(TRIAL, Records.epoch(epoch, 0.5, 0.5));
            }
            writer.endTrial(TRIAL, TrialState.FINISHED, "", Map.of(), "");
            assertWhole(directory, before + 200);
        }

        private int epochs() {
            try (TrackReader reader = Tracking.openReadOnly(directory)) {
                return reader.epochs(TRIAL).size();
            }
        }
    }

    @Nested
    class Faults {

        private void fails(String onceOpen, String message, String afterwards) throws Exception {
            GoldenRecord.write(directory);
            Database.Opened database = Database.openForWriting(file());
            try (TrackWriter writer =
                    new SqliteWriter(database, DirectoryLock.take(directory), InstantSource.system())) {
                database.session().script(onceOpen);
                assertThatThrownBy(() -> writer.addEpoch(TRIAL, Records.epoch(2, 0.5, 0.5)))
                        .isInstanceOf(StoreException.class)
                        .isNotInstanceOf(DiskFullException.class)
                        .hasMessage(message);
                database.session().script(afterwards);
                writer.addEpoch(TRIAL, Records.epoch(2, 0.5, 0.5));
            }
            assertWhole(directory, 2);
        }

        @Test
        void ofPermissionsSayWhatToDo() throws Exception {
            fails(
                    "PRAGMA query_only = ON",
                    file() + " or its directory can only be read: make both writable, or choose another results"
                            + " directory",
                    "PRAGMA query_only = OFF");
        }

        @Test
        void ofAnotherProgramThatHoldsTheFileSaySo() throws Exception {
            GoldenRecord.write(directory);
            Database.Opened database = Database.openForWriting(file());
            database.session().script("PRAGMA busy_timeout = 20");
            try (TrackWriter writer =
                            new SqliteWriter(database, DirectoryLock.take(directory), InstantSource.system());
                    Sql other = new Sql(directory)) {
                other.run("BEGIN IMMEDIATE");
                assertThatThrownBy(() -> writer.addEpoch(TRIAL, Records.epoch(2, 0.5, 0.5)))
                        .isInstanceOf(StoreException.class)
                        .hasMessage(file() + " is locked by another program: close it and try again");
                other.run("ROLLBACK");
                writer.addEpoch(TRIAL, Records.epoch(2, 0.5, 0.5));
            }
            assertWhole(directory, 2);
        }

        @Test
        void ofADirectoryInTheFilesPlaceSaySo() throws Exception {
            Files.createDirectories(file());
            assertThatThrownBy(() -> open(directory))
                    .isInstanceOf(StoreException.class)
                    .hasMessage(file() + " is a directory, not a record: move it away");
        }

        @Test
        @DisabledOnOs(OS.WINDOWS) // Where open files cannot be moved.
        void ofAFileThatIsTakenAwaySaySo() throws Exception {
            GoldenRecord.write(directory);
            try (TrackWriter writer = open(directory)) {
                Files.move(file(), directory.resolve("elsewhere"));
                assertThatThrownBy(() -> writer.addEpoch(TRIAL, Records.epoch(2, 0.5, 0.5)))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("was moved or deleted");
                Files.move(directory.resolve("elsewhere"), file());
                writer.addEpoch(TRIAL, Records.epoch(2, 0.5, 0.5));
            }
            assertWhole(directory, 2);
        }
    }

    @Nested
    class SmallDisks {

        private Path mountPoint() {
            return directory.resolve("disk");
        }

        @ParameterizedTest
        @ValueSource(strings = {"576k", "640k", "768k", "896k", "1m", "1200k", "1500k", "2m", "3m", "5m"})
        void thatFillUpLoseNothingAndTheWriterGoesOnAfterwards(String size) throws Exception {
            try (SmallDisk disk = SmallDisk.mount(mountPoint(), size)) {
                Path results = mountPoint().resolve("results");
                Path filler = mountPoint().resolve("filler");
                GoldenRecord.write(results);
                Files.write(filler, new byte[128 << 10]);
                int epochs = 1;
                try (TrackWriter writer = open(results)) {
                    epochs += addEpochs(writer, 2, 100_000, DiskFullException.class);
                    assertThatThrownBy(() -> {
                                // What fits in a last page may fit.
                                for (int i = 0; i < 1000; i++) {
                                    writer.setFrozenPasses("g0lden00", i, i);
                                }
                            })
                            .isInstanceOf(DiskFullException.class)
                            .hasMessage("no space is left on the disk of " + results.resolve("track.sqlite")
                                    + ": free some, then graft resume continues");
                    assertThatThrownBy(
                                    () -> Tracking.backup(results, mountPoint().resolve("copy")))
                            .isInstanceOf(DiskFullException.class)
                            .hasMessageStartingWith("no space is left on the disk of " + mountPoint());
                    assertWhole(results, epochs);
                    Files.delete(filler);
                    for (int i = 0; i < 10; i++) {
                        writer.addEpoch(TRIAL, Records.epoch(++epochs, 0.5, 0.5));
                    }
                    writer.endTrial(TRIAL, TrialState.FINISHED, "", Map.of(), "");
                    assertWhole(results, epochs);
                }
                try (TrackWriter writer = open(results)) {
                    assertThat(writer.sweepUp()).containsExactly("g0lden00");
                }
                assertWhole(results, epochs);
                try (var files = Files.list(mountPoint())) {
                    assertThat(files).containsExactly(results);
                }
            }
        }

        @Test
        void thatAreFullFromTheStartSaySo() throws Exception {
            try (SmallDisk disk = SmallDisk.mount(mountPoint(), "1m")) {
                Path results = Files.createDirectories(mountPoint().resolve("results"));
                Path filler = mountPoint().resolve("filler");
                SmallDisk.fill(filler);
                assertThatThrownBy(() -> open(results))
                        .isInstanceOf(DiskFullException.class)
                        .hasMessageStartingWith("no space is left on the disk of " + results);
                Files.delete(filler);
                assertThatCode(() -> GoldenRecord.write(results)).doesNotThrowAnyException();
                assertWhole(results, 1);
            }
        }

        @Test
        void thatAreFullWhenARecordIsOpenedSaySoAndLetItBeRead() throws Exception {
            try (SmallDisk disk = SmallDisk.mount(mountPoint(), "2m")) {
                Path results = mountPoint().resolve("results");
                Path filler = mountPoint().resolve("filler");
                GoldenRecord.write(results);
                SmallDisk.fill(filler);
                assertThatThrownBy(() -> {
                            try (TrackWriter writer = open(results)) {
                                addEpochs(writer, 2, 1, DiskFullException.class);
                            }
                        })
                        .isInstanceOf(DiskFullException.class)
                        .hasMessageStartingWith("no space is left on the disk of " + results);
                assertWhole(results, 1);
                Files.delete(filler);
                try (TrackWriter writer = open(results)) {
                    writer.addEpoch(TRIAL, Records.epoch(2, 0.5, 0.5));
                }
                assertWhole(results, 2);
            }
        }

        @Test
        void thatCanOnlyBeReadAreReadButNotWritten() throws Exception {
            try (SmallDisk disk = SmallDisk.mount(mountPoint(), "1m")) {
                Path results = mountPoint().resolve("results");
                GoldenRecord.write(results);
                disk.remountReadOnly();
                assertWhole(results, 1);
                Path copy = directory.resolve("copy.sqlite");
                assertThat(Tracking.backup(results, copy).trials()).isEqualTo(3);
                assertThatThrownBy(() -> open(results))
                        .isInstanceOf(StoreException.class)
                        .isNotInstanceOf(DiskFullException.class)
                        .hasMessage("cannot lock the results directory " + results
                                + ": it can only be read; make it writable, or choose another results directory");
                assertThatThrownBy(() -> Tracking.backup(results, mountPoint().resolve("copy")))
                        .isInstanceOf(StoreException.class)
                        .hasMessage(mountPoint().resolve("copy") + " could not be opened: check that it is a file and"
                                + " that you may read it");
                assertThat(List.of(mountPoint().toFile().list())).containsExactly("results");
            }
        }
    }
}
