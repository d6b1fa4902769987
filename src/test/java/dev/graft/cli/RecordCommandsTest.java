package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands that look after the record itself. */
class RecordCommandsTest {

    @TempDir
    Path folder;

    private Path results;

    @BeforeEach
    void recordASweep() {
        results = folder.resolve("results");
        SweepRecord sweep = new SweepRecord(
                "aaaaaaaa",
                "clothing",
                SweepState.RUNNING,
                "",
                "grid",
                "val_accuracy",
                "maximize",
                "clothing.yaml",
                "name: clothing\n",
                List.of("dress", "hat"),
                Instant.parse("2026-01-02T03:04:05Z"),
                Optional.empty(),
                0,
                0,
                Map.of());
        try (TrackWriter writer = Tracking.open(results, InstantSource.system())) {
            writer.createSweep(sweep, List.of());
        }
    }

    @Nested
    class Backups {

        private final StringWriter out = new StringWriter();
        private final StringWriter err = new StringWriter();

        private int run(Path file) {
            return new CommandLine(new BackupCommand())
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(err, true))
                    .setExecutionExceptionHandler(new Failures())
                    .execute(file.toString(), "--results", results.toString());
        }

        @Test
        void areARecordAndSayWhatTheyHold() throws Exception {
            Path copy = folder.resolve("copy.sqlite");
            assertThat(run(copy)).isEqualTo(ExitCode.OK);
            assertThat(out.toString())
                    .isEqualTo("wrote " + copy + ": " + Words.bytes(Files.size(copy)) + ", 1 sweep, 0 trials\n");
            Path restored = Files.createDirectory(folder.resolve("restored"));
            Files.copy(copy, restored.resolve("track.sqlite"));
            try (TrackReader reader = Tracking.openReadOnly(restored)) {
                assertThat(reader.sweep("latest").id()).isEqualTo("aaaaaaaa");
            }
        }

        @Test
        void neverReplaceAFile() throws Exception {
            Path file = Files.writeString(folder.resolve("thesis.txt"), "mine");
            assertThat(run(file)).isEqualTo(ExitCode.ENVIRONMENT);
            assertThat(err.toString()).isEqualTo(file + " exists already: choose another name, or remove it first\n");
            assertThat(file).hasContent("mine");
        }
    }

    /** The sweep is recorded as running, and nobody has the record open. */
    @Nested
    class ADeadSweep {

        private final StringWriter out = new StringWriter();

        private String run(Object command, String... arguments) {
            List<String> all = new ArrayList<>(List.of(arguments));
            all.addAll(List.of("--results", results.toString()));
            assertThat(new CommandLine(command)
                            .setOut(new PrintWriter(out, true))
                            .execute(all.toArray(String[]::new)))
                    .isEqualTo(ExitCode.OK);
            return out.toString();
        }

        @BeforeEach
        void recordATrial() {
            try (TrackWriter writer = Tracking.open(results, InstantSource.system())) {
                writer.sweepUp();
                writer.extendSweep(
                        "aaaaaaaa",
                        "clothing.yaml",
                        "name: clothing\n",
                        List.of(TrialRecord.waiting("aaaaaaaa", 1, Map.of(), 1, "")));
                writer.startTrial("aaaaaaaa-1", "", false, "worker 1");
            }
        }

        @Test
        void isListedAsCrashed() {
            assertThat(run(new LsCommand())).contains("crashed").doesNotContain("running");
        }

        @Test
        void isShownAsCrashedWithWhatToDo() {
            assertThat(run(new ShowCommand()))
                    .startsWith("sweep aaaaaaaa (clothing), crashed: its controller died; graft resume aaaaaaaa goes on"
                            + " with it\n")
                    .doesNotContain("running");
        }

        @Test
        void hasTrialsThatCrashed() {
            assertThat(run(new TrialCommand(), "latest-1"))
                    .startsWith("trial aaaaaaaa-1, crashed: the sweep's controller died\n")
                    .doesNotContain("running");
        }
    }

    @Nested
    class Findings {

        @Test
        void sayWhatAWholeRecordHolds() {
            assertThat(DoctorCommand.record(results))
                    .isEqualTo(new DoctorCommand.Finding(
                            "record", true, results.resolve("track.sqlite") + ", schema 4, 1 sweep, 0 trials, intact"));
        }

        @Test
        void areFineWithoutARecord() {
            Path empty = folder.resolve("empty");
            assertThat(DoctorCommand.record(empty))
                    .isEqualTo(new DoctorCommand.Finding("record", true, "none yet in " + empty));
        }

        @Test
        void nameDamageAndWhatToDo() throws Exception {
            Files.write(
                    results.resolve("track.sqlite"), "no database ".repeat(500).getBytes(StandardCharsets.UTF_8));
            DoctorCommand.Finding finding = DoctorCommand.record(results);
            assertThat(finding.ok()).isFalse();
            assertThat(finding.text())
                    .startsWith(results.resolve("track.sqlite") + " is not a SQLite database")
                    .contains("graft backup", ".recover");
        }
    }
}
