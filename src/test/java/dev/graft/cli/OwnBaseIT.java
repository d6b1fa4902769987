package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An exported model is the base of the next sweep, and that one's model is exported in turn. */
class OwnBaseIT {

    @TempDir
    Path folder;

    private String sweep(String name, String base, int depth) throws IOException {
        Files.writeString(folder.resolve(name + ".yaml"), """
                name: %s
                data: {path: "builtin:garments", max_images: 120}
                parameters:
                  base: {value: %s}
                  image_size: {value: 32}
                  fine_tune_depth: {value: %d}
                epochs: 2
                fine_tune: {epochs: 1}
                """.formatted(name, base, depth));
        return name + ".yaml";
    }

    private static JsonNode ok(Ended ended) {
        assertThat(ended.code()).as(ended.err()).isZero();
        return ended.json();
    }

    @Test
    void anExportedBundleServesAsABase() throws IOException, InterruptedException {
        Program graft = new Program(folder);
        ok(graft.run("run", sweep("first", "sprout", 2), "--json"));
        Ended exported = graft.run("export", "latest", "--to", "first bundle");
        assertThat(exported.code()).as(exported.err()).isZero();

        // Relative to the sweep file: the program's own folder has no such bundle.
        Path inside = Files.createDirectories(folder.resolve("sweeps"));
        Files.move(folder.resolve("first bundle"), inside.resolve("first bundle"));
        String second = sweep("second", "{architecture: sprout, weights: first bundle}", 1);
        Files.move(folder.resolve(second), inside.resolve(second));
        JsonNode show = ok(graft.run("run", "sweeps/" + second, "--json"));
        JsonNode trial = show.path("trials").path(0);
        assertThat(trial.path("parameters").path("base").asText()).isEqualTo("sprout:first bundle");
        assertThat(show.path("frozen_passes").asInt())
                .as("its features are its own")
                .isEqualTo(1);

        Ended again = graft.run("export", "latest", "--to", "second-bundle");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(Files.readString(folder.resolve("second-bundle/README.md")))
                .contains("first bundle")
                .doesNotContain("licence of sprout");

        // Weights that are no longer those of the trial are not exported under its name.
        Files.delete(inside.resolve("first bundle/model.zip"));
        Ended gone = graft.run("export", "latest", "--to", "third-bundle");
        assertThat(gone.code()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(gone.err()).contains("first bundle holds no model.zip").doesNotContain("\tat ");
    }

    @Test
    void weightsThatDoNotFitAreNamedBeforeAnythingRuns() throws IOException, InterruptedException {
        Program graft = new Program(folder);
        Files.writeString(folder.resolve("my.h5"), "no weights");
        Ended ended = graft.run(
                "run", sweep("bad", "{architecture: mobilenet_v2, alpha: 0.35, weights: my.h5}", 0), "--json");
        assertThat(ended.code()).isEqualTo(ExitCode.SWEEP_FILE);
        assertThat(ended.err())
                .contains("bad.yaml:4:")
                .contains("my.h5 is not a readable HDF5 file, nor a .keras archive, nor safetensors")
                .doesNotContain("\tat ");
        Ended none = graft.run("run", sweep("none", "{architecture: sprout, weights: nothing.h5}", 0));
        assertThat(none.err()).contains("nothing.h5 does not exist");
    }

    @Test
    void madeUpWeightsAreCalledSoAndReplaceNothing() throws IOException, InterruptedException {
        Program graft = new Program(folder);
        Ended made = graft.run("bases", "random", "mobilenet_0.25", "--to", "made-up");
        assertThat(made.code()).as(made.err()).isZero();
        JsonNode bases = ok(graft.run("bases", "--json", "--weights", "made-up"));
        for (JsonNode base : bases) {
            if (base.path("name").asText().equals("mobilenet_0.25")) {
                assertThat(base.path("state").asText()).isEqualTo("pseudo-random");
                assertThat(base.path("licence").asText()).isEqualTo("pseudo-random numbers");
            }
        }
        assertThat(graft.run("bases", "random", "mobilenet_0.25", "--to", "made-up")
                        .code())
                .as("made-up files may be made again")
                .isZero();
        Path mine = Files.writeString(folder.resolve("made-up/squeezenet.safetensors"), "mine");
        Ended refused = graft.run("bases", "random", "squeezenet", "--to", "made-up");
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("is there already and holds other weights");
        assertThat(mine).hasContent("mine");
        Files.createDirectories(graft.home().resolve("weights"));
        Files.createSymbolicLink(folder.resolve("link"), graft.home().resolve("weights"));
        assertThat(graft.run("bases", "random", "squeezenet", "--to", "link").code())
                .isEqualTo(ExitCode.USAGE);

        Ended run = graft.run("run", sweep("random", "mobilenet_0.25", 0), "--weights", "made-up", "--json");
        ok(run);
        assertThat(run.err()).contains("the weights of mobilenet_0.25 are pseudo-random");
        Ended export = graft.run("export", "latest", "--to", "worthless", "--weights", "made-up");
        assertThat(export.code()).as(export.err()).isZero();
        assertThat(Files.readString(folder.resolve("worthless/README.md")))
                .contains("Base weights: pseudo-random numbers (graft bases random)");
    }
}
