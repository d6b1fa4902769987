package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps that end before their time, and go on: as a user does it, with the built program. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ResumeIT {

    @TempDir
    static Path folder;

    private static Program graft;
    private static String id;

    @Test
    @Order(1)
    void aSweepWhoseControllerWasKilledGoesOn() throws IOException, InterruptedException {
        graft = new Program(folder);
        // Dropout on the features themselves is another structure: two trials train together, then the other two.
        Process process = graft.start("run", sweep("long", "[0.003, 0.001]", "[0, 0.3]", 400));
        await(" of 4: val_accuracy");
        process.destroyForcibly().waitFor();
        id = graft.run("ls", "--json").json().path(0).path("id").asText();
        List<JsonNode> finished = new ArrayList<>();
        for (JsonNode trial : graft.run("show", id, "--json").json().path("trials")) {
            if (trial.path("state").asText().equals("finished")) {
                finished.add(trial);
            }
        }
        assertThat(finished).hasSizeBetween(1, 3);
        JsonNode one = finished.get(0);
        Ended resumed = graft.run("resume", id, "--json");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err())
                .contains("sweep " + id + " had died")
                .containsPattern("trials? to run")
                .doesNotContain("trial " + one.path("number") + " of 4");
        assertThat(resumed.json().path("id").asText()).isEqualTo(id);
        assertThat(states(resumed.json())).containsOnly("finished").hasSize(4);
        JsonNode first = graft.run("trial", one.path("id").asText(), "--json").json();
        assertThat(first.path("attempts")).hasSize(1);
        assertThat(first.path("attempts").path(0).path("worker").asText()).matches("worker 1, process \\d+");
    }

    @Test
    @Order(2)
    void aFinishedSweepHasNothingToResume() throws IOException, InterruptedException {
        Ended again = graft.run("resume", id);
        assertThat(again.code()).isEqualTo(ExitCode.NOTHING);
        assertThat(again.err()).contains("there is nothing to do: no trial of sweep " + id + " waits");
        assertThat(graft.run("resume", "nosuch").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    @Order(3)
    void extendingAddsTheNewCombinationsAndLeavesTheOldOnes() throws IOException, InterruptedException {
        JsonNode before = graft.run("show", id, "--json").json();
        Ended extended = graft.run("extend", id, sweep("long", "[0.003, 0.001, 0.0003]", "[0, 0.3]", 400), "--json");
        assertThat(extended.code()).as(extended.err()).isZero();
        assertThat(extended.err().lines().filter(line -> line.contains("val_accuracy")))
                .hasSize(2);
        JsonNode trials = extended.json().path("trials");
        assertThat(trials).hasSize(6);
        for (int i = 0; i < 4; i++) {
            for (String part : List.of("id", "parameters", "best", "last", "started_at", "ended_at")) {
                assertThat(trials.path(i).path(part))
                        .isEqualTo(before.path("trials").path(i).path(part));
            }
        }
        Ended nothing = graft.run("extend", id, folder.resolve("long.yaml").toString());
        assertThat(nothing.code()).isEqualTo(ExitCode.NOTHING);
        assertThat(nothing.err()).contains("there is nothing to add");
    }

    @Test
    @Order(4)
    void extendingRefusesWhatWouldChangeTheOldOnes() throws IOException, InterruptedException {
        Ended refused = graft.run("extend", id, sweep("long", "[0.1]", "[0.2]", 7));
        assertThat(refused.code()).isEqualTo(ExitCode.SWEEP_FILE);
        assertThat(refused.err()).contains("epochs: must be as in sweep " + id + ", 400, but was 7");
    }

    @Test
    @Order(5)
    void aStoppedSweepIsOfferedAndResumedByRun() throws IOException, InterruptedException {
        String file = sweep("stopped", "[0.002, 0.0005]", "[0.21, 0.31, 0.41]", 1200);
        Process process = graft.start("run", file);
        await("features of");
        Path other = Files.createDirectories(folder.resolve("other"));
        Ended stop = new Program(other).run("stop", "--results", graft.results().toString());
        assertThat(stop.code()).as(stop.err()).isZero();
        assertThat(stop.out()).contains("stopped; go on with it:", "resume");
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
        JsonNode shown = graft.run("show", "latest", "--json").json();
        assertThat(shown.path("state").asText()).isEqualTo("cancelled");
        assertThat(states(shown)).contains("cancelled").doesNotContain("running", "waiting");
        assertThat(new Program(other)
                        .run("stop", "--results", graft.results().toString())
                        .code())
                .isEqualTo(ExitCode.NOTHING);
        Ended resumed = graft.run("run", file, "--resume", "--json");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.json().path("id")).isEqualTo(shown.path("id"));
        assertThat(states(resumed.json())).containsOnly("finished").hasSize(6);
    }

    @Test
    @Order(6)
    void failedTrialsAreTriedAgainWhenAsked() throws IOException, InterruptedException {
        String file = sweep("explode", "[10, 0.003]", "[0.5]", 60);
        Files.writeString(
                Path.of(file),
                Files.readString(Path.of(file))
                        .replace(
                                "parameters:\n",
                                "parameters:\n  optimizer: {value: adamw}\n  weight_decay: {value: 1}\n"));
        Ended first = graft.run("run", file, "--json");
        assertThat(first.code()).as(first.err()).isEqualTo(ExitCode.TRIALS_FAILED);
        String sweep = first.json().path("id").asText();
        Ended plain = graft.run("resume", sweep);
        assertThat(plain.code()).isEqualTo(ExitCode.NOTHING);
        assertThat(plain.err()).contains("--failed");
        Ended failed = graft.run("resume", sweep, "--failed", "--json");
        assertThat(failed.code()).isEqualTo(ExitCode.TRIALS_FAILED);
        assertThat(graft.run("trial", sweep + "-1", "--json").json().path("attempts"))
                .hasSize(2);
        assertThat(graft.run("trial", sweep + "-2", "--json").json().path("attempts"))
                .hasSize(1);
    }

    @Test
    @Order(7)
    void aSweepDoesNotGoOnWithOtherImages() throws IOException, InterruptedException {
        Path images = folder.resolve("images");
        copy(graft.home().resolve("data"), images);
        String file = sweep("own", "[0.002, 0.0005]", "[0.22, 0.32]", 1200);
        Files.writeString(
                Path.of(file),
                Files.readString(Path.of(file)).replace("'builtin:garments', max_images: 200", "images"));
        Process process = graft.start("run", file);
        await("features of");
        process.destroyForcibly().waitFor();
        Path moved;
        try (Stream<Path> files = Files.walk(images.resolve("train"))) {
            moved = files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
        byte[] content = Files.readAllBytes(moved);
        Files.delete(moved);
        Ended refused = graft.run("resume");
        assertThat(refused.code()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(refused.err())
                .contains("is not what it was: the images in", "changed since it began")
                .doesNotContain("\tat ");
        Files.write(moved, content);
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        ProcessBuilder again = new ProcessBuilder(
                        Path.of(System.getProperty("graft.dist", "target/dist/graft"), "bin/graft")
                                .toAbsolutePath()
                                .toString(),
                        "resume",
                        "--results",
                        graft.results().toString())
                .directory(elsewhere.toFile())
                .redirectErrorStream(true)
                .redirectOutput(elsewhere.resolve("out").toFile());
        again.environment().put("GRAFT_HOME", graft.home().toString());
        assertThat(again.start().waitFor())
                .as(() -> read(elsewhere.resolve("out")))
                .isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Copies the train and validation folders of the only image set below. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".png")).toList()) {
                Path below = from.relativize(file);
                Path target = to.resolve(below.subpath(1, below.getNameCount()));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    /** Waits until the running program says something. */
    private static void await(String words) throws IOException, InterruptedException {
        for (int i = 0; i < 1200 && !Files.readString(folder.resolve("err")).contains(words); i++) {
            Thread.sleep(50);
        }
        assertThat(folder.resolve("err")).content().contains(words);
    }

    private static List<String> states(JsonNode sweep) {
        return sweep.path("trials").findValuesAsText("state");
    }

    private static String sweep(String name, String rates, String dropouts, int epochs) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(file, """
                name: %s
                data: {path: 'builtin:garments', max_images: 200}
                parameters:
                  base: {value: sprout}
                  image_size: {value: 32}
                  learning_rate: {values: %s}
                  dropout: {values: %s}
                epochs: %d
                early_stopping: {patience: 1000}
                """.formatted(name, rates, dropouts, epochs));
        return file.toString();
    }
}
