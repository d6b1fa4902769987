package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.Nd4jCpu;

class NativeLibraryTest {

    private static final int CHANNELS = 24;

    @Nested
    class OnPlatformsWithOneDnn {

        @Test
        void convolutionsGoThere() {
            String architecture = System.getProperty("os.arch");
            assumeTrue(List.of("amd64", "x86_64").contains(architecture), "no oneDNN for " + architecture);

            assertThat(Loader.getLoadedLibraries().get("nd4jcpu"))
                    .as("ND4J's library")
                    .contains("-onednn");
            assertThat(Nd4jCpu.Environment.getInstance().isUseMKLDNN()).isTrue();
            MultiLayerNetwork network = network(convolution(3, 3, 1, ConvolutionMode.Same), 7, true);

            assertThat(network.getLayer(0).getHelper()).isInstanceOf(MKLDNNConvHelper.class);
        }
    }

    @Nested
    class EveryLayerKindOfTheBases {

        static Stream<Arguments> layers() {
            ConvolutionMode same = ConvolutionMode.Same;
            ConvolutionMode valid = ConvolutionMode.Truncate;
            return Stream.of(
                    Arguments.of("1x1", convolution(1, 1, 1, same), 7),
                    Arguments.of("1x1 on one pixel", convolution(1, 1, 1, same), 1),
                    Arguments.of("1x1, stride 2, same", convolution(1, 1, 2, same), 19),
                    Arguments.of("3x3, same", convolution(3, 3, 1, same), 10),
                    Arguments.of("3x3, stride 2, valid", convolution(3, 3, 2, valid), 17),
                    Arguments.of("1x7, same", convolution(1, 7, 1, same), 17),
                    Arguments.of("7x1, same", convolution(7, 1, 1, same), 17),
                    Arguments.of("7x7, stride 2, same", convolution(7, 7, 2, same), 18),
                    Arguments.of("depthwise 3x3, same", depthwise(3, 1, same), 19),
                    Arguments.of("depthwise 3x3, stride 2, same, even", depthwise(3, 2, same), 14),
                    Arguments.of("depthwise 3x3, stride 2, valid", depthwise(3, 2, valid), 15),
                    Arguments.of("depthwise 5x5, stride 2, same, even", depthwise(5, 2, same), 14),
                    Arguments.of("depthwise 5x5, stride 2, same, odd", depthwise(5, 2, same), 7),
                    Arguments.of("max 3x3, stride 2, same", pool(SubsamplingLayer.PoolingType.MAX, 2, same), 19),
                    Arguments.of("max 3x3, stride 2, valid", pool(SubsamplingLayer.PoolingType.MAX, 2, valid), 17),
                    Arguments.of("average 3x3, same", pool(SubsamplingLayer.PoolingType.AVG, 1, same), 8),
                    Arguments.of(
                            "batch normalisation",
                            new BatchNormalization.Builder().eps(1e-3).build(),
                            10));
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("layers")
        void isTheSameWithOneDnnAsWithout(String name, Layer layer, int size) {
            Passes with = passes(layer, size, true);
            Passes without = passes(layer, size, false);

            assertClose(with.output(), without.output());
            assertClose(with.inputGradient(), without.inputGradient());
            assertClose(with.gradient(), without.gradient());
        }
    }

    private record Passes(float[] output, float[] inputGradient, float[] gradient) {}

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(expected.length == 0 || largest > 0).isTrue();
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f * largest));
        }
    }

    /** One forward and one backward pass over seven made-up maps. */
    private static Passes passes(Layer layer, int size, boolean oneDnn) {
        boolean before = Nd4j.getEnvironment().helpersAllowed();
        Nd4j.getEnvironment().allowHelpers(oneDnn);
        try {
            MultiLayerNetwork network = network(layer, size, oneDnn);
            if (network.numParams() > 0) {
                network.setParams(numbers(1, 1, network.numParams()).addi(0.5));
            }
            network.setInput(numbers(2, 7, CHANNELS, size, size));
            INDArray output = network.feedForward(true, false).get(1);
            var gradients = network.backpropGradient(numbers(3, output.shape()), null);
            return new Passes(
                    values(output),
                    values(gradients.getSecond()),
                    network.numParams() > 0 ? values(gradients.getFirst().gradient()) : new float[0]);
        } finally {
            Nd4j.getEnvironment().allowHelpers(before);
        }
    }

    private static MultiLayerNetwork network(Layer layer, int size, boolean oneDnn) {
        String switchName = "org.eclipse.deeplearning4j.helpers.disable";
        assertThat(System.getProperty(switchName))
                .as("the build starts tests as the launcher starts Graft")
                .isEqualTo("false");
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .list()
                .layer(layer.clone())
                .setInputType(InputType.convolutional(size, size, CHANNELS))
                .build());
        network.init();
        assertThat(network.getLayer(0).getHelper() == null || oneDnn)
                .as("no helper where helpers are not allowed")
                .isTrue();
        return network;
    }

    private static Layer convolution(int height, int width, int stride, ConvolutionMode mode) {
        return new ConvolutionLayer.Builder(height, width)
                .nOut(40)
                .stride(stride, stride)
                .convolutionMode(mode)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static Layer depthwise(int kernel, int stride, ConvolutionMode mode) {
        return new DepthwiseConvolution2D.Builder(kernel, kernel)
                .depthMultiplier(1)
                .stride(stride, stride)
                .convolutionMode(mode)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static Layer pool(SubsamplingLayer.PoolingType type, int stride, ConvolutionMode mode) {
        return new SubsamplingLayer.Builder(type)
                .kernelSize(3, 3)
                .stride(stride, stride)
                .convolutionMode(mode)
                .build();
    }

    private static INDArray numbers(long seed, long... shape) {
        int length = 1;
        for (long side : shape) {
            length *= (int) side;
        }
        float[] values = new float[length];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < length; i++) {
            values[i] = (float) (random.nextDouble() - 0.5);
        }
        return Nd4j.create(values, shape, 'c');
    }

    private static float[] values(INDArray array) {
        return array.dup('c').data().asFloat();
    }
}
