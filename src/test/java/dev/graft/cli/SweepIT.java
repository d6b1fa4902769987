package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Program.Ended;
import dev.graft.data.Frame;
import dev.graft.data.ImageDecoder;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The main job, end to end, as a user runs it: demo, again, alone, extended, exported, measured. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SweepIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static Program graft;
    private static JsonNode demo;

    @BeforeAll
    static void runTheDemo() throws IOException, InterruptedException {
        graft = new Program(folder);
        Ended ended = graft.run("demo", "--json");
        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
        demo = ended.json();
    }

    @Test
    @Order(1)
    void theDemoFinishesTwelveTrialsThatDiffer() {
        assertThat(demo.path("state").asText()).isEqualTo("finished");
        assertThat(demo.path("trials")).hasSize(12);
        for (JsonNode trial : demo.path("trials")) {
            assertThat(trial.path("state").asText()).as(trial.toString()).isEqualTo("finished");
            assertThat(trial.path("cache").path("hit").asBoolean()).isFalse();
            assertThat(trial.path("best").path("epoch").asInt()).isPositive();
        }
        assertThat(demo.path("trials").findValues("fine_tune_depth")).anyMatch(depth -> depth.asInt() > 0);
        double best = value(best(demo));
        assertThat(best).as("the best of ten classes").isGreaterThan(0.5);
        assertThat(accuracies(demo).stream().distinct().count()).isGreaterThan(3);
        assertThat(demo.path("frozen_passes").asInt()).isEqualTo(1);
        assertThat(demo.path("frozen_passes_saved").asInt()).isEqualTo(11);
    }

    @Test
    @Order(2)
    void theSameFileAgainTakesOverEveryResult() throws IOException, InterruptedException {
        Ended again = graft.run("run", sweep("again", "[0.01, 0.003, 0.001]", "[0.2, 0.5]", "[0, 1]"), "--json");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.json().path("frozen_passes").asInt()).isZero();
        assertThat(accuracies(again.json())).isEqualTo(accuracies(demo));
        assertThat(again.err()).contains("not trained again").doesNotContain("val_accuracy");
    }

    @Test
    @Order(3)
    void moreLearningRatesTrainOnlyTheNewHeads() throws IOException, InterruptedException {
        String file = sweep("more", "[0.01, 0.003, 0.001, 0.0003]", "[0.2, 0.5]", "[0]");
        JsonNode plan = graft.run("plan", file, "--json").json();
        assertThat(plan.path("trials").asInt()).isEqualTo(8);
        assertThat(plan.path("recorded_trials").asInt()).isEqualTo(6);
        assertThat(plan.path("frozen_passes").asInt()).isZero();
        assertThat(plan.path("feature_groups").path(0).path("cached").asBoolean())
                .isTrue();
        // The demo has measured this machine.
        assertThat(plan.path("estimate").path("seconds").asDouble()).isPositive();
        assertThat(plan.path("estimate").path("rough").asBoolean()).isFalse();
        assertThat(plan.path("passes").path(0).path("estimate").path("seconds").asDouble())
                .as("features that are there")
                .isZero();
        assertThat(plan.path("feature_groups")
                        .path(0)
                        .path("choice")
                        .path("cache")
                        .asBoolean())
                .isTrue();
        Ended more = graft.run("run", file, "--json");
        assertThat(more.code()).as(more.err()).isZero();
        long trained =
                more.err().lines().filter(line -> line.contains("val_accuracy")).count();
        assertThat(trained).as(more.err()).isEqualTo(2);
        assertThat(more.json().path("frozen_passes").asInt()).isZero();
    }

    @Test
    @Order(4)
    void aTrialAloneWithoutTheSharedCacheGivesTheSameNumbers() throws IOException, InterruptedException {
        for (String depth : List.of("0", "1")) {
            Path own = Files.createDirectories(folder.resolve("alone-" + depth));
            Program alone = new Program(own);
            Files.writeString(own.resolve("sweep.yaml"), text("alone", "[0.003]", "[0.5]", "[" + depth + "]"));
            Ended ended = alone.run("run", "sweep.yaml", "--json");
            assertThat(ended.code()).as(ended.err()).isZero();
            JsonNode single = ended.json().path("trials").path(0);
            JsonNode shared = trial(demo, 0.003, 0.5, Integer.parseInt(depth));
            assertThat(single.path("best")).isEqualTo(shared.path("best"));
            assertThat(single.path("last")).isEqualTo(shared.path("last"));
        }
    }

    @Test
    @Order(5)
    void retrainingGivesTheSameNumbersToTheLastDigit() throws IOException, InterruptedException {
        Ended again = graft.run("run", sweep("retrain", "[0.01]", "[0.2]", "[0, 1]"), "--retrain", "--json");
        for (JsonNode trial : again.json().path("trials")) {
            JsonNode first = trial(
                    demo,
                    0.01,
                    0.2,
                    trial.path("parameters").path("fine_tune_depth").asInt());
            assertThat(trial.path("best")).isEqualTo(first.path("best"));
            assertThat(trial.path("cache").path("hit").asBoolean()).isTrue();
        }
    }

    @Test
    @Order(6)
    void theExportedModelIsTheMeasuredOne() throws IOException, InterruptedException, OrtException {
        // The best, and the next one: weights are kept of three.
        List<JsonNode> ranked = new ArrayList<>();
        demo.path("trials").forEach(ranked::add);
        ranked.sort(Comparator.comparing(trial -> -value(trial)));
        for (String reference : List.of(demo.path("id").asText(), id(ranked.get(1)))) {
            JsonNode trial = reference.contains("-") ? byId(reference) : best(demo);
            Path bundle = folder.resolve("bundle-" + reference);
            Ended export = graft.run("export", reference, "--to", bundle.toString());
            assertThat(export.code()).as(export.err()).isZero();
            assertThat(export.out()).contains("test split: accuracy");
            assertThat(files(bundle))
                    .containsExactlyInAnyOrder(
                            "README.md",
                            "labels.txt",
                            "metrics.json",
                            "model.onnx",
                            "model.zip",
                            "preprocessing.json",
                            "sweep.yaml");
            Path validation = garments().resolve("validation");
            JsonNode measured = graft.run("evaluate", bundle.toString(), validation.toString(), "--json")
                    .json();
            assertThat(measured.path("accuracy").asDouble()).isEqualTo(value(trial));
            assertThat(measured.path("images").asInt()).isEqualTo(200);
            assertThat(measured.path("skipped").asInt()).isZero();
            assertThat(measured.path("labels")).hasSize(10);
            assertThat(measured.path("confusion")).hasSize(10);
            Path image = images(validation).get(7);
            JsonNode predicted = graft.run("predict", bundle.toString(), image.toString(), "--json")
                    .json()
                    .path(0);
            assertThat(predicted.path("path").asText()).isEqualTo(image.toString());
            float[] plain = plainOnnxRuntime(bundle, image);
            int index = 0;
            for (JsonNode probability : predicted.path("probabilities")) {
                assertThat(probability.asDouble()).isCloseTo(plain[index++], within(1e-4));
            }
        }
        Ended twice = graft.run(
                "export",
                "latest",
                "--to",
                folder.resolve("bundle-" + demo.path("id").asText()).toString());
        assertThat(twice.code()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(twice.err()).contains("is not empty");
    }

    @Test
    @Order(6)
    void aTrialAgreesWithItsTrainingAlone() throws IOException, InterruptedException {
        for (int depth : List.of(0, 1)) {
            Ended verified = graft.run("verify", id(trial(demo, 0.01, 0.5, depth)));
            assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
            assertThat(verified.out()).contains(" agrees with its training alone: metrics differ by at most ");
        }
        Ended unknown = graft.run("verify", "latest-999");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("has no trial 999");
    }

    @Test
    @Order(7)
    void aTrialThatFailsDoesNotEndTheSweep() throws IOException, InterruptedException {
        Path file = Path.of(sweep("explode", "[10, 0.003]", "[0.5]", "[0]"));
        // Each step multiplies the weights with 1 - 10 * 1.
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                "parameters:\n",
                                "parameters:\n  optimizer: {value: adamw}\n  weight_decay: {value: 1}\n"));
        Ended ended = graft.run("run", file.toString(), "--json");
        assertThat(ended.code()).isEqualTo(ExitCode.TRIALS_FAILED);
        JsonNode trials = ended.json().path("trials");
        assertThat(trials.path(0).path("state").asText()).isEqualTo("failed");
        assertThat(trials.path(0).path("reason").asText())
                .containsAnyOf("NaN", "Infinity")
                .contains("epoch 1");
        assertThat(trials.path(1).path("state").asText()).isEqualTo("finished");
    }

    @Test
    @Order(8)
    void oneInterruptStopsAfterTheEpochAndLeavesAWholeRecord() throws IOException, InterruptedException {
        String file = sweep("stop", "[0.00001]", "[0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16]", "[1]");
        Process process = graft.start("run", file);
        for (int i = 0; i < 600 && !Files.readString(folder.resolve("err")).contains("features of"); i++) {
            Thread.sleep(100);
        }
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                .start()
                .waitFor();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
        JsonNode shown = graft.run("show", "latest", "--json").json();
        assertThat(shown.path("state").asText()).isEqualTo("cancelled");
        assertThat(shown.path("trials").findValuesAsText("state"))
                .contains("cancelled")
                .doesNotContain("running");
    }

    @Test
    @Order(9)
    void aKilledSweepIsFoundDeadAtTheNextStart() throws IOException, InterruptedException {
        Process process = graft.start("run", sweep("kill", "[0.00002]", "[0.1, 0.2]", "[1]"));
        for (int i = 0; i < 600 && !Files.readString(folder.resolve("err")).contains("features of"); i++) {
            Thread.sleep(100);
        }
        process.destroyForcibly().waitFor();
        String id = graft.run("show", "latest", "--json").json().path("id").asText();
        Ended next = graft.run("run", sweep("after", "[0.01]", "[0.2]", "[0]"));
        assertThat(next.code()).as(next.err()).isZero();
        assertThat(next.err()).contains("sweep " + id + " had died");
        assertThat(graft.run("show", id, "--json").json().path("state").asText())
                .isEqualTo("crashed");
    }

    @Test
    @Order(10)
    void aSecondControllerOnTheSameResultsIsRefused() throws IOException, InterruptedException {
        Process first = graft.start("run", sweep("first", "[0.00003]", "[0.1, 0.2]", "[1]"));
        for (int i = 0; i < 600 && !Files.readString(folder.resolve("err")).contains("sweep "); i++) {
            Thread.sleep(100);
        }
        Path own = Files.createDirectories(folder.resolve("second"));
        Ended second = new Program(own)
                .run(
                        "run",
                        folder.resolve("first.yaml").toString(),
                        "--results",
                        graft.results().toString());
        first.destroyForcibly().waitFor();
        assertThat(second.code()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(second.err()).contains(String.valueOf(first.pid())).doesNotContain("\tat ");
    }

    @Test
    @Order(11)
    void mistakesGetAMessageAndACodeButNoStackTrace() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("bad.yaml"), "data: {path: nowhere}\nparameters:\n  base: {value: sprot}\n");
        assertMistake(ExitCode.SWEEP_FILE, "bad.yaml:3", "run", "bad.yaml");
        assertMistake(ExitCode.SWEEP_FILE, "did you mean sprout", "validate", "bad.yaml");
        assertMistake(ExitCode.SWEEP_FILE, "there is no such file", "plan", "missing.yaml");
        Files.writeString(
                folder.resolve("nodata.yaml"), "data: {path: nowhere}\nparameters:\n  base: {value: sprout}\n");
        assertMistake(ExitCode.SWEEP_FILE, "nodata.yaml:1:14 data.path", "run", "nodata.yaml");
        assertMistake(ExitCode.USAGE, "there is no command rnu", "rnu", "bad.yaml");
        assertMistake(ExitCode.USAGE, "--port", "ui", "--port", "99999");
        assertMistake(ExitCode.ENVIRONMENT, "is not a bundle", "predict", "nowhere", "x.jpg");
        Files.writeString(
                folder.resolve("weights.yaml"),
                "data: {path: 'builtin:garments'}\nparameters:\n  base: {value: squeezenet}\n");
        assertMistake(
                ExitCode.ENVIRONMENT, "squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5", "run", "weights.yaml");
    }

    private static void assertMistake(int code, String message, String... arguments)
            throws IOException, InterruptedException {
        Ended ended = graft.run(arguments);
        assertThat(ended.code())
                .as(String.join(" ", arguments) + ": " + ended.err())
                .isEqualTo(code);
        assertThat(ended.err()).contains(message).doesNotContain("\tat ");
        assertThat(ended.out()).isEmpty();
    }

    private static String sweep(String name, String rates, String dropouts, String depths) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(file, text(name, rates, dropouts, depths));
        return file.toString();
    }

    /** The quickstart with other values. */
    private static String text(String name, String rates, String dropouts, String depths) throws IOException {
        String text = Files.readString(Path.of("sweeps/quickstart.yaml"));
        return text.replace("name: quickstart", "name: " + name)
                .replaceAll("learning_rate:( +)\\{values: [^}]*}", "learning_rate:$1{values: " + rates + "}")
                .replaceAll("dropout:( +)\\{values: [^}]*}", "dropout:$1{values: " + dropouts + "}")
                .replaceAll("fine_tune_depth:( +)\\{values: [^}]*}", "fine_tune_depth:$1{values: " + depths + "}");
    }

    private static Path garments() throws IOException {
        try (Stream<Path> folders = Files.list(graft.home().resolve("data"))) {
            return folders.findFirst().orElseThrow();
        }
    }

    private static List<Path> images(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".png"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** What a stranger would do with the bundle: the JSON file, ONNX Runtime, and no class of the exporter. */
    private static float[] plainOnnxRuntime(Path bundle, Path image) throws IOException, OrtException {
        JsonNode settings = JSON.readTree(bundle.resolve("preprocessing.json").toFile());
        int size = settings.path("image_size").asInt();
        float[] pixels = ImageDecoder.open(image).tensor((w, h) -> Frame.of(w, h, OptionalDouble.empty()), size);
        float[] prepared = new float[pixels.length];
        for (int c = 0; c < 3; c++) {
            int from = settings.path("channels").asText().equals("bgr") ? 2 - c : c;
            for (int i = 0; i < size * size; i++) {
                prepared[c * size * size + i] = (float) ((pixels[from * size * size + i]
                                - settings.path("mean").get(c).asDouble())
                        * settings.path("scale").get(c).asDouble());
            }
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session =
                        environment.createSession(bundle.resolve("model.onnx").toString());
                OnnxTensor input = OnnxTensor.createTensor(
                        environment, FloatBuffer.wrap(prepared), new long[] {1, 3, size, size});
                OrtSession.Result result =
                        session.run(Map.of(settings.path("input").asText(), input))) {
            return ((float[][]) result.get(0).getValue())[0];
        }
    }

    private static List<Double> accuracies(JsonNode sweep) {
        List<Double> values = new ArrayList<>();
        sweep.path("trials").forEach(trial -> values.add(value(trial)));
        return values;
    }

    private static double value(JsonNode trial) {
        return trial.path("best").path("metrics").path("val_accuracy").asDouble();
    }

    private static String id(JsonNode trial) {
        return trial.path("id").asText();
    }

    private static JsonNode byId(String id) {
        for (JsonNode trial : demo.path("trials")) {
            if (id(trial).equals(id)) {
                return trial;
            }
        }
        throw new AssertionError(id);
    }

    private static JsonNode best(JsonNode sweep) {
        return byId(sweep.path("best_trial").asText());
    }

    private static JsonNode trial(JsonNode sweep, double rate, double dropout, int depth) {
        for (JsonNode trial : sweep.path("trials")) {
            JsonNode parameters = trial.path("parameters");
            if (parameters.path("learning_rate").asDouble() == rate
                    && parameters.path("dropout").asDouble() == dropout
                    && parameters.path("fine_tune_depth").asInt() == depth) {
                return trial;
            }
        }
        throw new AssertionError("no trial " + rate + ", " + dropout + ", " + depth);
    }
}
