package dev.graft.train;

import dev.graft.base.Network;
import dev.graft.base.Node;
import dev.graft.base.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSwish;

/**
 * The trainable blocks behind a cut, with every batch normalisation folded into the convolution before it: {@code
 * kernel * s} and {@code beta - mean * s} with {@code s = gamma / sqrt(variance + epsilon)}. The function is the same;
 * the statistics stay frozen, as Keras advises for fine-tuning, since they are no longer there.
 *
 * @param network the blocks, reading the cut's map
 * @param weights their folded weights by {@code layer/kind}
 */
public record FoldedTail(Network network, Map<String, Tensor> weights) {

    /**
     * Folds the tail behind a cut.
     *
     * @param base the whole base
     * @param weights the base's weights
     * @param cut where the frozen prefix ends
     * @throws UnsupportedOperationException when a normalisation does not follow a linear convolution of its own
     */
    public static FoldedTail of(Network base, Map<String, Tensor> weights, String cut) {
        Network tail = base.after(cut);
        Map<String, Node> byName = tail.byName();
        Map<String, Integer> readers = new HashMap<>();
        tail.nodes().forEach(node -> node.inputs().forEach(input -> readers.merge(input, 1, Integer::sum)));
        Map<String, Tensor> folded = new LinkedHashMap<>();
        Map<String, String> renamed = new HashMap<>();
        Map<String, Node> nodes = new LinkedHashMap<>();
        for (Node node : tail.nodes()) {
            Node renamedNode = node.reading(node.inputs().stream()
                    .map(input -> renamed.getOrDefault(input, input))
                    .toList());
            if (node instanceof Node.LayerNode layer && layer.layer() instanceof BatchNormalization norm) {
                String source = node.inputs().get(0);
                if (!(byName.get(source) instanceof Node.LayerNode convolution
                        && convolution.layer() instanceof ConvolutionLayer conf
                        && conf.getActivationFn() instanceof ActivationIdentity
                        && readers.getOrDefault(source, 0) == 1)) {
                    throw new UnsupportedOperationException(
                            node.name() + " does not follow a linear convolution of its own and cannot be folded");
                }
                ConvolutionLayer biased = (ConvolutionLayer) conf.clone();
                biased.setHasBias(true);
                Node before = nodes.get(source);
                nodes.put(
                        source,
                        new Node.LayerNode(source, before == null ? convolution.inputs() : before.inputs(), biased));
                fold(folded, weights, source, node.name(), norm.getEps(), conf instanceof DepthwiseConvolution2D);
                renamed.put(node.name(), source);
            } else {
                nodes.put(node.name(), renamedNode);
                for (String kind : List.of("kernel", "depthwise_kernel", "bias")) {
                    Tensor tensor = weights.get(node.name() + "/" + kind);
                    if (tensor != null) {
                        folded.put(node.name() + "/" + kind, tensor);
                    }
                }
            }
        }
        String output = renamed.getOrDefault(tail.output(), tail.output());
        return new FoldedTail(new Network(new ArrayList<>(nodes.values()), List.of(), output), folded);
    }

    /**
     * Returns the same network for training: with layers of our own that compute the same in less time, and a swish whose
     * slope is a number everywhere.
     */
    Network trained() {
        List<Node> nodes = new ArrayList<>();
        for (Node node : network.nodes()) {
            nodes.add(
                    node instanceof Node.LayerNode layer
                            ? new Node.LayerNode(node.name(), node.inputs(), trained(layer))
                            : node);
        }
        return new Network(nodes, network.blocks(), network.output());
    }

    private static Layer trained(Node.LayerNode node) {
        Layer layer = node.layer();
        if (LeanConvolution.suits(layer)) {
            return new LeanConvolution((ConvolutionLayer) layer, node.inputs().contains(Network.INPUT));
        }
        if (LeanDepthwise.suits(layer)) {
            return new LeanDepthwise((DepthwiseConvolution2D) layer);
        }
        if (layer instanceof ActivationLayer activation) {
            IActivation function = activation.getActivationFn();
            if (function instanceof ActivationSwish) {
                return new ActivationLayer(new Gated.Swish());
            }
            if (function.equals(new ActivationReLU())) {
                return new ActivationLayer(new Rectified.Relu());
            }
            if (function instanceof ActivationReLU6) {
                return new ActivationLayer(new Rectified.Relu6());
            }
        }
        return layer;
    }

    private static void fold(
            Map<String, Tensor> folded,
            Map<String, Tensor> weights,
            String convolution,
            String norm,
            double epsilon,
            boolean depthwise) {
        Tensor gamma = need(weights, norm + "/gamma");
        Tensor beta = need(weights, norm + "/beta");
        Tensor mean = need(weights, norm + "/moving_mean");
        Tensor variance = need(weights, norm + "/moving_variance");
        int channels = gamma.values().length;
        String kernelKey = convolution + (depthwise ? "/depthwise_kernel" : "/kernel");
        Tensor kernel = need(weights, kernelKey);
        Tensor bias = weights.get(convolution + "/bias");
        float[] scaled = new float[kernel.values().length];
        float[] shift = new float[channels];
        double[] scale = new double[channels];
        for (int c = 0; c < channels; c++) {
            scale[c] = gamma.values()[c] / Math.sqrt(variance.values()[c] + epsilon);
            double before = bias == null ? 0 : bias.values()[c];
            shift[c] = (float) (beta.values()[c] + (before - mean.values()[c]) * scale[c]);
        }
        // The last axis is the output channel, for depthwise kernels channel and multiplier together.
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (kernel.values()[i] * scale[i % channels]);
        }
        folded.put(kernelKey, new Tensor(kernel.shape(), scaled));
        folded.put(convolution + "/bias", new Tensor(new int[] {channels}, shift));
    }

    private static Tensor need(Map<String, Tensor> weights, String key) {
        Tensor tensor = weights.get(key);
        if (tensor == null) {
            throw new IllegalArgumentException("the weights lack " + key);
        }
        return tensor;
    }
}
