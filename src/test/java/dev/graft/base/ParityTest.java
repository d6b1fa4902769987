package dev.graft.base;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.Shared;
import dev.graft.onnx.OnnxExporter;
import dev.graft.onnx.OnnxModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every base gives the features that Keras and torchvision give, at every tap, in Deeplearning4j and ONNX Runtime. */
class ParityTest {

    /** Typical mistakes lie above 3e-3; float noise stays below 1e-5. */
    private static final double TOLERANCE = 1e-4;

    private static final Map<String, Integer> PARAMETERS = Map.of("mobilenet_v2", 2_257_984, "squeezenet", 722_496);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> everyFixtureOfEveryBase() throws IOException {
        Path folder = Shared.path("parity/json");
        Catalogue catalogue = new Catalogue(List.of(Shared.path("weights")));
        List<DynamicTest> tests = new ArrayList<>();
        Map<String, Integer> counts = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                JsonNode fixture = JSON.readTree(file.toFile());
                String name = fixture.path("arch").asText();
                if (catalogue.names().contains(name)) {
                    counts.merge(name, 1, Integer::sum);
                    tests.add(DynamicTest.dynamicTest(
                            file.getFileName().toString(),
                            () -> check(catalogue, catalogue.entry(name).architecture(), fixture)));
                }
            }
        }
        assertThat(counts.keySet()).containsAll(PARAMETERS.keySet());
        tests.add(DynamicTest.dynamicTest(
                "fixtures run: " + counts, () -> assertThat(counts).isNotEmpty()));
        return tests.stream();
    }

    private static void check(Catalogue catalogue, Architecture architecture, JsonNode fixture) throws IOException {
        int size = fixture.path("size").asInt();
        boolean real = fixture.path("kind").asText().equals("real");
        BaseWeights weights =
                real ? catalogue.load(architecture.name()) : FormulaWeights.of(architecture, gains(fixture));
        assertThat(weights.tensors().values().stream()
                        .mapToInt(t -> t.values().length)
                        .sum())
                .isEqualTo(PARAMETERS.get(architecture.name()));

        float[] pixels = real
                ? pixels(Shared.path(
                        "parity/" + fixture.path("input").path("png").asText()))
                : FormulaWeights.input(size);
        int images = pixels.length / (3 * size * size);
        for (int image = 0; image < images; image++) {
            architecture.preprocessing().apply(pixels, image * 3 * size * size, size * size);
        }

        Network network = architecture.network(size);
        InputType type = InputType.convolutional(size, size, 3);
        ComputationGraph graph = network.graph(new NeuralNetConfiguration.Builder(), type);
        LayerWeights.assign(graph, weights.tensors());
        List<String> taps = new ArrayList<>();
        fixture.path("taps").forEach(tap -> taps.add(tap.path("name").asText()));

        try (OnnxModel model = OnnxModel.load(OnnxExporter.export(graph, type, taps), 2)) {
            FloatBuffer buffer = OnnxModel.buffer(pixels.length);
            buffer.put(pixels);
            List<float[]> values = model.run(buffer, images, taps);
            for (int i = 0; i < taps.size(); i++) {
                compare(
                        "ONNX Runtime",
                        taps.get(i),
                        values.get(i),
                        images,
                        fixture.path("taps").get(i));
            }
            compareOutput("ONNX Runtime", values.get(taps.size() - 1), images, fixture);
        }
        Map<String, INDArray> activations =
                graph.feedForward(Nd4j.create(pixels, new long[] {images, 3, size, size}, 'c'), false);
        for (int i = 0; i < taps.size(); i++) {
            float[] values = activations.get(taps.get(i)).dup('c').data().asFloat();
            compare(
                    "Deeplearning4j",
                    taps.get(i),
                    values,
                    images,
                    fixture.path("taps").get(i));
            if (i == taps.size() - 1) {
                compareOutput("Deeplearning4j", values, images, fixture);
            }
        }
    }

    private static void compare(String engine, String name, float[] values, int images, JsonNode tap) {
        int channels = tap.path("shape").get(0).asInt();
        int plane = tap.path("shape").get(1).asInt() * tap.path("shape").get(2).asInt();
        assertThat(values).as("%s %s size", engine, name).hasSize(images * channels * plane);
        double[] gap = Arrays.copyOf(gap(values, 0, channels, plane), 8);
        assertThat(relative(gap, tap.path("gap8"))).as("%s %s", engine, name).isLessThan(TOLERANCE);
    }

    private static void compareOutput(String engine, float[] values, int images, JsonNode fixture) {
        int channels = fixture.path("output").path("shape").get(0).asInt();
        int plane = values.length / images / channels;
        double[] first = gap(values, 0, channels, plane);
        assertThat(relative(first, fixture.path("output").path("gap")))
                .as(engine + " output")
                .isLessThan(TOLERANCE);
        if (images > 1) {
            double[] second = Arrays.copyOf(gap(values, channels * plane, channels, plane), 16);
            assertThat(relative(second, fixture.path("item1").path("gap16")))
                    .as(engine + " second image")
                    .isLessThan(TOLERANCE);
        }
    }

    private static double[] gap(float[] values, int offset, int channels, int plane) {
        double[] gap = new double[channels];
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < plane; i++) {
                gap[channel] += values[offset + channel * plane + i] / (double) plane;
            }
        }
        return gap;
    }

    private static double relative(double[] found, JsonNode expected) {
        assertThat(expected.size()).isEqualTo(found.length);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < found.length; i++) {
            difference += Math.pow(found[i] - expected.get(i).asDouble(), 2);
            norm += Math.pow(expected.get(i).asDouble(), 2);
        }
        return Math.sqrt(difference / Math.max(norm, 1e-30));
    }

    private static Map<String, Double> gains(JsonNode fixture) {
        Map<String, Double> gains = new HashMap<>();
        fixture.path("weights")
                .path("gains")
                .properties()
                .forEach(e -> gains.put(e.getKey(), e.getValue().asDouble()));
        return gains;
    }

    private static float[] pixels(Path png) throws IOException {
        BufferedImage image = ImageIO.read(png.toFile());
        int plane = image.getWidth() * image.getHeight();
        int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        float[] values = new float[3 * plane];
        for (int i = 0; i < plane; i++) {
            values[i] = rgb[i] >> 16 & 255;
            values[plane + i] = rgb[i] >> 8 & 255;
            values[2 * plane + i] = rgb[i] & 255;
        }
        return values;
    }
}
