package dev.graft.onnx;

import static dev.graft.onnx.OnnxWriter.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import onnx.Onnx;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What each kind of layer becomes: a new base that brings a new layer adds its case to {@link #write}. */
final class LayerExports {

    private LayerExports() {}

    /** Writes a layer and returns the name of its value: its own, or {@code input} for the identity. */
    static String write(OnnxWriter writer, Layer layer, String name, String input) {
        var conf = layer.conf().getLayer();
        if (conf instanceof DepthwiseConvolution2D depthwise) {
            return depthwise(writer, layer, depthwise, name, input);
        }
        // Its subclasses, transposed and separable ones for example, are other operations.
        if (conf instanceof ConvolutionLayer convolution && conf.getClass() == ConvolutionLayer.class) {
            return convolution(writer, layer, convolution, name, input);
        }
        if (conf instanceof BatchNormalization norm) {
            return batchNorm(writer, layer, norm, name, input);
        }
        if (conf instanceof ActivationLayer activation) {
            return ActivationExports.write(writer, activation.getActivationFn(), name, input);
        }
        if (conf instanceof DropoutLayer) {
            return input;
        }
        if (conf instanceof SubsamplingLayer pool && conf.getClass() == SubsamplingLayer.class) {
            return pool(writer, pool, name, input);
        }
        if (conf instanceof ZeroPaddingLayer padding) {
            return zeroPadding(writer, padding, name, input);
        }
        if (conf instanceof Upsampling2D upsampling) {
            int[] size = upsampling.getSize();
            String scales = writer.floats(name + "/scales", new float[] {1, 1, size[0], size[1]}, 4);
            return writer.node(
                    "Resize",
                    List.of(input, "", scales),
                    name,
                    attribute("mode", "nearest"),
                    attribute("coordinate_transformation_mode", "asymmetric"),
                    attribute("nearest_mode", "floor"));
        }
        if (conf instanceof GlobalPoolingLayer pool) {
            return globalPool(writer, pool, name, input);
        }
        if (conf instanceof DenseLayer dense && !dense.hasLayerNorm()) {
            String product = gemm(writer, layer, name, input);
            return ActivationExports.write(writer, dense.getActivationFn(), name, product);
        }
        if (conf instanceof OutputLayer output) {
            String product = gemm(writer, layer, name, input);
            return ActivationExports.write(writer, output.getActivationFn(), name, product);
        }
        throw unsupported(name, conf.getClass().toString());
    }

    private static String convolution(
            OnnxWriter writer, Layer layer, ConvolutionLayer conf, String name, String input) {
        INDArray weights = layer.getParam("W"); // [out, in, height, width], as ONNX has it
        List<String> inputs =
                withBias(writer, layer, name, input, writer.weights(name + "/kernel", weights, weights.shape()));
        List<Onnx.AttributeProto> attributes =
                window(name, conf.getKernelSize(), conf.getStride(), conf.getPadding(), conf.getConvolutionMode());
        attributes.add(dilations(name, conf));
        String value =
                writer.node("Conv", inputs, writer.between(name), attributes.toArray(Onnx.AttributeProto[]::new));
        return ActivationExports.write(writer, conf.getActivationFn(), name, value);
    }

    private static String depthwise(
            OnnxWriter writer, Layer layer, DepthwiseConvolution2D conf, String name, String input) {
        INDArray weights = layer.getParam("W"); // [height, width, channels, multiplier]
        long[] shape = weights.shape();
        String kernel = writer.weights(
                name + "/depthwise_kernel", weights.permute(2, 3, 0, 1), shape[2] * shape[3], 1, shape[0], shape[1]);
        List<Onnx.AttributeProto> attributes =
                window(name, conf.getKernelSize(), conf.getStride(), conf.getPadding(), conf.getConvolutionMode());
        attributes.add(dilations(name, conf));
        attributes.add(attribute("group", shape[2]));
        String value = writer.node(
                "Conv",
                withBias(writer, layer, name, input, kernel),
                writer.between(name),
                attributes.toArray(Onnx.AttributeProto[]::new));
        return ActivationExports.write(writer, conf.getActivationFn(), name, value);
    }

    private static String batchNorm(
            OnnxWriter writer, Layer layer, BatchNormalization conf, String name, String input) {
        List<String> inputs = new ArrayList<>(List.of(input));
        for (String parameter : List.of("gamma", "beta", "mean", "var")) {
            INDArray values = layer.getParam(parameter);
            if (values == null) {
                throw unsupported(name, "a batch normalisation that stores no " + parameter);
            }
            inputs.add(writer.weights(name + "/" + parameter, values, values.length()));
        }
        return writer.node("BatchNormalization", inputs, name, attribute("epsilon", (float) conf.getEps()));
    }

    private static String pool(OnnxWriter writer, SubsamplingLayer conf, String name, String input) {
        List<Onnx.AttributeProto> attributes =
                window(name, conf.getKernelSize(), conf.getStride(), conf.getPadding(), conf.getConvolutionMode());
        if (Arrays.stream(conf.getDilation()).anyMatch(step -> step != 1)) {
            throw unsupported(name, "a pool with dilation");
        }
        return switch (conf.getPoolingType()) {
            case MAX -> writer.node("MaxPool", List.of(input), name, attributes.toArray(Onnx.AttributeProto[]::new));
            case AVG -> {
                attributes.add(attribute("count_include_pad", conf.isAvgPoolIncludePadInDivisor() ? 1 : 0));
                yield writer.node("AveragePool", List.of(input), name, attributes.toArray(Onnx.AttributeProto[]::new));
            }
            default -> throw unsupported(name, "pooling " + conf.getPoolingType());
        };
    }

    private static String zeroPadding(OnnxWriter writer, ZeroPaddingLayer conf, String name, String input) {
        int[] p = conf.getPadding(); // top, bottom, left, right
        String pads = writer.longs(name + "/pads", 0, 0, p[0], p[2], 0, 0, p[1], p[3]);
        return writer.node("Pad", List.of(input, pads), name, attribute("mode", "constant"));
    }

    private static String globalPool(OnnxWriter writer, GlobalPoolingLayer conf, String name, String input) {
        String operator = conf.getPoolingType() == PoolingType.AVG ? "GlobalAveragePool" : "GlobalMaxPool";
        if (conf.getPoolingType() != PoolingType.AVG && conf.getPoolingType() != PoolingType.MAX) {
            throw unsupported(name, "pooling " + conf.getPoolingType());
        }
        if (!conf.isCollapseDimensions()) {
            return writer.node(operator, List.of(input), name);
        }
        String pooled = writer.node(operator, List.of(input), writer.between(name));
        return writer.node("Flatten", List.of(pooled), name, attribute("axis", 1));
    }

    private static String gemm(OnnxWriter writer, Layer layer, String name, String input) {
        INDArray weights = layer.getParam("W"); // [in, out]
        return writer.node(
                "Gemm",
                withBias(writer, layer, name, input, writer.weights(name + "/kernel", weights, weights.shape())),
                writer.between(name));
    }

    private static List<String> withBias(OnnxWriter writer, Layer layer, String name, String input, String kernel) {
        INDArray bias = layer.getParam("b");
        return bias == null
                ? List.of(input, kernel)
                : List.of(input, kernel, writer.weights(name + "/bias", bias, bias.length()));
    }

    private static List<Onnx.AttributeProto> window(
            String name, int[] kernel, int[] stride, int[] padding, ConvolutionMode mode) {
        List<Onnx.AttributeProto> attributes = new ArrayList<>();
        attributes.add(attribute("kernel_shape", longs(kernel)));
        attributes.add(attribute("strides", longs(stride)));
        switch (mode) {
            case Same -> attributes.add(attribute("auto_pad", "SAME_UPPER"));
            case Truncate, Strict -> attributes.add(attribute("pads", padding[0], padding[1], padding[0], padding[1]));
            default -> throw unsupported(name, "convolution mode " + mode);
        }
        return attributes;
    }

    private static Onnx.AttributeProto dilations(String name, ConvolutionLayer conf) {
        boolean dilated = Arrays.stream(conf.getDilation()).anyMatch(step -> step != 1);
        if (dilated && conf.getConvolutionMode() == ConvolutionMode.Same) {
            throw unsupported(name, "dilation with padding SAME, which ONNX Runtime lacks");
        }
        return attribute("dilations", longs(conf.getDilation()));
    }

    private static UnsupportedOperationException unsupported(String name, String what) {
        return new UnsupportedOperationException("cannot export layer " + name + ": " + what);
    }

    private static long[] longs(int[] values) {
        long[] longs = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            longs[i] = values[i];
        }
        return longs;
    }
}
