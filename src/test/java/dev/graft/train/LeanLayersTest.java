package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LeanLayersTest {

    private static final double STEP = 1e-5;

    /** A convolution of random shape; every second one is depthwise. */
    private record Case(Layer stock, int batch, int channels, int height, int width) {

        static Case of(long seed, boolean depthwise) {
            SplittableRandom random = new SplittableRandom(seed);
            int[] kernel = {random.nextInt(1, 6), random.nextInt(1, 6)};
            boolean same = random.nextBoolean();
            // Deeplearning4j refuses some sides where a stride steps over pixels and padding is SAME.
            int[] stride = {
                random.nextInt(1, same ? Math.min(3, kernel[0]) + 1 : 4),
                random.nextInt(1, same ? Math.min(3, kernel[1]) + 1 : 4)
            };
            int[] padding = {random.nextInt(0, kernel[0]), random.nextInt(0, kernel[1])};
            int channels = random.nextInt(1, 9);
            ConvolutionLayer.BaseConvBuilder<?> builder = depthwise
                    ? new DepthwiseConvolution2D.Builder(kernel, stride, same ? new int[2] : padding)
                            .depthMultiplier(1)
                            .nOut(channels)
                    : new ConvolutionLayer.Builder(kernel, stride, same ? new int[2] : padding)
                            .nOut(random.nextInt(1, 9));
            Layer stock = builder.convolutionMode(same ? ConvolutionMode.Same : ConvolutionMode.Truncate)
                    .hasBias(random.nextInt(4) > 0)
                    .activation(Activation.IDENTITY)
                    .build();
            return new Case(stock, random.nextInt(1, 5), channels, random.nextInt(5, 13), random.nextInt(5, 13));
        }

        static Stream<Case> of(boolean depthwise) {
            return IntStream.range(0, 40).mapToObj(seed -> of(seed, depthwise));
        }

        @Override
        public String toString() {
            ConvolutionLayer layer = (ConvolutionLayer) stock;
            return "%s %s, stride %s, %s %s, %s of %s, %s, %s"
                    .formatted(
                            stock.getClass().getSimpleName(),
                            Arrays.toString(layer.getKernelSize()),
                            Arrays.toString(layer.getStride()),
                            layer.getConvolutionMode(),
                            Arrays.toString(layer.getPadding()),
                            batch,
                            channels,
                            height,
                            width);
        }

        Passes passes(Layer layer, DataType type) {
            MultiLayerNetwork network = network(layer, type);
            return new Passes(network, numbers(2, type, batch, channels, height, width));
        }

        private MultiLayerNetwork network(Layer layer, DataType type) {
            MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .dataType(type)
                    .list()
                    .layer(layer.clone())
                    .setInputType(InputType.convolutional(height, width, channels))
                    .build());
            network.init();
            network.setParams(numbers(1, type, 1, network.numParams()));
            return network;
        }
    }

    /** One forward and one backward pass. */
    private static final class Passes {

        private final MultiLayerNetwork network;
        private final INDArray input;
        private final INDArray output;
        private final INDArray incoming;
        private final INDArray inputGradient;
        private final INDArray gradient;

        Passes(MultiLayerNetwork network, INDArray input) {
            this.network = network;
            this.input = input;
            network.setInput(input);
            output = network.feedForward(true, false).get(1).detach();
            incoming = numbers(3, input.dataType(), output.shape());
            Pair<Gradient, INDArray> found = network.backpropGradient(incoming, null);
            inputGradient = found.getSecond().dup('c');
            gradient = found.getFirst().gradient().dup('c');
        }

        /** Returns the scalar whose gradients the backward pass gave. */
        double value() {
            network.setInput(input);
            return network.feedForward(true, false)
                    .get(1)
                    .mul(incoming)
                    .sumNumber()
                    .doubleValue();
        }
    }

    static Stream<Arguments> cases() {
        return Stream.concat(
                Case.of(false).map(c -> Arguments.of(c, new LeanConvolution((ConvolutionLayer) c.stock(), false))),
                Case.of(true).map(c -> Arguments.of(c, new LeanDepthwise((DepthwiseConvolution2D) c.stock()))));
    }

    static Stream<Case> convolutions() {
        return Case.of(false);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void equalTheStockLayers(Case shape, Layer lean) {
        Passes expected = shape.passes(shape.stock(), DataType.FLOAT);
        Passes actual = shape.passes(lean, DataType.FLOAT);

        assertClose(actual.output, expected.output, 1e-4);
        assertClose(actual.inputGradient, expected.inputGradient, 1e-4);
        assertClose(actual.gradient, expected.gradient, 1e-4);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("convolutions")
    void giveTheSameGradientOfTheirWeightsWhereTheInputIsFrozen(Case shape) {
        Passes expected = shape.passes(shape.stock(), DataType.FLOAT);
        Passes actual = shape.passes(new LeanConvolution((ConvolutionLayer) shape.stock(), true), DataType.FLOAT);

        assertClose(actual.output, expected.output, 1e-4);
        assertClose(actual.gradient, expected.gradient, 1e-4);
        assertThat(actual.inputGradient.shape()).isEqualTo(expected.inputGradient.shape());
        int[] stride = ((ConvolutionLayer) shape.stock()).getStride();
        if (stride[0] == 1 && stride[1] == 1) {
            assertThat(actual.inputGradient.amaxNumber().doubleValue()).isZero();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void haveTheGradientsThatSmallStepsShow(Case shape, Layer lean) {
        Passes passes = shape.passes(lean, DataType.DOUBLE);
        assertSlopes(passes, passes.input, passes.inputGradient);
        assertSlopes(passes, passes.network.params(), passes.gradient);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("convolutions")
    void haveTheWeightGradientsThatSmallStepsShowWhereTheInputIsFrozen(Case shape) {
        Passes passes = shape.passes(new LeanConvolution((ConvolutionLayer) shape.stock(), true), DataType.DOUBLE);
        assertSlopes(passes, passes.network.params(), passes.gradient);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rectifyAsTheStockActivationsDo(boolean six) {
        IActivation stock = six ? new ActivationReLU6() : new ActivationReLU();
        IActivation own = six ? new Rectified.Relu6() : new Rectified.Relu();
        INDArray input = numbers(4, DataType.FLOAT, 3, 4, 5, 5).muli(20);
        input.putScalar(0, 0).putScalar(1, 6).putScalar(2, -6).putScalar(3, Math.nextDown(6f));
        INDArray epsilon = numbers(5, DataType.FLOAT, 3, 4, 5, 5);

        assertThat(own.getActivation(input.dup(), true)).isEqualTo(stock.getActivation(input.dup(), true));
        assertThat(own.backprop(input.dup(), epsilon.dup()).getFirst())
                .isEqualTo(stock.backprop(input.dup(), epsilon.dup()).getFirst());
        assertThat(epsilon).isEqualTo(numbers(5, DataType.FLOAT, 3, 4, 5, 5));
    }

    @Test
    void areNotUsedForLayersThatTheyWouldChange() {
        assertThat(List.of(
                        new ConvolutionLayer.Builder(1, 1)
                                .activation(Activation.RELU)
                                .build(),
                        new DepthwiseConvolution2D.Builder(1, 1)
                                .activation(Activation.IDENTITY)
                                .build(),
                        new ActivationLayer(Activation.IDENTITY)))
                .noneMatch(LeanConvolution::suits);
        assertThat(LeanDepthwise.suits(new DepthwiseConvolution2D.Builder(1, 1)
                        .activation(Activation.RELU)
                        .build()))
                .isFalse();
    }

    /** Compares a few of the gradients with differences. */
    private static void assertSlopes(Passes passes, INDArray values, INDArray gradient) {
        SplittableRandom random = new SplittableRandom(6);
        for (int i = 0; i < 12; i++) {
            long at = random.nextLong(values.length());
            double before = values.getDouble(at);
            values.putScalar(at, before + STEP);
            double above = passes.value();
            values.putScalar(at, before - STEP);
            double below = passes.value();
            values.putScalar(at, before);
            assertThat(gradient.getDouble(at)).isCloseTo((above - below) / (2 * STEP), within(1e-6));
        }
    }

    private static void assertClose(INDArray actual, INDArray expected, double relative) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double largest = expected.amaxNumber().doubleValue();
        assertThat(largest).isPositive();
        assertThat(actual.sub(expected).amaxNumber().doubleValue()).isLessThan(relative * largest);
    }

    private static INDArray numbers(long seed, DataType type, long... shape) {
        int length = 1;
        for (long side : shape) {
            length *= (int) side;
        }
        double[] values = new double[length];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < length; i++) {
            values[i] = random.nextDouble() - 0.5;
        }
        return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
    }
}
