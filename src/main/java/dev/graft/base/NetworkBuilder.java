package dev.graft.base;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.nd4j.linalg.activations.Activation;

/**
 * Writes an architecture down step by step. Every method adds a node that reads the one named, and returns the new
 * node's name. All padding is explicit or {@link Padding#SAME}, as TensorFlow means it.
 */
final class NetworkBuilder {

    /** How a convolution or pool treats the border. */
    enum Padding {
        /** No padding. */
        VALID,
        /** Output side = ceil(input side / stride); the odd pixel goes to the bottom and right. */
        SAME
    }

    private final List<Node> nodes = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();

    /** Begins a block that fine-tune depth counts: everything after {@code input}, up to the next block. */
    void block(String name, String input) {
        blocks.add(new Block(name, input));
    }

    /** Adds a node that passes the input on, so that a block can begin with the first layer. */
    String pixels() {
        return activation("pixels", Network.INPUT, Activation.IDENTITY);
    }

    String conv(String name, String input, int filters, int kernel, int stride, Padding padding, boolean bias) {
        return add(name, input, convolution(filters, kernel, kernel, stride, padding, bias));
    }

    /** Adds a convolution without bias whose kernel is not square. */
    String conv(String name, String input, int filters, int height, int width, int stride, Padding padding) {
        return add(name, input, convolution(filters, height, width, stride, padding, false));
    }

    /** Adds a convolution without bias that pads the same number of zeros on all sides, as PyTorch does. */
    String convPadded(String name, String input, int filters, int kernel, int stride, int zeros) {
        return add(
                name,
                input,
                new ConvolutionLayer.Builder(kernel, kernel)
                        .stride(stride, stride)
                        .padding(zeros, zeros)
                        .nOut(filters)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build());
    }

    String depthwise(String name, String input, int kernel, int stride, Padding padding) {
        return add(name, input, depthwise(kernel, stride, padding));
    }

    /**
     * Adds a separable 3x3 convolution without bias: depthwise, then 1x1. Weight files hold both as one layer. Two
     * nodes, because Deeplearning4j's own separable layer is slower to train.
     */
    String separable(String name, String input, int filters) {
        String depthwise = name + "_depthwise";
        nodes.add(new Node.LayerNode(
                depthwise,
                List.of(input),
                depthwise(3, 1, Padding.SAME),
                Optional.of(
                        new Stored(name, List.of(new Stored.Kind("depthwise_kernel", "depthwise_kernel")), Map.of()))));
        nodes.add(new Node.LayerNode(
                name,
                List.of(depthwise),
                convolution(filters, 1, 1, 1, Padding.VALID, false),
                Optional.of(new Stored(name, List.of(new Stored.Kind("pointwise_kernel", "kernel")), Map.of()))));
        return name;
    }

    String batchNorm(String name, String input, double epsilon) {
        return add(name, input, batchNormalization(epsilon));
    }

    /** Adds a batch normalisation whose files hold no gamma: it is 1. */
    String batchNormWithoutGamma(String name, String input, double epsilon) {
        List<Stored.Kind> kinds = List.of(
                new Stored.Kind("beta", "beta"),
                new Stored.Kind("moving_mean", "moving_mean"),
                new Stored.Kind("moving_variance", "moving_variance"));
        nodes.add(new Node.LayerNode(
                name,
                List.of(input),
                batchNormalization(epsilon),
                Optional.of(new Stored(name, kinds, Map.of("gamma", new float[] {1})))));
        return name;
    }

    /**
     * Adds Keras' {@code Normalization} of pixels followed by a fixed scale: {@code scale * (x - mean) /
     * sqrt(variance)}, mean and variance from the file.
     */
    String pixelNormalization(String name, String input, float[] scale) {
        List<Stored.Kind> kinds = List.of(
                new Stored.Kind("mean", "moving_mean"),
                new Stored.Kind("variance", "moving_variance"),
                new Stored.Kind("count", Stored.UNUSED));
        nodes.add(new Node.LayerNode(
                name,
                List.of(input),
                batchNormalization(0),
                Optional.of(new Stored(name, kinds, Map.of("gamma", scale, "beta", new float[] {0})))));
        return name;
    }

    String activation(String name, String input, Activation function) {
        return add(
                name, input, new ActivationLayer.Builder().activation(function).build());
    }

    /**
     * Adds an activation of a value that others read too. It gets a copy, because Deeplearning4j computes activations in
     * place when it does not train.
     */
    String activationOfShared(String name, String input, Activation function) {
        String copy = name + "_copy";
        nodes.add(new Node.VertexNode(copy, List.of(input), new ScaleVertex(1)));
        return activation(name, copy, function);
    }

    String zeroPad(String name, String input, int top, int bottom, int left, int right) {
        return add(name, input, new ZeroPaddingLayer.Builder(top, bottom, left, right).build());
    }

    String maxPool(String name, String input, int kernel, int stride, Padding padding) {
        return pool(PoolingType.MAX, name, input, kernel, stride, padding);
    }

    /** Adds an average pool; padding does not count. */
    String avgPool(String name, String input, int kernel, int stride, Padding padding) {
        return pool(PoolingType.AVG, name, input, kernel, stride, padding);
    }

    /** Adds the mean over height and width, {@code [batch, channels, 1, 1]}. */
    String globalAvgPool(String name, String input) {
        return add(
                name,
                input,
                new GlobalPoolingLayer.Builder(PoolingType.AVG)
                        .collapseDimensions(false)
                        .build());
    }

    /**
     * Multiplies every channel with its factor.
     *
     * @param factors {@code [batch, channels, 1, 1]}; spread over the map first, since Deeplearning4j multiplies maps of
     *     equal sides only
     * @param side the map's side
     */
    String scaleChannels(String name, String input, String factors, int side) {
        String spread = add(
                name + "_spread",
                factors,
                new Upsampling2D.Builder().size(new int[] {side, side}).build());
        nodes.add(
                new Node.VertexNode(name, List.of(input, spread), new ElementWiseVertex(ElementWiseVertex.Op.Product)));
        return name;
    }

    String sum(String name, String first, String second) {
        nodes.add(new Node.VertexNode(name, List.of(first, second), new ElementWiseVertex(ElementWiseVertex.Op.Add)));
        return name;
    }

    /** Joins channels, the first input's first. */
    String concat(String name, String... inputs) {
        nodes.add(new Node.VertexNode(name, List.of(inputs), new MergeVertex()));
        return name;
    }

    Network build(String output) {
        return new Network(nodes, blocks, output);
    }

    private String add(String name, String input, Layer layer) {
        nodes.add(new Node.LayerNode(name, List.of(input), layer));
        return name;
    }

    private String pool(PoolingType type, String name, String input, int kernel, int stride, Padding padding) {
        return add(
                name,
                input,
                new SubsamplingLayer.Builder(type)
                        .kernelSize(kernel, kernel)
                        .stride(stride, stride)
                        .convolutionMode(mode(padding))
                        .build());
    }

    private static ConvolutionLayer convolution(
            int filters, int height, int width, int stride, Padding padding, boolean bias) {
        return new ConvolutionLayer.Builder(height, width)
                .stride(stride, stride)
                .nOut(filters)
                .convolutionMode(mode(padding))
                .hasBias(bias)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static DepthwiseConvolution2D depthwise(int kernel, int stride, Padding padding) {
        return new DepthwiseConvolution2D.Builder(kernel, kernel)
                .depthMultiplier(1)
                .stride(stride, stride)
                .convolutionMode(mode(padding))
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static BatchNormalization batchNormalization(double epsilon) {
        // useLogStd: Deeplearning4j would store log10 of the deviation instead of the variance.
        return new BatchNormalization.Builder()
                .eps(epsilon)
                .useLogStd(false)
                .decay(0.9)
                .build();
    }

    private static ConvolutionMode mode(Padding padding) {
        return padding == Padding.SAME ? ConvolutionMode.Same : ConvolutionMode.Truncate;
    }
}
