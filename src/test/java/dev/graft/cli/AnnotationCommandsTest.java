package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands that name, tag, archive and delete sweeps. */
class AnnotationCommandsTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path folder;

    private Path results;
    private String out = "";
    private String err = "";

    @BeforeEach
    void recordTwoSweeps() {
        results = folder.resolve("results");
        try (TrackWriter writer = Tracking.open(results, () -> NOW)) {
            for (String id : List.of("aaaaaaaa", "bbbbbbbb")) {
                writer.createSweep(
                        new SweepRecord(
                                id,
                                "clothing",
                                SweepState.RUNNING,
                                "",
                                "grid",
                                "val_accuracy",
                                "maximize",
                                "clothing.yaml",
                                "name: clothing\n",
                                List.of("dress", "hat"),
                                NOW,
                                Optional.empty(),
                                0,
                                0,
                                Map.of()),
                        List.of(TrialRecord.waiting(id, 1, Map.of(), 1, "")));
                writer.startTrial(id + "-1", "", false, "");
                writer.endTrial(id + "-1", TrialState.FINISHED, "", Map.of(), "");
                writer.endSweep(id, SweepState.FINISHED, "");
            }
        }
    }

    private int run(Object command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--results", results.toString()));
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        int code = new CommandLine(command)
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(errors, true))
                .setExecutionExceptionHandler(new Failures())
                .execute(all.toArray(String[]::new));
        out = output.toString();
        err = errors.toString();
        return code;
    }

    @Nested
    class Annotate {

        @Test
        void changesWhatIsGivenAndShowsTheWhole() {
            assertThat(run(new AnnotateCommand(), "aaaa", "--name", "Warm coats", "--tag", "best", "--tag", "thesis"))
                    .isEqualTo(ExitCode.OK);
            assertThat(run(
                            new AnnotateCommand(),
                            "aaaa",
                            "--notes",
                            "# Why\n\nIt *works*.",
                            "--archive",
                            "--untag",
                            "best"))
                    .isEqualTo(ExitCode.OK);
            String expected = """
                    sweep aaaaaaaa (Warm coats), archived
                    tags   thesis
                    notes
                      # Why

                      It *works*.
                    """;
            assertThat(out).isEqualTo(expected);
            assertThat(run(new AnnotateCommand(), "aaaa")).isEqualTo(ExitCode.OK);
            assertThat(out).isEqualTo(expected);
            run(new ShowCommand(), "aaaa");
            assertThat(out).startsWith("sweep aaaaaaaa (Warm coats), finished\n");
        }

        @Test
        void takesAllBackToTheRecordedOne() throws Exception {
            run(new AnnotateCommand(), "aaaa", "--name", "x", "--archive", "--notes", "y");
            run(new AnnotateCommand(), "aaaa", "--name", "", "--unarchive", "--notes", "", "--json");
            JsonNode node = new ObjectMapper().readTree(out);
            assertThat(node.path("name").asText()).isEqualTo("clothing");
            assertThat(node.path("archived").asBoolean()).isFalse();
            try (TrackReader track = Tracking.openReadOnly(results)) {
                assertThat(track.sweepAnnotations()).isEmpty();
            }
        }

        @Test
        void readsNotesFromAFile() throws Exception {
            Path notes = Files.writeString(folder.resolve("notes.md"), "- one\n- two\n");
            assertThat(run(new AnnotateCommand(), "aaaa", "--notes-file", notes.toString()))
                    .isEqualTo(ExitCode.OK);
            assertThat(out).endsWith("notes\n  - one\n  - two\n");
            assertThat(run(new AnnotateCommand(), "aaaa", "--notes-file", folder.toString()))
                    .isEqualTo(ExitCode.USAGE);
            assertThat(err).startsWith("--notes-file must be a text file in UTF-8, but " + folder);
        }

        @Test
        void saysWhatIsWrongOfAll() {
            assertThat(run(new AnnotateCommand(), "aaaa", "--name", "x".repeat(201), "--tag", "a,b"))
                    .isEqualTo(ExitCode.USAGE);
            assertThat(err).isEqualTo("""
                    a sweep's name must have at most 200 characters, but had 201
                    a tag must be one line of text without commas and control characters
                    """);
            assertThat(run(new AnnotateCommand(), "nothere", "--name", "x")).isEqualTo(ExitCode.USAGE);
            assertThat(err).startsWith("no sweep has an id that begins with \"nothere\"");
        }
    }

    @Nested
    class Ls {

        @Test
        void showsNamesAndTagsAndHidesWhatIsArchived() {
            run(new AnnotateCommand(), "aaaa", "--name", "Warm coats", "--tag", "best", "--tag", "thesis");
            run(new AnnotateCommand(), "bbbb", "--archive");
            assertThat(run(new LsCommand())).isEqualTo(ExitCode.OK);
            assertThat(out.lines().toList())
                    .hasSize(4)
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("aaaaaaaa  Warm coats  finished")
                            .endsWith("best, thesis"))
                    .endsWith("1 archived; list them with --all");
            assertThat(out).doesNotContain("bbbbbbbb");
            run(new LsCommand(), "--all");
            assertThat(out).contains("bbbbbbbb  clothing").contains("archived").doesNotContain("--all");
            run(new AnnotateCommand(), "aaaa", "--archive");
            run(new LsCommand());
            assertThat(out).isEqualTo("no sweeps in " + results + " but 2 archived; list them with --all\n");
        }

        @Test
        void looksAsBeforeWhereNothingIsNoted() {
            run(new LsCommand());
            assertThat(out.lines().findFirst().orElseThrow())
                    .isEqualTo("sweep     name      state     finished  best  started");
        }

        @Test
        void printsAnnotationsAsJson() throws Exception {
            run(new AnnotateCommand(), "aaaa", "--name", "Warm coats", "--tag", "best", "--notes", "y");
            run(new AnnotateCommand(), "bbbb", "--archive");
            run(new LsCommand(), "--json");
            JsonNode sweeps = new ObjectMapper().readTree(out);
            assertThat(sweeps).hasSize(1);
            assertThat(sweeps.get(0).path("name").asText()).isEqualTo("Warm coats");
            assertThat(sweeps.get(0).path("recorded_name").asText()).isEqualTo("clothing");
            assertThat(sweeps.get(0).path("tags").toString()).isEqualTo("[\"best\"]");
            assertThat(sweeps.get(0).path("notes").asText()).isEqualTo("y");
        }
    }

    @Nested
    class Delete {

        private void writeModel() throws Exception {
            Files.createDirectories(results.resolve("models"));
            Files.write(results.resolve("models/aaaaaaaa-1.safetensors"), new byte[2500]);
        }

        @Test
        void wantsAYesWhereNobodyCanBeAsked() throws Exception {
            writeModel();
            assertThat(run(new DeleteCommand(), "aaaa")).isEqualTo(ExitCode.USAGE);
            assertThat(err)
                    .isEqualTo("sweep aaaaaaaa would be gone for good, with 1 trial (1 finished), 1 kept model"
                            + " (2.5 kB), 0 logs and 0 bundle files; say --yes to delete it\n");
            assertThat(results.resolve("models/aaaaaaaa-1.safetensors")).exists();
        }

        @Test
        void saysWhatItFreed() throws Exception {
            writeModel();
            assertThat(run(new DeleteCommand(), "aaaa", "--yes")).isEqualTo(ExitCode.OK);
            assertThat(out)
                    .startsWith(
                            "deleted sweep aaaaaaaa: 1 trial (1 finished), 1 kept model (2.5 kB), 0 logs and 0 bundle"
                                    + " files\nfeatures stay in the cache until ");
            assertThat(results.resolve("models/aaaaaaaa-1.safetensors")).doesNotExist();
            run(new LsCommand());
            assertThat(out).doesNotContain("aaaaaaaa").contains("bbbbbbbb");
        }

        @Test
        void onlyShowsWithADryRun() throws Exception {
            writeModel();
            assertThat(run(new DeleteCommand(), "aaaa", "--dry-run", "--json")).isEqualTo(ExitCode.OK);
            JsonNode node = new ObjectMapper().readTree(out);
            assertThat(node.path("dryRun").asBoolean()).isTrue();
            assertThat(node.path("bytes").asLong()).isEqualTo(2500);
            run(new LsCommand());
            assertThat(out).contains("aaaaaaaa");
        }

        @Test
        void isRefusedWhileASweepRuns() {
            try (TrackWriter writer = Tracking.open(results, () -> NOW)) {
                assertThat(run(new DeleteCommand(), "aaaa", "--yes")).isEqualTo(ExitCode.ENVIRONMENT);
                assertThat(err)
                        .isEqualTo("sweep aaaaaaaa cannot be deleted now: another sweep is running in this"
                                + " results directory; wait for it, or stop it\n");
                assertThat(run(new AnnotateCommand(), "aaaa", "--name", "x")).isEqualTo(ExitCode.OK);
            }
        }
    }
}
