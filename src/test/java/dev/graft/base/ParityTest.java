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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
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

    /** Published counts without top, moving statistics included. */
    private static final Map<String, Integer> PARAMETERS = Map.of(
            "efficientnet_b0", 4_049_571,
            "inception_v3", 21_802_784,
            "mobilenet", 3_228_864,
            "mobilenet_0.25", 218_544,
            "mobilenet_v2", 2_257_984,
            "resnet18", 11_186_112,
            "resnet50", 23_587_712,
            "squeezenet", 722_496,
            "vgg16", 14_714_688,
            "xception", 20_861_480);

    /** Taps that have no layer of their own: what the fixtures call them, and the layer whose output they are. */
    private static final Map<String, String> TAPS = Map.of("input_normalized", "normalization");

    private static final ObjectMapper JSON = new ObjectMapper();

    private static BaseWeights madeUp;
    private static String madeUpFor;

    @TestFactory
    Stream<DynamicTest> everyFixtureOfEveryBase() throws IOException {
        Path folder = Shared.path("parity/json");
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, Integer> passed = new TreeMap<>();
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                JsonNode fixture = JSON.readTree(file.toFile());
                Architecture architecture = architecture(fixture);
                counts.merge(architecture.name(), 1, Integer::sum);
                tests.add(DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    check(architecture, fixture);
                    passed.merge(architecture.name(), 1, Integer::sum);
                }));
            }
        }
        assertThat(counts.keySet()).isEqualTo(PARAMETERS.keySet());
        tests.add(DynamicTest.dynamicTest("all of them", () -> {
            // The build's log shows no names of passing tests.
            System.out.println("parity fixtures passed in both engines, by base: " + passed + " of " + counts);
            assertThat(passed).isEqualTo(counts);
        }));
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> everyTableOfNamesShapesAndValues() throws IOException {
        try (Stream<Path> files = Files.list(Shared.path("parity/tables"))) {
            return files.sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(
                            file.getFileName().toString(),
                            () -> checkTable(
                                    JSON.readTree(file.toFile()),
                                    // The only table of another width says so in its name alone.
                                    file.toString().contains("alpha0.25") ? 0.25 : 1)));
        }
    }

    private static Architecture architecture(JsonNode fixture) {
        return Architectures.of(
                        fixture.path("arch").asText(), fixture.path("alpha").asDouble(1))
                .orElseThrow();
    }

    private static void checkTable(JsonNode table, double alpha) {
        Architecture architecture =
                Architectures.of(table.path("arch").asText(), alpha).orElseThrow();
        Map<String, Map<String, int[]>> expected = BaseWeights.expected(architecture);
        // torchvision's files are read by name.
        if (!architecture.name().equals("resnet18")) {
            List<String> order = new ArrayList<>();
            table.path("layer_order").forEach(layer -> order.add(layer.asText()));
            assertThat(expected.keySet()).containsExactlyElementsOf(order);
        }
        Map<String, String> shapes = new TreeMap<>();
        expected.values().forEach(layer -> layer.forEach((key, shape) -> shapes.put(key, Arrays.toString(shape))));
        Map<String, String> wanted = new TreeMap<>();
        for (JsonNode tensor : table.path("table")) {
            List<Integer> shape = new ArrayList<>();
            tensor.path("shape").forEach(axis -> shape.add(axis.asInt()));
            if (tensor.path("layout").asText().equals("OIHW")) {
                Collections.rotate(shape, 2);
                Collections.swap(shape, 2, 3);
            }
            // A scalar is a tensor of one value to us.
            wanted.put(tensor.path("key").asText(), shape.isEmpty() ? "[1]" : shape.toString());
        }
        assertThat(shapes).isEqualTo(wanted);
    }

    /** Keeps the last ones: the fixtures of one base follow each other. */
    private static BaseWeights madeUp(Architecture architecture, Map<String, Double> gains) {
        if (!architecture.name().equals(madeUpFor)) {
            madeUp = FormulaWeights.of(architecture, gains);
            madeUpFor = architecture.name();
        }
        return madeUp;
    }

    private static void check(Architecture architecture, JsonNode fixture) throws IOException {
        int size = fixture.path("size").asInt();
        boolean real = fixture.path("kind").asText().equals("real");
        BaseWeights weights = real
                ? BaseWeights.read(
                        architecture,
                        Shared.path(fixture.path("weights").path("file").asText()))
                : madeUp(architecture, gains(fixture));
        assertThat(BaseWeights.expected(architecture).values().stream()
                        .flatMap(layer -> layer.values().stream())
                        .mapToInt(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
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
        ComputationGraph graph = network.graph(Network.assigned(), type);
        LayerWeights.assign(graph, weights.tensors());
        List<String> taps = new ArrayList<>();
        fixture.path("taps")
                .forEach(tap -> taps.add(TAPS.getOrDefault(
                        tap.path("name").asText(), tap.path("name").asText())));

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
        double[] gap = Arrays.copyOf(gap(values, 0, channels, plane), Math.min(8, channels));
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
