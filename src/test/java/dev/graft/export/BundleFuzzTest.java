package dev.graft.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.Fuzz;
import dev.graft.Mutations;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import onnx.Onnx;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a bundle from a stranger holds, it predicts or is refused. */
class BundleFuzzTest {

    private static final long MOST_BYTES = 256L << 20;
    private static final byte[] MODEL = SmallBundle.model();
    private static final String SETTINGS = SmallBundle.settings();

    @TempDir
    Path folder;

    private Path image;

    @BeforeEach
    void draw() throws IOException {
        image = folder.resolve("image.png");
        ImageIO.write(new BufferedImage(10, 10, BufferedImage.TYPE_INT_RGB), "png", image.toFile());
        write(MODEL, SETTINGS.getBytes(StandardCharsets.UTF_8));
    }

    private void write(byte[] model, byte[] settings) throws IOException {
        Files.write(folder.resolve(Bundle.MODEL), model);
        Files.write(folder.resolve(Bundle.PREPROCESSING), settings);
    }

    private boolean predicts() {
        try (Bundle bundle = Bundle.open(folder, 1)) {
            assertThat(bundle.predict(image)).hasSize(bundle.labels().size());
            return true;
        } catch (ExportException e) {
            assertThat(e.getMessage()).hasLineCount(1).hasSizeLessThan(4000);
            return false;
        }
    }

    @Test
    void changedModelsPredictOrAreRefused() throws Exception {
        Fuzz.run("ONNX models", 500, MOST_BYTES, random -> Mutations.bytes(random, MODEL), input -> {
            write(input, SETTINGS.getBytes(StandardCharsets.UTF_8));
            return predicts();
        });
    }

    /** Well-formed models that make no sense come as far as native code. */
    @Test
    void modelsOfOtherNumbersPredictOrAreRefused() throws Exception {
        Onnx.ModelProto whole = Onnx.ModelProto.parseFrom(MODEL);
        Fuzz.run(
                "ONNX models, well-formed",
                500,
                MOST_BYTES,
                random -> other(random, whole).toByteArray(),
                input -> {
                    write(input, SETTINGS.getBytes(StandardCharsets.UTF_8));
                    return predicts();
                });
    }

    private static Onnx.ModelProto other(SplittableRandom random, Onnx.ModelProto whole) {
        Onnx.GraphProto.Builder graph = whole.getGraph().toBuilder();
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            Onnx.NodeProto.Builder node = graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
            Onnx.TensorProto.Builder tensor = graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount()));
            switch (random.nextInt(7)) {
                case 0 -> node.setInput(random.nextInt(node.getInputCount()), anyValue(random, graph));
                case 1 -> node.setOutput(0, anyValue(random, graph));
                case 2 ->
                    node.setOpType(
                            List.of("Add", "Concat", "MaxPool", "Pad", "Gemm", "Flatten", "BatchNormalization", "Clip")
                                    .get(random.nextInt(8)));
                case 3 -> node.addInput(anyValue(random, graph));
                case 4 -> {
                    if (node.getAttributeCount() > 0) {
                        Onnx.AttributeProto.Builder attribute =
                                node.getAttributeBuilder(random.nextInt(node.getAttributeCount()));
                        long value = List.of(0L, 1L, -1L, 2L, 7L, 100L, 8192L, -8192L)
                                .get(random.nextInt(8));
                        if (attribute.getIntsCount() > 0 && random.nextBoolean()) {
                            attribute.setInts(random.nextInt(attribute.getIntsCount()), value);
                        } else if (random.nextBoolean()) {
                            attribute.addInts(value);
                        } else {
                            attribute.setI(value);
                        }
                    }
                }
                case 5 -> {
                    // The same numbers in another shape.
                    long count = tensor.getDimsList().stream().reduce(1L, (a, b) -> a * b);
                    tensor.clearDims();
                    if (random.nextBoolean()) {
                        tensor.addDims(count);
                    } else {
                        tensor.addDims(1).addDims(1).addDims(count).addDims(1);
                    }
                }
                default ->
                    graph.getInputBuilder(0)
                            .getTypeBuilder()
                            .getTensorTypeBuilder()
                            .getShapeBuilder()
                            .getDimBuilder(random.nextInt(4))
                            .setDimValue(
                                    List.of(0L, 1L, 3L, 8L, 9L, -1L, 1L << 40).get(random.nextInt(7)));
            }
        }
        return whole.toBuilder().setGraph(graph).build();
    }

    private static String anyValue(SplittableRandom random, Onnx.GraphProto.Builder graph) {
        int choice = random.nextInt(graph.getNodeCount() + graph.getInitializerCount() + 1);
        return choice < graph.getNodeCount()
                ? graph.getNode(choice).getOutput(0)
                : choice - graph.getNodeCount() < graph.getInitializerCount()
                        ? graph.getInitializer(choice - graph.getNodeCount()).getName()
                        : "input";
    }

    @Test
    void changedSettingsPredictOrAreRefused() throws Exception {
        Fuzz.run(
                "preprocessing.json",
                500,
                MOST_BYTES,
                random -> random.nextBoolean()
                        ? Mutations.bytes(random, SETTINGS.getBytes(StandardCharsets.UTF_8))
                        : Mutations.text(random, SETTINGS).getBytes(StandardCharsets.UTF_8),
                input -> {
                    write(MODEL, input);
                    return predicts();
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"image_size\":8; \"image_size\":2000000000; image_size must be in 1 to 2048",
                "\"image_size\":8; \"image_size\":-8; image_size must be in 1 to 2048",
                "\"image_size\":8; \"image_size\":16; does not take the images",
                "\"channels\":\"rgb\"; \"channels\":\"cmyk\"; channels must be rgb or bgr",
                "\"mean\":[127.5,; \"mean\":[; mean and scale must have three numbers",
                "\"output\":\"out\"; \"output\":\"none\"; has another output",
                "\"cat\",; \"cat\",\"cow\",; gives 2 probabilities for 3 labels",
                "\"format\":1; \"format\":2; format must be 1, but was 2",
                "\"format\":1; \"format\":1,\"@class\":\"javax.swing.JFrame\"; is not readable",
                "\"labels\":[; \"labels\":[null,; is not readable"
            })
    void settingsThatDoNotFitAreNamed(String from, String to, String words) throws IOException {
        assertThat(SETTINGS).contains(from);
        write(MODEL, SETTINGS.replace(from, to).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> {
                    try (Bundle bundle = Bundle.open(folder, 1)) {
                        bundle.predict(image);
                    }
                })
                .isInstanceOf(ExportException.class)
                .hasMessageContaining(words);
    }

    @Test
    void settingsOfAnySizeAreNotReadWhole() throws IOException {
        try (var file = new java.io.RandomAccessFile(
                folder.resolve(Bundle.PREPROCESSING).toFile(), "rw")) {
            file.setLength(17L << 20);
        }
        assertThatThrownBy(() -> Bundle.open(folder, 1)).hasMessageContaining("is larger than any that Graft writes");
    }

    @Test
    void theUnchangedBundlePredicts() {
        assertThat(predicts()).isTrue();
    }
}
