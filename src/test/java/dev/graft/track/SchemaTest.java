package dev.graft.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {

    @TempDir
    Path directory;

    private TrackWriter open() {
        return Tracking.open(directory, InstantSource.system());
    }

    private TrackReader read() {
        return Tracking.openReadOnly(directory);
    }

    @Nested
    class EndedTrials {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "UPDATE trial SET reason = 'x' WHERE number = 1",
                    "UPDATE trial SET state = 'running' WHERE number = 1",
                    "UPDATE OR REPLACE trial SET number = 1 WHERE number = 2",
                    "DELETE FROM trial WHERE number = 1",
                    "INSERT OR REPLACE INTO trial (id, sweep_id, number, state, parameters, seed)"
                            + " VALUES ('g0lden00-1', 'g0lden00', 1, 'waiting', '{}', 0)",
                    "INSERT OR REPLACE INTO trial (id, sweep_id, number, state, parameters, seed)"
                            + " VALUES ('other', 'g0lden00', 1, 'waiting', '{}', 0)",
                    "DELETE FROM sweep",
                    "UPDATE sweep SET metric = 'val_loss'",
                    "INSERT OR REPLACE INTO sweep SELECT * FROM sweep",
                    "UPDATE metric SET value = 1 WHERE trial_id = 'g0lden00-1'",
                    "UPDATE metric SET trial_id = 'g0lden00-1' WHERE trial_id = 'g0lden00-2'",
                    "DELETE FROM metric WHERE trial_id = 'g0lden00-1'",
                    "INSERT INTO metric VALUES ('g0lden00-1', 1, 3, 'more', 9, 0.5)",
                    "INSERT OR REPLACE INTO metric VALUES ('g0lden00-1', 1, 3, 'val_loss', 0, 0.5)",
                    "DELETE FROM epoch WHERE trial_id = 'g0lden00-1'",
                    "DELETE FROM epoch_class WHERE trial_id = 'g0lden00-1'",
                    "DELETE FROM attempt WHERE trial_id = 'g0lden00-1'",
                    "UPDATE summary SET best = 1 WHERE trial_id = 'g0lden00-1'",
                    "UPDATE prediction SET predicted = 1",
                    "DELETE FROM prediction",
                    "UPDATE image SET path = 'x'",
                    "DELETE FROM image"
                })
        void areNotChangedByOthersSqlEither(String sql) throws Exception {
            GoldenRecord.write(directory);
            try (Sql shell = new Sql(directory)) {
                assertThatThrownBy(() -> shell.run(sql))
                        .isInstanceOf(SQLException.class)
                        .message()
                        .containsAnyOf("never change", "does not change", "exists", "may name");
            }
        }

        @Test
        void ofRunningTrialsOthersMayClean() throws Exception {
            GoldenRecord.write(directory);
            try (Sql shell = new Sql(directory)) {
                shell.run("DELETE FROM summary WHERE trial_id = 'g0lden00-2'");
                assertThat(shell.text("SELECT count(*) FROM summary WHERE trial_id = 'g0lden00-2'"))
                        .isEqualTo("0");
            }
        }
    }

    @Nested
    class Views {

        @Test
        void rankAndUnroll() throws Exception {
            GoldenRecord.write(directory);
            try (Sql shell = new Sql(directory)) {
                assertThat(shell.text("SELECT place, trial_id, state, value, best_epoch, last_value, seconds,"
                                + " json_extract(parameters, '$.base') FROM leaderboard ORDER BY place"))
                        .isEqualTo("""
                                1|g0lden00-1|finished|0.875|2|0.25|4.5|mobilenet_v2
                                2|g0lden00-2|running|0.9375|1|0.9375|null|mobilenet_v2
                                3|g0lden00-3|waiting|null|null|null|null|mobilenet_v2""");
                assertThat(shell.text("SELECT number, epoch, value FROM curves WHERE name = 'val_loss'"))
                        .isEqualTo("""
                                1|1|0.75
                                1|2|0.5
                                1|3|null
                                2|1|0.25""");
                assertThat(shell.text("SELECT trial_id, epoch, image, label, predicted FROM predictions"))
                        .isEqualTo("g0lden00-1|2|hat/1.jpg|hat|dress");
                assertThat(shell.text("SELECT min, min_epoch, max, max_epoch, best, best_epoch, last, last_epoch"
                                + " FROM summary WHERE name = 'val_loss' AND trial_id = 'g0lden00-1'"))
                        .isEqualTo("0.5|2|0.75|1|0.5|2|null|3");
            }
        }
    }

    @Nested
    class Databases {

        @Test
        void ofSchemaOneAreStillRead() throws Exception {
            try (InputStream golden = Objects.requireNonNull(SchemaTest.class.getResourceAsStream("v1.sqlite"))) {
                Files.copy(golden, directory.resolve("track.sqlite"));
            }
            Path fresh = directory.resolve("fresh");
            GoldenRecord.write(fresh);
            try (TrackReader old = read();
                    TrackReader current = Tracking.openReadOnly(fresh)) {
                assertThat(old.sweeps()).isEqualTo(current.sweeps()).hasSize(1);
                assertThat(old.trials("g0lden00"))
                        .isEqualTo(current.trials("g0lden00"))
                        .hasSize(3);
                assertThat(old.epochsOfSweep("g0lden00")).isEqualTo(current.epochsOfSweep("g0lden00"));
                assertThat(old.predictions("g0lden00-1"))
                        .isEqualTo(current.predictions("g0lden00-1"))
                        .hasSize(1);
                assertThat(old.featureGroups("g0lden00")).isEqualTo(current.featureGroups("g0lden00"));
                try (TrackWriter writer = open()) {
                    assertThat(writer.sweepUp()).containsExactly("g0lden00");
                    writer.createSweep(Records.sweep("aaaaaaaa"), List.of());
                }
                assertThat(old.sweeps()).hasSize(2);
            }
            try (Sql shell = new Sql(directory)) {
                assertThat(shell.text("PRAGMA integrity_check")).isEqualTo("ok");
                assertThat(shell.text("PRAGMA user_version")).isEqualTo(Integer.toString(Schema.CURRENT));
            }
        }

        @Test
        void ofANewerGraftAreRefused() throws Exception {
            open().close();
            try (Sql shell = new Sql(directory)) {
                shell.run("PRAGMA user_version = 99");
            }
            String message = directory.resolve("track.sqlite") + " was written by a newer Graft (schema 99, this one"
                    + " knows up to " + Schema.CURRENT + "): use that one";
            assertThatThrownBy(SchemaTest.this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessage(message);
            assertThatThrownBy(SchemaTest.this::read)
                    .isInstanceOf(StoreException.class)
                    .hasMessage(message);
        }

        @Test
        void ofAnotherProgramAreRefusedAndLeftAlone() throws Exception {
            try (Sql shell = new Sql(directory)) {
                shell.run("CREATE TABLE theirs (id INTEGER)");
            }
            byte[] before = Files.readAllBytes(directory.resolve("track.sqlite"));
            assertThatThrownBy(SchemaTest.this::open).hasMessageEndingWith("is a database of another program");
            assertThatThrownBy(SchemaTest.this::read).hasMessageEndingWith("is a database of another program");
            assertThat(directory.resolve("track.sqlite")).hasBinaryContent(before);
        }

        @Test
        void thatAreNoDatabaseAreRefused() throws Exception {
            Files.writeString(directory.resolve("track.sqlite"), "not a database, but long enough ".repeat(200));
            assertThatThrownBy(SchemaTest.this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessageEndingWith("is not a SQLite database");
            assertThatThrownBy(SchemaTest.this::read)
                    .isInstanceOf(StoreException.class)
                    .hasMessageEndingWith("is not a SQLite database");
        }

        @Test
        void thatAreDamagedSaySo() throws Exception {
            GoldenRecord.write(directory);
            Path file = directory.resolve("track.sqlite");
            byte[] bytes = Files.readAllBytes(file);
            Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
            Files.write(file, bytes);
            assertThatThrownBy(SchemaTest.this::read)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is damaged");
            assertThatThrownBy(SchemaTest.this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is damaged");
        }

        @Test
        void emptyOnesBecomeRecords() throws Exception {
            Files.createFile(directory.resolve("track.sqlite"));
            try (TrackReader reader = read()) {
                assertThat(reader.sweeps()).isEmpty();
                open().close();
                assertThat(reader.version()).isEqualTo(1);
            }
        }
    }

    @Nested
    class Failing {

        @Test
        void aFullDiskIsNamedAndNothingIsLost() throws Exception {
            GoldenRecord.write(directory);
            Database.Opened database = Database.openForWriting(directory.resolve("track.sqlite"));
            long pages = database.session().number("PRAGMA page_count");
            assertThat(database.session().number("PRAGMA max_page_count = " + pages))
                    .isEqualTo(pages);
            try (TrackWriter writer =
                            new SqliteWriter(database, DirectoryLock.take(directory), InstantSource.system());
                    TrackReader reader = read()) {
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 1000; i++) {
                                writer.addEpoch("g0lden00-2", Records.epoch(2 + i, 0.5, 0.5));
                            }
                        })
                        .isInstanceOf(StoreException.class)
                        .hasMessageStartingWith("the disk is full: ");
                int epochs = reader.trial("g0lden00-2").orElseThrow().epochs();
                assertThat(reader.epochs("g0lden00-2")).hasSize(epochs);
                writer.endSweep("g0lden00", SweepState.FAILED, "the disk is full");
                assertThat(reader.sweep("latest").state()).isEqualTo(SweepState.FAILED);
            }
        }

        @Test
        void aDirectoryThatCanOnlyBeReadIsReadButNotWritten() throws Exception {
            GoldenRecord.write(directory);
            assumeTrue(directory.toFile().setWritable(false)
                    && directory.resolve("track.sqlite").toFile().setWritable(false)
                    && directory.resolve("track.lock").toFile().setWritable(false));
            try {
                assumeFalse(Files.isWritable(directory), "an administrator writes everywhere");
                try (TrackReader reader = read()) {
                    assertThat(reader.trials("g0lden00")).hasSize(3);
                }
                assertThatThrownBy(SchemaTest.this::open)
                        .isInstanceOf(StoreException.class)
                        .hasMessageStartingWith("cannot lock the results directory " + directory);
            } finally {
                assertThat(directory.toFile().setWritable(true)).isTrue();
            }
        }

        @Test
        void aDirectoryThatIsAFileIsNamed() throws Exception {
            Path file = Files.createFile(directory.resolve("file"));
            assertThatThrownBy(() -> Tracking.open(file, InstantSource.system()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith("cannot create the results directory " + file);
        }
    }
}
