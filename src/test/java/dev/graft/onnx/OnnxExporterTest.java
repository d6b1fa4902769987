package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every case of the exporter gives, in ONNX Runtime, what Deeplearning4j gives. */
class OnnxExporterTest {

    private static final double TOLERANCE = 1e-5;
    private static final int IMAGES = 2;
    private static final int CHANNELS = 3;

    private static GraphBuilder builder(InputType type) {
        return new NeuralNetConfiguration.Builder()
                .seed(5)
                .graphBuilder()
                .addInputs("input")
                .setInputTypes(type);
    }

    private static InputType map(int height, int width) {
        return InputType.convolutional(height, width, CHANNELS);
    }

    private static void agree(GraphBuilder builder, InputType type, String output) {
        ComputationGraph graph = new ComputationGraph(builder.setOutputs(output).build());
        graph.init();
        Random random = new Random(3);
        // Biases and statistics away from their initial 0 and 1.
        graph.paramTable().forEach((name, values) -> {
            if (name.endsWith("_b") || name.endsWith("_beta") || name.endsWith("_mean")) {
                fill(values, random, -0.5, 0.5);
            } else if (name.endsWith("_gamma") || name.endsWith("_var")) {
                fill(values, random, 0.5, 1.5);
            }
        });
        long[] shape = type.getShape(true);
        shape[0] = IMAGES;
        INDArray input = Nd4j.create(shape);
        fill(input, random, -3, 3);
        float[] values = input.dup('c').data().asFloat();
        // Taken first: activation layers may write into their input.
        INDArray expected = graph.output(false, input)[0];
        try (OnnxModel model = OnnxModel.load(OnnxExporter.export(graph, type, List.of(output)), 1)) {
            FloatBuffer buffer = OnnxModel.buffer(values.length);
            buffer.put(values);
            float[] found = model.run(buffer, IMAGES, List.of(output)).get(0);
            float[] reference = expected.dup('c').data().asFloat();
            assertThat(found).hasSameSizeAs(reference);
            for (int i = 0; i < found.length; i++) {
                assertThat((double) found[i])
                        .as("value %d of %d", i, found.length)
                        .isCloseTo(reference[i], within(TOLERANCE * Math.max(1, Math.abs(reference[i]))));
            }
        } finally {
            graph.close();
        }
    }

    private static void fill(INDArray values, Random random, double low, double high) {
        for (long i = 0; i < values.length(); i++) {
            values.putScalar(i, low + (high - low) * random.nextDouble());
        }
    }

    private static void agree(Layer layer, InputType type) {
        agree(builder(type).addLayer("layer", layer, "input"), type, "layer");
    }

    @Nested
    class Windows {

        static Stream<Arguments> windows() {
            Stream.Builder<Arguments> cases = Stream.builder();
            for (ConvolutionMode mode : new ConvolutionMode[] {ConvolutionMode.Same, ConvolutionMode.Truncate}) {
                for (int kernel : new int[] {1, 2, 3, 5}) {
                    for (int stride : new int[] {1, 2}) {
                        cases.add(Arguments.of(mode, kernel, stride, 9, 8));
                        cases.add(Arguments.of(mode, kernel, stride, 7, 10));
                    }
                }
            }
            return cases.build();
        }

        @ParameterizedTest
        @MethodSource("windows")
        void ofConvolutions(ConvolutionMode mode, int kernel, int stride, int height, int width) {
            agree(
                    new ConvolutionLayer.Builder(kernel, kernel)
                            .stride(stride, stride)
                            .convolutionMode(mode)
                            .nOut(4)
                            .activation(Activation.RELU)
                            .build(),
                    map(height, width));
        }

        @ParameterizedTest
        @MethodSource("windows")
        void ofDepthwiseConvolutions(ConvolutionMode mode, int kernel, int stride, int height, int width) {
            agree(
                    new DepthwiseConvolution2D.Builder(kernel, kernel)
                            .stride(stride, stride)
                            .convolutionMode(mode)
                            .depthMultiplier(1)
                            .activation(Activation.IDENTITY)
                            .build(),
                    map(height, width));
        }

        @ParameterizedTest
        @MethodSource("windows")
        void ofMaximumPools(ConvolutionMode mode, int kernel, int stride, int height, int width) {
            agree(pool(PoolingType.MAX, mode, kernel, stride).build(), map(height, width));
        }

        @ParameterizedTest
        @MethodSource("windows")
        void ofAveragePools(ConvolutionMode mode, int kernel, int stride, int height, int width) {
            agree(pool(PoolingType.AVG, mode, kernel, stride).build(), map(height, width));
        }

        @ParameterizedTest
        @EnumSource(
                value = PoolingType.class,
                names = {"MAX", "AVG"})
        void ofPoolsWithPadding(PoolingType type) {
            agree(pool(type, ConvolutionMode.Truncate, 3, 2).padding(1, 1).build(), map(9, 8));
        }

        @ParameterizedTest
        @CsvSource({"3, 2, 1, 0", "3, 1, 2, 1"})
        void ofConvolutionsWithPadding(int kernel, int stride, int top, int left) {
            agree(
                    new ConvolutionLayer.Builder(kernel, kernel)
                            .stride(stride, stride)
                            .padding(top, left)
                            .nOut(4)
                            .activation(Activation.IDENTITY)
                            .build(),
                    map(9, 8));
        }

        @Test
        void withDilation() {
            agree(
                    new ConvolutionLayer.Builder(3, 3)
                            .dilation(2, 2)
                            .nOut(4)
                            .activation(Activation.IDENTITY)
                            .build(),
                    map(11, 8));
        }

        @Test
        void thatAreNotSquare() {
            agree(
                    new ConvolutionLayer.Builder(1, 7)
                            .stride(1, 2)
                            .convolutionMode(ConvolutionMode.Same)
                            .nOut(4)
                            .hasBias(false)
                            .activation(Activation.IDENTITY)
                            .build(),
                    map(6, 9));
        }

        @Test
        void ofDepthwiseConvolutionsWithSeveralFiltersAChannel() {
            agree(
                    new DepthwiseConvolution2D.Builder(3, 3)
                            .depthMultiplier(2)
                            .hasBias(false)
                            .activation(Activation.TANH)
                            .build(),
                    map(6, 5));
        }

        private SubsamplingLayer.Builder pool(PoolingType type, ConvolutionMode mode, int kernel, int stride) {
            return new SubsamplingLayer.Builder(type)
                    .kernelSize(kernel, kernel)
                    .stride(stride, stride)
                    .convolutionMode(mode);
        }
    }

    @Nested
    class Activations {

        @ParameterizedTest
        @EnumSource(
                value = Activation.class,
                names = {"IDENTITY", "RELU", "RELU6", "SIGMOID", "TANH", "ELU", "SWISH", "GELU", "SOFTMAX"})
        void areTheSameFunctions(Activation activation) {
            agree(new ActivationLayer.Builder().activation(activation).build(), map(5, 4));
            agree(new DenseLayer.Builder().nOut(6).activation(activation).build(), InputType.feedForward(5));
        }

        @Test
        void keepTheirSettings() {
            agree(
                    new ActivationLayer.Builder()
                            .activation(new ActivationELU(0.3))
                            .build(),
                    map(5, 4));
        }
    }

    @Nested
    class OtherLayers {

        @Test
        void normaliseWithMovingStatistics() {
            agree(new BatchNormalization.Builder().eps(1e-2).useLogStd(false).build(), map(4, 5));
            InputType vector = InputType.feedForward(5);
            GraphBuilder builder = builder(vector)
                    .addLayer("dense", new DenseLayer.Builder().nOut(4).build(), "input")
                    .addLayer(
                            "norm",
                            new BatchNormalization.Builder().useLogStd(false).build(),
                            "dense")
                    .addLayer("output", new OutputLayer.Builder().nOut(2).build(), "norm");
            agree(builder, vector, "output");
        }

        @Test
        void padEachSideByItsOwn() {
            agree(new ZeroPaddingLayer.Builder(0, 1, 2, 3).build(), map(4, 5));
        }

        @ParameterizedTest
        @EnumSource(
                value = PoolingType.class,
                names = {"MAX", "AVG"})
        void poolWholeMaps(PoolingType type) {
            agree(new GlobalPoolingLayer.Builder().poolingType(type).build(), map(4, 5));
        }

        @Test
        void flattenMapsBeforeDenseLayers() {
            agree(new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build(), map(3, 5));
            agree(new DenseLayer.Builder().nOut(4).hasBias(false).build(), map(3, 5));
        }

        @Test
        void endInASoftmax() {
            agree(
                    new OutputLayer.Builder()
                            .nOut(4)
                            .activation(Activation.SOFTMAX)
                            .build(),
                    InputType.feedForward(7));
        }
    }

    @Nested
    class Joins {

        @ParameterizedTest
        @EnumSource(
                value = ElementWiseVertex.Op.class,
                names = {"Add", "Product", "Max"})
        void elementByElement(ElementWiseVertex.Op operation) {
            InputType type = map(4, 5);
            agree(branches(type, "a", "b").addVertex("join", new ElementWiseVertex(operation), "a", "b"), type, "join");
            agree(
                    branches(type, "a", "b", "c").addVertex("join", new ElementWiseVertex(operation), "a", "b", "c"),
                    type,
                    "join");
        }

        @Test
        void channelAfterChannel() {
            InputType type = map(4, 5);
            agree(
                    branches(type, "a", "b", "c").addVertex("join", new MergeVertex(), "b", "a", "input", "c"),
                    type,
                    "join");
        }

        private GraphBuilder branches(InputType type, String... names) {
            GraphBuilder builder = builder(type);
            for (String name : names) {
                builder.addLayer(
                        name,
                        new ConvolutionLayer.Builder(1, 1)
                                .nOut(4)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "input");
            }
            return builder;
        }
    }

    @Nested
    class Dropout {

        @Test
        void vanishes() {
            InputType type = InputType.feedForward(5);
            GraphBuilder builder = builder(type)
                    .addLayer("dense", new DenseLayer.Builder().nOut(6).build(), "input")
                    .addLayer("dropout", new DropoutLayer.Builder(0.5).build(), "dense")
                    .addLayer("output", new OutputLayer.Builder().nOut(3).build(), "dropout");
            agree(builder, type, "output");
        }

        @Test
        void mayBeAnOutput() {
            InputType type = InputType.feedForward(5);
            GraphBuilder builder = builder(type)
                    .addLayer("dense", new DenseLayer.Builder().nOut(6).build(), "input")
                    .addLayer("first", new DropoutLayer.Builder(0.5).build(), "dense")
                    .addLayer("second", new DropoutLayer.Builder(0.5).build(), "first");
            agree(builder, type, "second");
        }

        @Test
        void mayComeFirst() {
            agree(new DropoutLayer.Builder(0.5).build(), InputType.feedForward(5));
        }
    }
}
