package dev.graft.base;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Moves weights between {@link Tensor}s in Keras' layouts and the parameters of Deeplearning4j layers. */
public final class LayerWeights {

    /** Deeplearning4j's parameter and Keras' name for it. */
    private record Kind(String parameter, String name) {}

    private static final List<Kind> BATCH_NORM = List.of(
            new Kind("gamma", "gamma"),
            new Kind("beta", "beta"),
            new Kind("mean", "moving_mean"),
            new Kind("var", "moving_variance"));
    private static final Kind BIAS = new Kind("b", "bias");

    private LayerWeights() {}

    /** Returns the keys of a layer's tensors, {@code layer/kind}, in Keras' order, with the shapes a graph expects. */
    public static Map<String, int[]> shapes(ComputationGraph graph, String layer) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        for (Kind kind : kinds(configuration(graph, layer))) {
            INDArray parameter = graph.getLayer(layer).getParam(kind.parameter());
            if (parameter != null) {
                shapes.put(layer + "/" + kind.name(), kerasShape(configuration(graph, layer), kind, parameter));
            }
        }
        return shapes;
    }

    /**
     * Returns what {@link #shapes(ComputationGraph, String)} does, without the graph and so without any native library.
     *
     * @param name the layer's
     * @param layer as it is in a built configuration: it knows the size of its input
     */
    static Map<String, int[]> shapes(String name, Layer layer) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        for (Kind kind : kinds(layer)) {
            int[] shape = shape(layer, kind);
            if (shape.length > 0) {
                shapes.put(name + "/" + kind.name(), shape);
            }
        }
        return shapes;
    }

    /** Returns the shape of a parameter in Keras' layout; empty where the layer has none of the kind. */
    private static int[] shape(Layer layer, Kind kind) {
        if (layer instanceof BatchNormalization norm) {
            boolean locked = norm.isLockGammaBeta() && BATCH_NORM.indexOf(kind) < 2;
            return locked ? new int[0] : new int[] {(int) norm.getNOut()};
        }
        FeedForwardLayer weighted = (FeedForwardLayer) layer;
        if (kind.equals(BIAS)) {
            return hasBias(weighted) ? new int[] {(int) weighted.getNOut()} : new int[0];
        }
        if (layer instanceof DepthwiseConvolution2D depthwise) {
            int[] kernel = depthwise.getKernelSize();
            return new int[] {kernel[0], kernel[1], (int) depthwise.getNIn(), depthwise.getDepthMultiplier()};
        }
        if (layer instanceof ConvolutionLayer convolution) {
            int[] kernel = convolution.getKernelSize();
            return new int[] {kernel[0], kernel[1], (int) convolution.getNIn(), (int) convolution.getNOut()};
        }
        return new int[] {(int) weighted.getNIn(), (int) weighted.getNOut()};
    }

    private static boolean hasBias(FeedForwardLayer layer) {
        if (layer instanceof ConvolutionLayer convolution) {
            return convolution.hasBias();
        }
        return layer instanceof DenseLayer dense ? dense.hasBias() : ((BaseOutputLayer) layer).hasBias();
    }

    /** Says whether a layer has weights. */
    public static boolean isWeighted(Layer layer) {
        return !kinds(layer).isEmpty();
    }

    /**
     * Copies tensors into a graph: all those of its layers that the map holds.
     *
     * @throws IllegalArgumentException when a tensor has another shape than the layer; a bug, as files are checked
     */
    public static void assign(ComputationGraph graph, Map<String, Tensor> weights) {
        for (var layer : graph.getLayers()) {
            String name = layer.conf().getLayer().getLayerName();
            Layer configuration = configuration(graph, name);
            for (Kind kind : kinds(configuration)) {
                INDArray parameter = layer.getParam(kind.parameter());
                Tensor tensor = weights.get(name + "/" + kind.name());
                if (parameter != null && tensor != null) {
                    int[] expected = kerasShape(configuration, kind, parameter);
                    if (!Arrays.equals(expected, tensor.shape())) {
                        throw new IllegalArgumentException(name + "/" + kind.name() + " must be "
                                + Arrays.toString(expected) + ", but was " + Arrays.toString(tensor.shape()));
                    }
                    INDArray values = Nd4j.create(tensor.values(), asLong(tensor.shape()), 'c');
                    if (isConvolution(configuration, kind)) {
                        values = values.permute(3, 2, 0, 1);
                    }
                    parameter.assign(values.reshape(parameter.shape()));
                }
            }
        }
    }

    /** Copies all weights of a graph out. */
    public static Map<String, Tensor> extract(ComputationGraph graph) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        for (var layer : graph.getLayers()) {
            String name = layer.conf().getLayer().getLayerName();
            Layer configuration = configuration(graph, name);
            for (Kind kind : kinds(configuration)) {
                INDArray parameter = layer.getParam(kind.parameter());
                if (parameter != null) {
                    int[] shape = kerasShape(configuration, kind, parameter);
                    INDArray values = isConvolution(configuration, kind) ? parameter.permute(2, 3, 1, 0) : parameter;
                    weights.put(
                            name + "/" + kind.name(),
                            new Tensor(shape, values.dup('c').data().asFloat()));
                }
            }
        }
        return weights;
    }

    private static Layer configuration(ComputationGraph graph, String layer) {
        return graph.getLayer(layer).conf().getLayer();
    }

    private static List<Kind> kinds(Layer layer) {
        if (layer instanceof BatchNormalization) {
            return BATCH_NORM;
        }
        if (layer instanceof DepthwiseConvolution2D) {
            return List.of(new Kind("W", "depthwise_kernel"), BIAS);
        }
        if (layer instanceof ConvolutionLayer || layer instanceof DenseLayer || layer instanceof OutputLayer) {
            return List.of(new Kind("W", "kernel"), BIAS);
        }
        return List.of();
    }

    private static boolean isConvolution(Layer layer, Kind kind) {
        return layer instanceof ConvolutionLayer
                && !(layer instanceof DepthwiseConvolution2D)
                && kind.parameter().equals("W");
    }

    private static int[] kerasShape(Layer layer, Kind kind, INDArray parameter) {
        long[] shape = parameter.shape();
        if (isConvolution(layer, kind)) {
            return new int[] {(int) shape[2], (int) shape[3], (int) shape[1], (int) shape[0]};
        }
        if (kind.parameter().equals("W")) {
            return Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
        }
        return new int[] {Math.toIntExact(parameter.length())};
    }

    private static long[] asLong(int[] shape) {
        return Arrays.stream(shape).asLongStream().toArray();
    }
}
