package dev.graft.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of the record, and looks for damage in it. */
class BackupTest {

    @TempDir
    Path directory;

    private Path results() {
        return directory.resolve("results");
    }

    private Path copy() {
        return directory.resolve("copy.sqlite");
    }

    @Nested
    class Backups {

        @Test
        void areRecordsThatCanBeReadAndWritten() throws Exception {
            GoldenRecord.writeSecond(results());
            RecordFacts facts = Tracking.backup(results(), copy());
            assertThat(facts).isEqualTo(new RecordFacts(Schema.CURRENT, Files.size(copy()), 2, 8));
            Path restored = Files.createDirectories(directory.resolve("restored"));
            Files.move(copy(), restored.resolve("track.sqlite"));
            assertThat(Tracking.check(restored)).isEmpty();
            assertThat(Tracking.facts(restored)).contains(facts);
            try (TrackReader original = Tracking.openReadOnly(results());
                    TrackReader reader = Tracking.openReadOnly(restored)) {
                assertThat(reader.sweeps()).isEqualTo(original.sweeps());
                assertThat(reader.trials("g0lden01")).isEqualTo(original.trials("g0lden01"));
                assertThat(reader.version()).isEqualTo(original.version());
                try (TrackWriter writer = Tracking.open(restored, () -> GoldenRecord.NOW)) {
                    assertThat(writer.sweepUp()).containsExactly("g0lden00", "g0lden01");
                }
                assertThat(reader.sweep("latest").state()).isEqualTo(SweepState.CRASHED);
            }
        }

        @Test
        void ofAnOlderSchemaStayInIt() throws Exception {
            GoldenRecord.copy(1, results());
            assertThat(Tracking.backup(results(), copy()).schema()).isEqualTo(1);
        }

        @Test
        @Timeout(60)
        void areOneStateWhileAnotherProcessWrites() throws Exception {
            try (ChildWriter child = ChildWriter.start(results())) {
                assertThat(child.said()).isEqualTo("ready");
                int said = 0;
                for (int i = 0; i < 5; i++) {
                    said = Integer.parseInt(child.said());
                    Path target = directory.resolve("copy" + i);
                    Tracking.backup(results(), target);
                    Path restored = Files.createDirectories(directory.resolve("restored" + i));
                    Files.move(target, restored.resolve("track.sqlite"));
                    assertThat(Tracking.check(restored)).isEmpty();
                    try (TrackReader reader = Tracking.openReadOnly(restored)) {
                        int epochs =
                                reader.trial(ChildWriter.TRIAL).orElseThrow().epochs();
                        assertThat(epochs).isGreaterThanOrEqualTo(said);
                        assertThat(reader.epochs(ChildWriter.TRIAL)).hasSize(epochs);
                    }
                }
                assertThat(Integer.parseInt(child.said()))
                        .as("the writer goes on")
                        .isGreaterThan(said);
            }
        }

        @Test
        void leaveNothingElseBehindAndTheRecordAsItWas() throws Exception {
            GoldenRecord.write(results());
            byte[] before = Files.readAllBytes(results().resolve("track.sqlite"));
            Tracking.backup(results(), copy());
            assertThat(results().resolve("track.sqlite")).hasBinaryContent(before);
            assertThat(List.of(directory.toFile().list())).containsExactlyInAnyOrder("results", "copy.sqlite");
        }

        @Test
        void mayHaveAnyName() {
            GoldenRecord.write(results());
            Path target = directory.resolve("it's a ?mode=ro copy #1 ü%20.sqlite");
            Tracking.backup(results(), target);
            assertThat(target).isNotEmptyFile();
        }

        @Test
        void replaceNothing() throws Exception {
            GoldenRecord.write(results());
            Files.writeString(copy(), "mine");
            assertThatThrownBy(() -> Tracking.backup(results(), copy()))
                    .isInstanceOf(StoreException.class)
                    .hasMessage(copy() + " exists already: choose another name, or remove it first");
            assertThat(copy()).hasContent("mine");
            assertThatThrownBy(() -> Tracking.backup(results(), results().resolve("track.sqlite")))
                    .hasMessageContaining("exists already");
            Files.delete(copy());
            Path log = Files.createFile(directory.resolve("copy.sqlite-wal"));
            assertThatThrownBy(() -> Tracking.backup(results(), copy()))
                    .hasMessage(log + " belongs to another database: move it away, or choose another name");
        }

        @Test
        void needARecordAndADirectory() {
            assertThatThrownBy(() -> Tracking.backup(results(), copy()))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("there is no record to back up: " + results().resolve("track.sqlite") + " is missing");
            GoldenRecord.write(results());
            Path nowhere = directory.resolve("nowhere");
            assertThatThrownBy(() -> Tracking.backup(results(), nowhere.resolve("copy")))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("there is no directory " + nowhere + " for the backup: make it first");
        }

        @Test
        void ofDamagedRecordsAreRefused() throws Exception {
            GoldenRecord.write(results());
            Path file = results().resolve("track.sqlite");
            byte[] bytes = Files.readAllBytes(file);
            Arrays.fill(bytes, 2 * 4096, bytes.length, (byte) 0x5a);
            Files.write(file, bytes);
            assertThatThrownBy(() -> Tracking.backup(results(), copy()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith(file + " is damaged");
            assertThat(List.of(directory.toFile().list())).containsExactly("results");
        }
    }

    @Nested
    class Checks {

        private List<String> check() {
            return Tracking.check(results());
        }

        private String file() {
            return results().resolve("track.sqlite").toString();
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void findNothingInAWholeRecord(int schema) throws Exception {
            GoldenRecord.copy(schema, results());
            assertThat(check()).isEmpty();
        }

        @Test
        void findNothingWhereThereIsNoRecord() throws Exception {
            assertThat(check()).isEmpty();
            Files.createDirectories(results());
            assertThat(check()).isEmpty();
            assertThat(Tracking.facts(results())).isEmpty();
        }

        @Test
        void findWhatIsNoDatabase() throws Exception {
            Files.createDirectories(results());
            Files.writeString(results().resolve("track.sqlite"), "not a database, but long enough ".repeat(200));
            assertThat(check())
                    .containsExactly(file() + " is not a SQLite database: put a backup in its place, or move it away");
        }

        @Test
        void findADirectoryInItsPlace() throws Exception {
            Files.createDirectories(results().resolve("track.sqlite"));
            assertThat(check()).containsExactly(file() + " is a directory, not a record: move it away");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "PRAGMA user_version = 99 | was written by a newer Graft",
                    "PRAGMA user_version = -7 | is a database of another program",
                    "PRAGMA application_id = 1 | is a database of another program",
                    "DROP TRIGGER trial_changed | lacks the trigger trial_changed of schema 4",
                    "DROP VIEW curves | lacks the view curves of schema 4",
                    "DROP TABLE prediction | lacks the table prediction of schema 4",
                    "ALTER TABLE sweep ADD COLUMN mine TEXT | has another table sweep than schema 4",
                    "DELETE FROM metric WHERE trial_id = 'g0lden00-2' | ok",
                    "PRAGMA foreign_keys = OFF; DELETE FROM epoch WHERE trial_id = 'g0lden00-2'"
                            + " | has 3 rows of metric without their epoch",
                    "CREATE VIEW mine AS SELECT 1 | ok",
                })
        void findChangesByOthers(String sql, String problem) throws Exception {
            GoldenRecord.write(results());
            try (Sql shell = new Sql(results())) {
                shell.run(sql);
            }
            if (problem.equals("ok")) {
                assertThat(check()).isEmpty();
            } else {
                assertThat(check())
                        .anySatisfy(
                                found -> assertThat(found).startsWith(file()).contains(problem));
            }
        }

        @Test
        void neverThrowWhateverIsDamaged() throws Exception {
            GoldenRecord.copy(2, results());
            byte[] whole = Files.readAllBytes(results().resolve("track.sqlite"));
            int found = 0;
            for (long seed = 1; seed <= 150; seed++) {
                Random random = new Random(seed);
                byte[] bytes = whole.clone();
                if (seed % 10 == 0) {
                    bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
                } else {
                    int at = random.nextInt(bytes.length);
                    int to = Math.min(bytes.length, at + 1 + random.nextInt(3000));
                    for (int i = at; i < to; i++) {
                        bytes[i] = (byte) random.nextInt(256);
                    }
                }
                Files.write(results().resolve("track.sqlite"), bytes);
                try {
                    found += check().isEmpty() ? 0 : 1;
                } catch (RuntimeException e) {
                    throw new AssertionError("with seed " + seed, e);
                }
            }
            // Some damage falls on bytes that mean nothing.
            assertThat(found).isGreaterThan(75);
        }
    }
}
