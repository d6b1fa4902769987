package dev.graft.base;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.spec.PlainText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A base out of a bundle that {@code graft export} wrote: its Deeplearning4j model without the head. Where fine-tuning
 * folded a batch normalisation into the convolution before it, the normalisation comes back as one that only adds the
 * bias: {@code gamma = 1, mean = 0, variance = 1 - epsilon}.
 */
final class BundleWeights {

    private static final String MODEL = "model.zip";
    private static final String HEAD = "head_";

    /** More than the description of any network takes. */
    private static final long MAX_DESCRIPTION_BYTES = 64L << 20;

    /** More than the weights of any base take. */
    private static final long MAX_WEIGHT_BYTES = 2L << 30;

    /** The classes that descriptions of networks may name; any other would be loaded by name, whatever it does. */
    private static final Pattern KNOWN_CLASS = Pattern.compile("(org\\.deeplearning4j\\.nn\\."
            + "(conf\\.(dropout|distribution|graph|inputs|layers|preprocessor)|weights)"
            + "|org\\.nd4j\\.linalg\\.(activations\\.impl|learning\\.(config|regularization)|lossfunctions\\.impl|schedule)"
            + ")\\.[A-Z]\\w*");

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private BundleWeights() {}

    /**
     * Reads the tensors of the base by {@code node/kind}.
     *
     * @param expected the tensors that the architecture's nodes have
     * @throws WeightException when there is no readable model; the bundle's fault
     */
    static Map<String, Tensor> read(Architecture architecture, Set<String> expected, Path folder) {
        Path model = folder.resolve(MODEL);
        if (!Files.isRegularFile(model)) {
            throw new WeightException(
                    folder + " holds no " + MODEL + "; a folder of weights is one that graft export wrote");
        }
        Map<String, Tensor> found = extract(model);
        found.keySet().removeIf(key -> key.startsWith(HEAD));
        // Names and shapes of tensors are the same at every size.
        for (Node node : architecture.network(architecture.minimumSize()).nodes()) {
            if (node instanceof Node.LayerNode layer
                    && layer.layer() instanceof BatchNormalization norm
                    && !found.containsKey(node.name() + "/gamma")) {
                unfold(found, expected, node.name(), node.inputs().get(0), norm.getEps());
            }
        }
        return found;
    }

    private static void unfold(
            Map<String, Tensor> found, Set<String> expected, String norm, String convolution, double epsilon) {
        Tensor bias = found.remove(convolution + "/bias");
        if (bias != null) {
            int[] shape = bias.shape();
            if (expected.contains(convolution + "/bias")) {
                found.put(convolution + "/bias", Tensor.filled(shape, new float[1]));
            }
            found.put(norm + "/gamma", Tensor.filled(shape, new float[] {1}));
            found.put(norm + "/beta", bias);
            found.put(norm + "/moving_mean", Tensor.filled(shape, new float[1]));
            found.put(norm + "/moving_variance", Tensor.filled(shape, new float[] {(float) (1 - epsilon)}));
        }
    }

    /**
     * Reads the description and the weights of the model and nothing else: Deeplearning4j's own reader would also
     * deserialise an object that anyone may have put beside them, load whatever class the description names, and give
     * unchecked numbers to native code.
     */
    private static Map<String, Tensor> extract(Path model) {
        try (ZipFile zip = new ZipFile(model.toFile())) {
            String description;
            try (InputStream in = open(zip, "configuration.json", MAX_DESCRIPTION_BYTES)) {
                description = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            requireKnownClasses(JSON.readTree(description), model);
            float[] values;
            try (InputStream in = open(zip, "coefficients.bin", MAX_WEIGHT_BYTES)) {
                values = Coefficients.read(in);
            }
            ComputationGraph graph = new ComputationGraph(ComputationGraphConfiguration.fromJson(description));
            // Closing a graph without weights fails, and would hide why it has none.
            graph.init(Nd4j.create(values, new long[] {1, values.length}, 'c'), false);
            try {
                return LayerWeights.extract(graph);
            } finally {
                graph.close();
            }
        } catch (WeightException e) {
            throw e;
        } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
            // Damaged archives make the library fail in many ways.
            throw new WeightException(
                    model + " is not a readable model: " + (e.getMessage() == null ? e : e.getMessage()), e);
        }
    }

    /** Deeplearning4j names classes under two keys. */
    private static void requireKnownClasses(JsonNode node, Path model) {
        for (String key : List.of("@class", "type")) {
            String name = node.path(key).asText("");
            if ((key.startsWith("@") || name.contains("."))
                    && node.has(key)
                    && !KNOWN_CLASS.matcher(name).matches()) {
                throw new WeightException(model + " names a class that no network of Graft has: " + PlainText.of(name));
            }
        }
        node.forEach(child -> requireKnownClasses(child, model));
    }

    private static InputStream open(ZipFile zip, String name, long maxBytes) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new WeightException(zip.getName() + " holds no " + name + "; it is not a model of Deeplearning4j");
        }
        return new LimitedInputStream(zip.getInputStream(entry), maxBytes, zip.getName() + ": " + name);
    }
}
