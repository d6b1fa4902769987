package dev.graft.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
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

    private static final String REOPEN = "UPDATE trial SET state = 'waiting', reason = '', epochs = 0, last_epoch = 0,"
            + " best_epoch = 0, kept_epoch = 0, started_at = NULL, ended_at = NULL, seconds = '{}' WHERE number = 1";

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
                    "UPDATE trial SET model_weights = 1 WHERE number = 3",
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
            refuses(sql);
        }

        private void refuses(String sql) throws SQLException {
            try (Sql shell = new Sql(directory)) {
                assertThatThrownBy(() -> shell.run(sql))
                        .as(sql)
                        .isInstanceOf(SQLException.class)
                        .message()
                        .containsAnyOf("never change", "does not change", "exists", "may name", "ended", "deletion");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"finished", "pruned"})
        void ofGoodUseAreNotReopenedEither(String state) throws Exception {
            TrialState end = TrialState.valueOf(state.toUpperCase(Locale.ROOT));
            try (TrackWriter writer = open()) {
                writer.createSweep(Records.sweep("aaaaaaaa"), Records.trials("aaaaaaaa", 2));
                writer.startTrial("aaaaaaaa-1", "f", false, "");
                writer.addEpoch("aaaaaaaa-1", Records.epoch(1, 0.5, 0.5));
                writer.putPredictions("aaaaaaaa-1", 1, List.of(new Prediction("a.png", 0, 0, 1, 1)));
                writer.endTrial("aaaaaaaa-1", end, "", Map.of(), "");
            }
            refuses(REOPEN);
            refuses("UPDATE trial SET state = 'waiting' WHERE number = 1");
            refuses("UPDATE trial SET state = 'failed' WHERE number = 1");
            refuses("UPDATE trial SET state = state WHERE number = 1");
            refuses("UPDATE attempt SET counts = 1");
            refuses("UPDATE attempt SET log = 'x'");
            refuses("INSERT INTO attempt (trial_id, attempt, feature_group, started_at)"
                    + " VALUES ('aaaaaaaa-1', 2, 'f', '')");
            refuses("INSERT OR REPLACE INTO attempt (trial_id, attempt, feature_group, started_at)"
                    + " VALUES ('aaaaaaaa-1', 1, 'f', '')");
            for (String table : List.of("attempt", "epoch", "metric", "epoch_class", "summary", "prediction")) {
                refuses("DELETE FROM " + table + " WHERE trial_id = 'aaaaaaaa-1'");
                refuses("UPDATE " + table + " SET trial_id = 'aaaaaaaa-2' WHERE trial_id = 'aaaaaaaa-1'");
                refuses("INSERT OR REPLACE INTO " + table + " SELECT * FROM " + table
                        + " WHERE trial_id = 'aaaaaaaa-1'");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"failed", "crashed", "cancelled"})
        void ofNoUseCanBeReopenedButNotOtherwiseChanged(String state) throws Exception {
            try (TrackWriter writer = open()) {
                writer.createSweep(Records.sweep("aaaaaaaa"), Records.trials("aaaaaaaa", 2));
                writer.startTrial("aaaaaaaa-1", "f", false, "");
                writer.addEpoch("aaaaaaaa-1", Records.epoch(1, 0.5, 0.5));
                TrialState end = TrialState.valueOf(state.toUpperCase(Locale.ROOT));
                writer.endTrial("aaaaaaaa-1", end, "because", Map.of("total", 1.0), "");
            }
            for (String change : List.of(
                    "number = 9",
                    "id = 'x'",
                    "seed = 1",
                    "run_key = 'x'",
                    "parameters = '{}'",
                    "attempts = 0",
                    "reason = 'x'",
                    "epochs = 1",
                    "last_epoch = 1",
                    "best_epoch = 1",
                    "kept_epoch = 1",
                    "same_as = 'x'",
                    "feature_group = 'x'",
                    "cache_hit = 1",
                    "seconds = '{\"total\":2}'",
                    "started_at = 'x'",
                    "ended_at = 'x'",
                    "state = 'running'",
                    "state = 'finished'")) {
                refuses("UPDATE trial SET " + change + " WHERE number = 1");
                // Of a value given twice, SQLite takes the last.
                refuses(REOPEN.replace(" WHERE", ", " + change + " WHERE"));
            }
            refuses("UPDATE trial SET state = 'waiting' WHERE number = 1");
            refuses("DELETE FROM epoch WHERE trial_id = 'aaaaaaaa-1'");
            refuses("DELETE FROM summary WHERE trial_id = 'aaaaaaaa-1'");
            refuses("UPDATE attempt SET counts = 0");
            refuses("DELETE FROM trial WHERE number = 1");
            try (TrackWriter writer = open()) {
                writer.sweepUp();
            }
            refuses(REOPEN);
            try (Sql shell = new Sql(directory)) {
                shell.run("UPDATE sweep SET state = 'running'");
                shell.run(REOPEN);
                assertThat(shell.text("SELECT state, attempts FROM trial WHERE number = 1"))
                        .isEqualTo("waiting|1");
            }
            refuses("UPDATE sweep SET state = 'finished'");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "UPDATE sweep SET file_text = 'x'",
                    "UPDATE sweep SET file_name = 'x'",
                    "UPDATE sweep SET file_text = file_text",
                    "UPDATE sweep SET classes = '[]'",
                    "UPDATE sweep SET file_text = 'x', name = 'x'",
                    "UPDATE sweep_file_version SET file_text = 'x'",
                    "DELETE FROM sweep_file_version",
                    "INSERT OR REPLACE INTO sweep_file_version VALUES ('g0lden01', 1, 'x', 'x', 'x')",
                    "INSERT INTO sweep_file_version VALUES ('g0lden01', 7, 'x', 'x', 'x')",
                    "INSERT INTO sweep_file_version VALUES ('g0lden00', 2, 'x', 'x', 'x')"
                })
        void areOfASweepWhoseFilesAreKept(String sql) throws Exception {
            GoldenRecord.writeSecond(directory);
            refuses(sql);
        }

        @Test
        void ofEndedSweepsGetNoCompanyThatWaits() throws Exception {
            GoldenRecord.write(directory);
            try (TrackWriter writer = open()) {
                writer.sweepUp();
            }
            refuses("INSERT INTO trial (id, sweep_id, number, state, parameters, seed)"
                    + " VALUES ('x', 'g0lden00', 4, 'waiting', '{}', 0)");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "INSERT INTO deleted_sweep VALUES ('g0lden00')",
                    "INSERT OR IGNORE INTO deleted_sweep VALUES ('nothere0')",
                    "INSERT INTO sweep_annotation (sweep_id, archived) VALUES ('g0lden01', 2)",
                    "INSERT INTO sweep_annotation (sweep_id, tags) VALUES ('g0lden01', 'best')",
                    "INSERT INTO sweep_annotation (sweep_id, tags) VALUES ('g0lden01', '{}')",
                    "INSERT INTO trial_annotation (trial_id, pinned) VALUES ('g0lden01-1', 'yes')"
                })
        void areDeletedAndAnnotatedByTheRules(String sql) throws Exception {
            GoldenRecord.writeSecond(directory);
            try (Sql shell = new Sql(directory)) {
                assertThatThrownBy(() -> shell.run(sql))
                        .isInstanceOf(SQLException.class)
                        .message()
                        .containsAnyOf("only a sweep that has ended", "CHECK constraint failed");
            }
        }

        @Test
        void goOnlyWithTheirWholeSweep() throws Exception {
            GoldenRecord.writeSecond(directory);
            try (TrackWriter writer = open()) {
                writer.sweepUp();
            }
            try (Sql shell = new Sql(directory)) {
                shell.run("INSERT INTO deleted_sweep VALUES ('g0lden01')");
                shell.run("DELETE FROM prediction WHERE trial_id LIKE 'g0lden01-%'");
            }
            refuses("DELETE FROM deleted_sweep");
            refuses("UPDATE deleted_sweep SET sweep_id = 'g0lden00'");
            refuses("DELETE FROM metric WHERE trial_id = 'g0lden00-1'");
            refuses("DELETE FROM trial WHERE id = 'g0lden00-1'");
            assertThat(Tracking.check(directory))
                    .containsExactly(directory.resolve("track.sqlite")
                            + " has sweep g0lden01 half deleted: graft delete g0lden01 ends that");
            try (TrackWriter writer = open()) {
                assertThat(writer.deleteSweep("g0lden01")).isPositive();
            }
            assertThat(Tracking.check(directory)).isEmpty();
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

        @Test
        void listAttempts() throws Exception {
            GoldenRecord.writeSecond(directory);
            try (Sql shell = new Sql(directory)) {
                assertThat(shell.text("SELECT number, attempt, state, reason, worker, counts, seconds FROM attempts"
                                + " WHERE sweep_id = 'g0lden01' ORDER BY number, attempt"))
                        .isEqualTo("""
                                1|1|crashed|killed by signal 11|worker 1, process 4711|1|0.0
                                1|2|finished|all epochs|worker 1, process 4712|0|0.0
                                2|1|failed|loss is NaN|worker 1, process 4712|0|0.0
                                3|1|cancelled|stopped by the user|worker 1, process 4712|0|0.0""");
                assertThat(shell.text("SELECT state, seconds FROM attempts WHERE trial_id = 'g0lden00-2'"))
                        .isEqualTo("running|null");
            }
        }
    }

    @Nested
    class Databases {

        @Test
        void ofSchemaOneAreStillRead() throws Exception {
            GoldenRecord.copy(1, directory);
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
                assertThat(Tracking.facts(directory).orElseThrow().schema()).isEqualTo(1);
                for (String trial : List.of("g0lden00-1", "g0lden00-2", "g0lden00-3")) {
                    assertThat(old.attempts(trial)).isEqualTo(current.attempts(trial));
                }
                open().close();
                assertThat(Tracking.check(directory)).isEmpty();
                for (String trial : List.of("g0lden00-1", "g0lden00-2", "g0lden00-3")) {
                    assertThat(old.attempts(trial)).isEqualTo(current.attempts(trial));
                }
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
        void ofSchemaOneGetTheAttemptsTheyTellOf() throws Exception {
            GoldenRecord.copy(1, directory);
            try (Sql shell = new Sql(directory)) {
                // The only ways that a trial of schema 1 ended: by itself, with its sweep, with its controller.
                shell.run("INSERT INTO attempt VALUES ('g0lden00-2', 2, 'f', '2026-01-02T03:06:00.000Z', NULL)");
                shell.run("UPDATE attempt SET ended_at = '2026-01-02T03:06:00.000Z' WHERE trial_id = 'g0lden00-2'"
                        + " AND attempt = 1");
                shell.run("UPDATE trial SET attempts = 2, state = 'failed', reason = 'NaN' WHERE number = 2");
                shell.run("UPDATE trial SET state = 'crashed', reason = 'its controller died' WHERE number = 3");
                shell.run("INSERT INTO trial (id, sweep_id, number, state, parameters, seed, attempts)"
                        + " VALUES ('g0lden00-4', 'g0lden00', 4, 'running', '{}', 0, 1)");
                shell.run("INSERT INTO attempt VALUES ('g0lden00-4', 1, 'f', '2026-01-02T03:06:00.000Z', NULL)");
                shell.run("UPDATE trial SET state = 'crashed', reason = 'its controller died' WHERE number = 4");
                shell.run("UPDATE sweep SET state = 'crashed', reason = 'its controller died'");
            }
            List<AttemptRecord> read = new ArrayList<>();
            try (TrackReader reader = read()) {
                for (int number = 1; number <= 4; number++) {
                    read.addAll(reader.attempts("g0lden00-" + number));
                }
                assertThat(read)
                        .extracting(
                                AttemptRecord::trialId,
                                AttemptRecord::attempt,
                                AttemptRecord::state,
                                AttemptRecord::reason,
                                AttemptRecord::counts)
                        .containsExactly(
                                tuple("g0lden00-1", 1, AttemptState.FINISHED, "early stopping", false),
                                tuple("g0lden00-2", 1, AttemptState.CRASHED, "", true),
                                tuple("g0lden00-2", 2, AttemptState.FAILED, "NaN", true),
                                tuple("g0lden00-4", 1, AttemptState.CRASHED, "its controller died", false));
                try (TrackWriter writer = open()) {
                    List<AttemptRecord> migrated = new ArrayList<>();
                    for (int number = 1; number <= 4; number++) {
                        migrated.addAll(reader.attempts("g0lden00-" + number));
                    }
                    assertThat(migrated).isEqualTo(read);
                    assertThat(writer.reopenSweep("g0lden00", false))
                            .as("what the controller took with it")
                            .isEqualTo(2);
                }
            }
        }

        @Test
        void ofSchemaTwoAreStillRead() throws Exception {
            GoldenRecord.copy(2, directory);
            Path fresh = directory.resolve("fresh");
            GoldenRecord.writeSecond(fresh);
            assertThat(Tracking.check(directory)).isEmpty();
            try (TrackReader old = read();
                    TrackReader current = Tracking.openReadOnly(fresh)) {
                assertThat(old.sweeps()).isEqualTo(current.sweeps()).hasSize(2);
                for (SweepRecord sweep : current.sweeps()) {
                    assertThat(old.trials(sweep.id())).isEqualTo(current.trials(sweep.id()));
                    assertThat(old.epochsOfSweep(sweep.id())).isEqualTo(current.epochsOfSweep(sweep.id()));
                    assertThat(old.featureGroups(sweep.id())).isEqualTo(current.featureGroups(sweep.id()));
                    for (TrialRecord trial : current.trials(sweep.id())) {
                        assertThat(old.attempts(trial.id())).isEqualTo(current.attempts(trial.id()));
                        assertThat(old.predictions(trial.id())).isEqualTo(current.predictions(trial.id()));
                    }
                }
                assertThat(old.attempts("g0lden01-1")).hasSize(2);
            }
            open().close();
            assertSameSchemaAndFiles(fresh);
        }

        private void assertSameSchemaAndFiles(Path fresh) throws SQLException {
            assertThat(Tracking.check(directory)).isEmpty();
            try (Sql shell = new Sql(directory);
                    Sql current = new Sql(fresh)) {
                for (String table : List.of("sweep_file_version", "sweep_annotation", "trial_annotation", "sweeps")) {
                    String rows = "SELECT * FROM " + table;
                    assertThat(shell.text(rows)).as(table).isEqualTo(current.text(rows));
                }
                String schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name";
                assertThat(shell.text(schema)).isEqualTo(current.text(schema));
            }
        }

        @Test
        void ofSchemaThreeAreStillRead() throws Exception {
            GoldenRecord.copy(3, directory);
            Path fresh = directory.resolve("fresh");
            GoldenRecord.writeThird(fresh);
            open().close();
            assertSameSchemaAndFiles(fresh);
            try (TrackReader old = read();
                    TrackReader current = Tracking.openReadOnly(fresh)) {
                assertThat(old.version()).isEqualTo(current.version());
                assertThat(old.sweeps()).isEqualTo(current.sweeps()).hasSize(2);
                assertThat(old.sweepAnnotations())
                        .isEqualTo(current.sweepAnnotations())
                        .containsOnlyKeys("g0lden01");
                assertThat(old.trialAnnotations("g0lden01"))
                        .isEqualTo(current.trialAnnotations("g0lden01"))
                        .containsOnlyKeys("g0lden01-1", "g0lden01-2");
                assertThat(old.trialAnnotations("g0lden00")).isEmpty();
                assertThat(old.trials("g0lden02")).isEmpty();
            }
        }

        @Test
        void ofSchemaFourAreStillRead() throws Exception {
            GoldenRecord.copy(4, directory);
            Path fresh = directory.resolve("fresh");
            GoldenRecord.writeFourth(fresh);
            assertSameSchemaAndFiles(fresh);
            try (TrackReader old = read();
                    TrackReader current = Tracking.openReadOnly(fresh)) {
                assertThat(old.version()).isEqualTo(current.version());
                assertThat(old.sweeps()).isEqualTo(current.sweeps()).hasSize(3);
                assertThat(old.trials("g0lden03"))
                        .isEqualTo(current.trials("g0lden03"))
                        .extracting(trial -> trial.modelWeights().orElse(0))
                        .containsExactly(2_422_210L, 410_208L);
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        void ofOlderSchemasDoNotSayHowLargeModelsAre(int schema) throws Exception {
            GoldenRecord.copy(schema, directory);
            try (TrackReader asItStands = Tracking.openAsItStands(directory, InstantSource.system())) {
                assertThat(asItStands.trials("g0lden00"))
                        .hasSize(3)
                        .allSatisfy(trial -> assertThat(trial.modelWeights()).isEmpty());
            }
            try (TrackWriter writer = open();
                    TrackReader reader = read()) {
                writer.createSweep(
                        Records.sweep("g0lden04"), List.of(Records.trial("g0lden04", 1, OptionalLong.of(7))));
                assertThat(reader.trials("g0lden00"))
                        .hasSize(3)
                        .allSatisfy(trial -> assertThat(trial.modelWeights()).isEmpty());
                assertThat(reader.trials("g0lden04"))
                        .singleElement()
                        .satisfies(trial -> assertThat(trial.modelWeights()).hasValue(7));
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void ofOlderSchemasHaveNothingNoted(int schema) throws Exception {
            GoldenRecord.copy(schema, directory);
            try (TrackReader reader = read();
                    TrackReader live = Tracking.openAsItStands(directory, InstantSource.system())) {
                for (TrackReader each : List.of(reader, live)) {
                    assertThat(each.sweepAnnotations()).isEmpty();
                    assertThat(each.trialAnnotations("g0lden00")).isEmpty();
                    assertThat(each.attemptLines("g0lden00"))
                            .extracting(AttemptLine::trialId, AttemptLine::attempt, AttemptLine::featureGroup)
                            .containsExactly(tuple("g0lden00-1", 1, "f00d"), tuple("g0lden00-2", 1, "f00d"));
                }
                assertThat(Tracking.facts(directory).orElseThrow().schema()).isEqualTo(schema);
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
                    .hasMessageContaining("is not a SQLite database: ");
            assertThatThrownBy(SchemaTest.this::read)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is not a SQLite database: ");
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
                        .isInstanceOf(DiskFullException.class)
                        .hasMessage("no space is left on the disk of " + directory.resolve("track.sqlite")
                                + ": free some, then graft resume continues");
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
                    .hasMessageStartingWith(file + " must be a directory, but is a file");
        }
    }
}
