package dev.graft.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.base.NetworkBuilder.Padding;
import dev.graft.train.FoldedTail;
import io.jhdf.HdfFile;
import io.jhdf.api.WritableGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Weights of one small network come out the same whatever kind of file held them. */
class WeightFormatTest {

    /** Has one of everything that files store in ways of their own. */
    static final Architecture SMALL = new Architecture() {

        @Override
        public Description description() {
            return new Description("small", 1, 16, 6, Preprocessing.UNIT);
        }

        @Override
        public Network network(int imageSize) {
            NetworkBuilder net = new NetworkBuilder();
            String x = net.pixelNormalization("normalization", Network.INPUT, new float[] {1, 2, 3});
            x = net.conv("stem", x, 4, 3, 2, Padding.SAME, true);
            x = net.batchNorm("stem_bn", x, 1e-3);
            net.block("first", x);
            x = net.depthwise("dw", x, 3, 1, Padding.SAME);
            x = net.batchNorm("dw_bn", x, 1e-3);
            x = net.activation("dw_relu", x, Activation.RELU);
            net.block("last", x);
            x = net.separable("sep", x, 6);
            x = net.batchNormWithoutGamma("sep_bn", x, 1e-3);
            x = net.conv("biased", x, 6, 1, 1, Padding.VALID, true);
            x = net.batchNorm("biased_bn", x, 1e-5);
            return net.build(net.conv("bare", x, 6, 1, 1, Padding.VALID, true));
        }
    };

    static final Map<String, Tensor> TENSORS = PseudoRandomWeights.of(SMALL);
    private static final String DIGEST = BaseWeights.ofFile(SMALL, TENSORS).digest();

    @TempDir
    Path folder;

    private void assertRead(Path path) {
        assertThat(BaseWeights.read(SMALL, path).digest()).isEqualTo(DIGEST);
    }

    /** Returns tensors layer by layer, as files of Keras have them. */
    private static Map<String, Map<String, Tensor>> layers() {
        Map<String, Map<String, Tensor>> layers = new LinkedHashMap<>();
        BaseWeights.expected(SMALL).forEach((layer, shapes) -> {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            shapes.keySet().forEach(key -> tensors.put(key.substring(layer.length() + 1), TENSORS.get(key)));
            layers.put(layer, tensors);
        });
        return layers;
    }

    private static void put(WritableGroup group, String name, Tensor tensor) {
        int[] s = tensor.shape();
        float[] values = tensor.values();
        group.putDataset(name, s.length == 1 ? values : nested(s, values));
    }

    private static Object nested(int[] s, float[] values) {
        float[][][][] nested = new float[s[0]][s[1]][s[2]][s[3]];
        for (int i = 0; i < values.length; i++) {
            nested[i / (s[1] * s[2] * s[3])][i / (s[2] * s[3]) % s[1]][i / s[3] % s[2]][i % s[3]] = values[i];
        }
        return nested;
    }

    @Nested
    class Hdf5OfKeras1And2 {

        /** Writes the attributes {@code layer_names} and {@code weight_names}. */
        private Path write(String inside, String suffix, Function<String, String> layerName) {
            Path file = folder.resolve("keras.h5");
            try (var hdf = HdfFile.write(file)) {
                WritableGroup root = inside.isEmpty() ? hdf : hdf.putGroup(inside);
                List<String> names = new ArrayList<>();
                layers().forEach((layer, tensors) -> {
                    String stored = layerName.apply(layer);
                    names.add(stored);
                    WritableGroup group = root.putGroup(stored);
                    List<String> weights = new ArrayList<>();
                    tensors.forEach((kind, tensor) -> {
                        weights.add(stored + "_" + kind + suffix);
                        put(group, stored + "_" + kind + suffix, tensor);
                    });
                    group.putAttribute("weight_names", weights.toArray(String[]::new));
                });
                root.putAttribute("layer_names", names.toArray(String[]::new));
            }
            return file;
        }

        @ParameterizedTest
        @CsvSource({"'',:0", "'',_1:0", "model_weights,:0"})
        void isReadInTheOrderOfItsLayersWhateverTheirNames(String inside, String suffix) {
            assertRead(write(inside, suffix, layer -> layer));
            assertRead(write(inside, suffix, layer -> "layer_of_" + layer.length() + "_" + layer.hashCode()));
        }

        @Test
        void namesEverythingThatDoesNotFit() {
            Map<String, Map<String, Tensor>> wrong = layers();
            Path file = folder.resolve("wrong.h5");
            try (var hdf = HdfFile.write(file)) {
                List<String> names = new ArrayList<>(wrong.keySet());
                names.remove("bare");
                for (String layer : names) {
                    WritableGroup group = hdf.putGroup(layer);
                    List<String> weights = new ArrayList<>();
                    wrong.get(layer).forEach((kind, tensor) -> {
                        weights.add(kind);
                        put(group, kind, layer.equals("dw") ? new Tensor(new int[] {1}, new float[1]) : tensor);
                    });
                    group.putAttribute("weight_names", weights.toArray(String[]::new));
                }
                hdf.putAttribute("layer_names", names.toArray(String[]::new));
            }
            assertThatThrownBy(() -> BaseWeights.read(SMALL, file))
                    .isInstanceOf(WeightException.class)
                    .hasMessageContaining("does not hold weights of small")
                    .hasMessageContaining("dw/depthwise_kernel must be [3, 3, 4, 1], but depthwise_kernel is [1]")
                    .hasMessageContaining("bare/kernel [1, 1, 6, 6] is missing")
                    .hasMessageContaining("bare/bias [6] is missing");
        }
    }

    @Nested
    class Hdf5OfKeras3 {

        private final List<String> classes = List.of(
                "normalization",
                "conv2d",
                "batch_normalization",
                "depthwise_conv2d",
                "batch_normalization_1",
                "separable_conv2d",
                "batch_normalization_2",
                "conv2d_1",
                "batch_normalization_3",
                "conv2d_2");

        private Path write(String... inside) {
            Path file = folder.resolve("model.weights.h5");
            try (var hdf = HdfFile.write(file)) {
                WritableGroup group = hdf;
                for (String name : inside) {
                    group = group.putGroup(name);
                }
                int index = 0;
                for (Map<String, Tensor> tensors : layers().values()) {
                    WritableGroup variables =
                            group.putGroup(classes.get(index++)).putGroup("vars");
                    int number = 0;
                    for (Tensor tensor : tensors.values()) {
                        put(variables, String.valueOf(number++), tensor);
                    }
                }
                group.putGroup("activation").putGroup("vars");
            }
            return file;
        }

        @Test
        void isReadByTheClassesOfItsLayers() {
            assertRead(write("layers"));
        }

        @Test
        void isReadFromABaseInsideAModel() {
            assertRead(write("layers", "functional", "layers"));
        }

        @Test
        void isReadOutOfAnArchive() throws IOException {
            Path inner = write("layers");
            assertRead(zip("model.keras", Map.of("config.json", "{}".getBytes(StandardCharsets.UTF_8)), inner));
        }

        @Test
        void isMissedInAnotherArchive() throws IOException {
            Path other = zip("other.keras", Map.of("readme.txt", new byte[3]), null);
            assertThatThrownBy(() -> BaseWeights.read(SMALL, other))
                    .isInstanceOf(WeightException.class)
                    .hasMessage(other + " holds no model.weights.h5; it is not a .keras archive");
        }

        private Path zip(String name, Map<String, byte[]> entries, Path weights) throws IOException {
            Path archive = folder.resolve(name);
            try (OutputStream out = Files.newOutputStream(archive);
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                    zip.putNextEntry(new ZipEntry(entry.getKey()));
                    zip.write(entry.getValue());
                }
                if (weights != null) {
                    zip.putNextEntry(new ZipEntry("model.weights.h5"));
                    Files.copy(weights, zip);
                }
            }
            return archive;
        }
    }

    @Nested
    class SafetensorsFiles {

        @Test
        void areReadByName() throws IOException {
            Path file = folder.resolve("named-otherwise.bin");
            Safetensors.write(file, TENSORS, Map.of());
            assertRead(file);
        }

        /** Writes ResNet-18 as PyTorch does. */
        private Path torch(String prefix, Map<String, Tensor> more) throws IOException {
            Map<String, Tensor> torch = new LinkedHashMap<>();
            PseudoRandomWeights.of(resnet18()).forEach((key, tensor) -> {
                int slash = key.lastIndexOf('/');
                String kind = Map.of(
                                "kernel", "weight",
                                "gamma", "weight",
                                "beta", "bias",
                                "moving_mean", "running_mean",
                                "moving_variance", "running_var")
                        .get(key.substring(slash + 1));
                torch.put(prefix + key.substring(0, slash) + "." + kind, toTorchLayout(tensor));
            });
            torch.putAll(more);
            Path file = folder.resolve("resnet18.safetensors");
            Safetensors.write(file, torch, Map.of("format", "pt"));
            return file;
        }

        private Architecture resnet18() {
            return Architectures.of("resnet18", 1).orElseThrow();
        }

        private Tensor toTorchLayout(Tensor tensor) {
            int[] s = tensor.shape();
            if (s.length != 4) {
                return tensor;
            }
            float[] values = new float[tensor.values().length];
            for (int out = 0; out < s[3]; out++) {
                for (int in = 0; in < s[2]; in++) {
                    for (int pixel = 0; pixel < s[0] * s[1]; pixel++) {
                        values[(out * s[2] + in) * s[0] * s[1] + pixel] =
                                tensor.values()[(pixel * s[2] + in) * s[3] + out];
                    }
                }
            }
            return new Tensor(new int[] {s[3], s[2], s[0], s[1]}, values);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "module.", "model."})
        void ofPyTorchAreReadWithoutTheirClassifier(String prefix) throws IOException {
            Path file = torch(
                    prefix,
                    Map.of(
                            prefix + "fc.weight", new Tensor(new int[] {2, 512}, new float[1024]),
                            prefix + "fc.bias", new Tensor(new int[] {2}, new float[2])));
            assertThat(BaseWeights.read(resnet18(), file).digest())
                    .isEqualTo(BaseWeights.ofFile(resnet18(), PseudoRandomWeights.of(resnet18()))
                            .digest());
        }

        @Test
        void ofPyTorchAreRefusedNamingWhatDoesNotFit() throws IOException {
            Path file = torch("", Map.of("layer5.0.conv1.weight", new Tensor(new int[] {1, 1, 3, 3}, new float[9])));
            assertThatThrownBy(() -> BaseWeights.read(resnet18(), file))
                    .isInstanceOf(WeightException.class)
                    .hasMessageContaining("layer5.0.conv1/kernel is left over");
            Map<String, Tensor> fewer = new LinkedHashMap<>(Safetensors.read(file));
            fewer.remove("layer4.1.bn2.running_var");
            fewer.put("bn1.bias", new Tensor(new int[] {3}, new float[3]));
            Safetensors.write(file, fewer, Map.of());
            assertThatThrownBy(() -> BaseWeights.read(resnet18(), file))
                    .hasMessageContaining("layer4.1.bn2/moving_variance [512] is missing")
                    .hasMessageContaining("bn1/beta must be [64], but bn1/beta is [3]");
        }

        @ParameterizedTest
        @CsvSource({
            "F64, 8, 000000000000f43f0000000000000ac0, 1.25, -3.25",
            "F16, 2, 003d80c2, 1.25, -3.25",
            "BF16, 2, a03f50c0, 1.25, -3.25"
        })
        void mayHoldFloatsOfOtherSizes(String type, int bytes, String hex, float first, float second) {
            byte[] values = java.util.HexFormat.of().parseHex(hex);
            assertThat(Safetensors.parse(file("x", type, 2, values), "file")
                            .get("x")
                            .values())
                    .containsExactly(first, second);
            assertThat(values).hasSize(2 * bytes);
        }

        @Test
        void passOverCountersButNoOtherWholeNumbers() {
            byte[] one = {1, 0, 0, 0, 0, 0, 0, 0};
            assertThat(Safetensors.parse(file("bn1.num_batches_tracked", "I64", 1, one), "file"))
                    .isEmpty();
            assertThatThrownBy(() -> Safetensors.parse(file("conv1.weight", "I64", 1, one), "file"))
                    .isInstanceOf(WeightException.class)
                    .hasMessage("file: conv1.weight must be F32, F16, BF16 or F64, but is I64");
        }

        private static byte[] file(String name, String type, int count, byte[] values) {
            byte[] header = ("{\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":[" + count
                            + "],\"data_offsets\":[0," + values.length + "]}}")
                    .getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(8 + header.length + values.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .put(header)
                    .put(values)
                    .array();
        }
    }

    @Nested
    class Bundles {

        private final InputType type = InputType.convolutional(16, 16, 3);

        private ComputationGraph graph(Network network, Map<String, Tensor> weights) {
            ComputationGraph graph = network.graph(Network.assigned(), type);
            LayerWeights.assign(graph, weights);
            return graph;
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2})
        void giveBackABaseThatComputesTheSameWithOrWithoutAFoldedTail(int depth) throws IOException {
            BaseWeights weights = BaseWeights.ofFile(SMALL, TENSORS);
            Network network = SMALL.network(16);
            Map<String, Tensor> all = new LinkedHashMap<>(weights.tensors());
            Network model = network;
            if (depth > 0) {
                FoldedTail tail = FoldedTail.of(network, weights.tensors(), network.cut(depth));
                model = network.upTo(List.of(network.cut(depth))).followedBy(tail.network());
                all.putAll(tail.weights());
            }
            ModelSerializer.writeModel(
                    graph(model, all), folder.resolve("model.zip").toFile(), false);
            BaseWeights back = BaseWeights.read(SMALL, folder);
            INDArray input = Nd4j.rand(1, 3, 16, 16);
            INDArray expected = graph(network, weights.tensors()).outputSingle(false, input);
            INDArray found = graph(network, back.tensors()).outputSingle(false, input);
            assertThat(found.sub(expected).normmaxNumber().doubleValue()
                            / expected.normmaxNumber().doubleValue())
                    .isCloseTo(0, within(1e-5));
            assertThat(back.tensors().keySet())
                    .containsExactlyElementsOf(weights.tensors().keySet());
        }

        @Test
        void ofAnotherBaseAreRefused() throws IOException {
            Architecture sprout = Architectures.of("sprout", 1).orElseThrow();
            ModelSerializer.writeModel(
                    graph(sprout.network(16), Map.of()),
                    folder.resolve("model.zip").toFile(),
                    false);
            assertThatThrownBy(() -> BaseWeights.read(SMALL, folder))
                    .isInstanceOf(WeightException.class)
                    .hasMessageContaining("does not hold weights of small")
                    .hasMessageContaining("bare/bias [6] is missing");
        }

        private void zip(Map<String, byte[]> entries) throws IOException {
            try (OutputStream out = Files.newOutputStream(folder.resolve("model.zip"));
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                    zip.putNextEntry(new ZipEntry(entry.getKey()));
                    zip.write(entry.getValue());
                }
            }
        }

        @Test
        void fromStrangersRunNoCode() throws IOException {
            ByteArrayOutputStream object = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(object)) {
                out.writeObject(new Hostile());
            }
            ModelSerializer.writeModel(
                    graph(SMALL.network(16), BaseWeights.ofFile(SMALL, TENSORS).tensors()),
                    folder.resolve("model.zip").toFile(),
                    false);
            Map<String, byte[]> entries = new LinkedHashMap<>();
            try (ZipFile zip = new ZipFile(folder.resolve("model.zip").toFile())) {
                for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
                    entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
                }
            }
            entries.put("preprocessor.bin", object.toByteArray());
            entries.put("normalizer.bin", object.toByteArray());
            zip(entries);
            assertThat(BaseWeights.read(SMALL, folder).digest()).isEqualTo(DIGEST);
            assertThat(Hostile.ran).isFalse();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{'@class': 'javax.swing.JEditorPane'}",
                    "{'vertices': {'a': {'@class': 'org.springframework.context.support.ClassPathXmlApplicationContext'}}}",
                    "{'a': [{'@class': 'org.deeplearning4j.nn.conf.layers.Evil$Inner'}]}",
                    "{'@class': 7}",
                    "{'type': 'org.evil.Distribution'}",
                    "{'\\u0040class': 'org.evil.Thing'}"
                })
        void mayNotNameClassesThatNoNetworkHas(String json) throws IOException {
            zip(Map.of("configuration.json", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
            assertThatThrownBy(() -> BaseWeights.read(SMALL, folder))
                    .isInstanceOf(WeightException.class)
                    .hasMessageContaining("names a class that no network of Graft has");
        }

        @ParameterizedTest
        @CsvSource({
            "3, floats as Graft writes them",
            "25, axes",
            "28, floats as Graft writes them",
            "39, axes",
            "47, claim",
            "105, claim",
            "108, floats as Graft writes them"
        })
        void withNumbersThatLieAboutThemselvesAreRefused(int at, String words) throws IOException {
            ModelSerializer.writeModel(
                    graph(SMALL.network(16), BaseWeights.ofFile(SMALL, TENSORS).tensors()),
                    folder.resolve("model.zip").toFile(),
                    false);
            Map<String, byte[]> entries = new LinkedHashMap<>();
            try (ZipFile zip = new ZipFile(folder.resolve("model.zip").toFile())) {
                for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
                    entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
                }
            }
            entries.get("coefficients.bin")[at] ^= 1;
            zip(entries);
            assertThatThrownBy(() -> BaseWeights.read(SMALL, folder))
                    .isInstanceOf(WeightException.class)
                    .hasMessageContaining("is not a readable model")
                    .hasMessageContaining(words);
        }

        @Test
        void thatGrowWithoutEndAreRefused() throws IOException {
            zip(Map.of("configuration.json", new byte[65 << 20]));
            assertThatThrownBy(() -> BaseWeights.read(SMALL, folder))
                    .isInstanceOf(WeightException.class)
                    .hasMessageContaining("configuration.json is larger than 67108864 bytes");
        }

        @Test
        void withoutAReadableModelAreRefused() throws IOException {
            assertThatThrownBy(() -> BaseWeights.read(SMALL, folder)).hasMessageContaining("holds no model.zip");
            Files.write(folder.resolve("model.zip"), new byte[100]);
            assertThatThrownBy(() -> BaseWeights.read(SMALL, folder))
                    .isInstanceOf(WeightException.class)
                    .hasMessageContaining("is not a readable model");
        }
    }

    /** Says so when somebody deserialises it. */
    private static final class Hostile implements Serializable {

        private static final long serialVersionUID = 1;
        private static boolean ran;

        private void readObject(ObjectInputStream in) {
            ran = true;
        }
    }

    @Test
    void otherFilesAreRefusedSayingWhatIsRead() throws IOException {
        Path text = Files.writeString(folder.resolve("weights.txt"), "no weights here");
        assertThatThrownBy(() -> BaseWeights.read(SMALL, text))
                .isInstanceOf(WeightException.class)
                .hasMessage(text + " is not a readable HDF5 file, nor a .keras archive, nor safetensors, nor a folder"
                        + " from graft export");
        Path none = folder.resolve("none.h5");
        assertThatThrownBy(() -> BaseWeights.read(SMALL, none)).hasMessage(none + " does not exist");
    }
}
