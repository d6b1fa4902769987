package dev.graft.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/**
 * A base out of a bundle that {@code graft export} wrote: its Deeplearning4j model without the head. Where fine-tuning
 * folded a batch normalisation into the convolution before it, the normalisation comes back as one that only adds the
 * bias: {@code gamma = 1, mean = 0, variance = 1 - epsilon}.
 */
final class BundleWeights {

    private static final String MODEL = "model.zip";

    private BundleWeights() {}

    /**
     * Reads the weights.
     *
     * @throws WeightException naming every tensor that is missing or misshapen; the bundle's fault
     */
    static BaseWeights read(Architecture architecture, Path folder) {
        Path model = folder.resolve(MODEL);
        if (!Files.isRegularFile(model)) {
            throw new WeightException(
                    folder + " holds no " + MODEL + "; a folder of weights is one that graft export wrote");
        }
        Map<String, Tensor> found = extract(model);
        // Names and shapes of tensors are the same at every size.
        for (Node node : architecture.network(architecture.minimumSize()).nodes()) {
            if (node instanceof Node.LayerNode layer
                    && layer.layer() instanceof BatchNormalization norm
                    && !found.containsKey(node.name() + "/gamma")) {
                unfold(found, node.name(), node.inputs().get(0), norm.getEps());
            }
        }
        List<String> problems = new ArrayList<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        BaseWeights.nodeShapes(architecture).forEach((key, shape) -> {
            Tensor tensor = found.get(key);
            if (tensor == null) {
                problems.add(key + " " + Arrays.toString(shape) + " is missing");
            } else if (!Arrays.equals(shape, tensor.shape())) {
                problems.add(
                        key + " must be " + Arrays.toString(shape) + ", but is " + Arrays.toString(tensor.shape()));
            } else {
                tensors.put(key, tensor);
            }
        });
        if (!problems.isEmpty()) {
            throw WeightException.listing(model.toString(), architecture.name(), problems);
        }
        return BaseWeights.of(tensors);
    }

    private static void unfold(Map<String, Tensor> found, String norm, String convolution, double epsilon) {
        Tensor bias = found.get(convolution + "/bias");
        if (bias != null) {
            int[] shape = bias.shape();
            found.put(convolution + "/bias", Tensor.filled(shape, new float[1]));
            found.put(norm + "/gamma", Tensor.filled(shape, new float[] {1}));
            found.put(norm + "/beta", bias);
            found.put(norm + "/moving_mean", Tensor.filled(shape, new float[1]));
            found.put(norm + "/moving_variance", Tensor.filled(shape, new float[] {(float) (1 - epsilon)}));
        }
    }

    private static Map<String, Tensor> extract(Path model) {
        try {
            ComputationGraph graph = ModelSerializer.restoreComputationGraph(model.toFile(), false);
            try {
                return LayerWeights.extract(graph);
            } finally {
                graph.close();
            }
        } catch (IOException | RuntimeException e) {
            // Damaged archives make the library fail in many ways.
            throw new WeightException(
                    model + " is not a readable model: " + (e.getMessage() == null ? e : e.getMessage()), e);
        }
    }
}
