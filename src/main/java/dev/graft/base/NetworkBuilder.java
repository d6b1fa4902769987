package dev.graft.base;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
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

    String conv(String name, String input, int filters, int kernel, int stride, Padding padding, boolean bias) {
        return add(
                name,
                input,
                new ConvolutionLayer.Builder(kernel, kernel)
                        .stride(stride, stride)
                        .nOut(filters)
                        .convolutionMode(mode(padding))
                        .hasBias(bias)
                        .activation(Activation.IDENTITY)
                        .build());
    }

    String depthwise(String name, String input, int kernel, int stride, Padding padding) {
        return add(
                name,
                input,
                new DepthwiseConvolution2D.Builder(kernel, kernel)
                        .depthMultiplier(1)
                        .stride(stride, stride)
                        .convolutionMode(mode(padding))
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build());
    }

    String batchNorm(String name, String input, double epsilon) {
        // useLogStd: Deeplearning4j would store log10 of the deviation instead of the variance.
        return add(
                name,
                input,
                new BatchNormalization.Builder()
                        .eps(epsilon)
                        .useLogStd(false)
                        .decay(0.9)
                        .build());
    }

    String activation(String name, String input, Activation function) {
        return add(
                name, input, new ActivationLayer.Builder().activation(function).build());
    }

    String zeroPad(String name, String input, int top, int bottom, int left, int right) {
        return add(name, input, new ZeroPaddingLayer.Builder(top, bottom, left, right).build());
    }

    String maxPool(String name, String input, int kernel, int stride, Padding padding) {
        return add(
                name,
                input,
                new SubsamplingLayer.Builder(PoolingType.MAX)
                        .kernelSize(kernel, kernel)
                        .stride(stride, stride)
                        .convolutionMode(mode(padding))
                        .build());
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

    private static ConvolutionMode mode(Padding padding) {
        return padding == Padding.SAME ? ConvolutionMode.Same : ConvolutionMode.Truncate;
    }
}
