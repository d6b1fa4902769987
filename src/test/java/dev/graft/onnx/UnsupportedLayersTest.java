package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationGELU;

/** What the exporter has no case for is refused by name, never exported as something else. */
class UnsupportedLayersTest {

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

    private static void refuse(GraphBuilder builder, InputType type, String output, String... words) {
        ComputationGraph graph = new ComputationGraph(builder.setOutputs(output).build());
        graph.init();
        assertThatThrownBy(() -> OnnxExporter.export(graph, type, List.of(output)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContainingAll(words);
    }

    private static void refuse(Layer layer, InputType type, String... words) {
        refuse(builder(type).addLayer("culprit", layer, "input"), type, "culprit", words);
    }

    @Test
    void areNamed() {
        refuse(new LocalResponseNormalization.Builder().build(), map(4, 4), "culprit", "LocalResponseNorm");
    }

    @Test
    void areNotTakenForTheirSuperclass() {
        refuse(new SeparableConvolution2D.Builder(3, 3).nOut(4).build(), map(6, 6), "culprit", "Separable");
        refuse(new Deconvolution2D.Builder(2, 2).nOut(4).build(), map(6, 6), "culprit", "Deconvolution2D");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LEAKYRELU", "CUBE"})
    void includeLayersWithUnknownActivations(String activation) {
        refuse(
                new DenseLayer.Builder()
                        .nOut(2)
                        .activation(Activation.valueOf(activation))
                        .build(),
                InputType.feedForward(3),
                "culprit");
    }

    @Test
    void includeSettingsThatOnnxLacks() {
        refuse(new BatchNormalization.Builder().useLogStd(true).build(), map(4, 4), "culprit", "stores no var");
        refuse(new DenseLayer.Builder().nOut(2).hasLayerNorm(true).build(), InputType.feedForward(3), "culprit");
        refuse(new SubsamplingLayer.Builder(PoolingType.MAX).dilation(2, 2).build(), map(8, 8), "culprit", "dilation");
        refuse(new SubsamplingLayer.Builder(PoolingType.SUM).build(), map(8, 8), "culprit", "SUM");
        refuse(
                new GlobalPoolingLayer.Builder()
                        .poolingType(PoolingType.PNORM)
                        .pnorm(2)
                        .build(),
                map(8, 8),
                "culprit",
                "PNORM");
    }

    @Test
    void includeThePreciseGelu() {
        refuse(
                new DenseLayer.Builder()
                        .nOut(2)
                        .activation(new ActivationGELU(true))
                        .build(),
                InputType.feedForward(3),
                "culprit",
                "gelu");
    }

    @Test
    void includeDilationThatPadsItself() {
        refuse(
                new ConvolutionLayer.Builder(3, 3)
                        .dilation(2, 2)
                        .convolutionMode(ConvolutionMode.Same)
                        .nOut(4)
                        .build(),
                map(11, 8),
                "culprit",
                "dilation");
    }

    @Test
    void includeVertices() {
        InputType type = InputType.feedForward(3);
        refuse(
                builder(type)
                        .addVertex("culprit", new L2NormalizeVertex(), "input")
                        .addLayer("output", new OutputLayer.Builder().nOut(2).build(), "culprit"),
                type,
                "output",
                "culprit",
                "L2NormalizeVertex");
        refuse(
                builder(type)
                        .addLayer("a", new DenseLayer.Builder().nOut(3).build(), "input")
                        .addVertex("culprit", new ElementWiseVertex(ElementWiseVertex.Op.Average), "input", "a")
                        .addLayer("output", new OutputLayer.Builder().nOut(2).build(), "culprit"),
                type,
                "output",
                "culprit",
                "Average");
    }

    @Test
    void includeMapsWithChannelsLast() {
        InputType type = InputType.convolutional(4, 4, 3, CNN2DFormat.NHWC);
        refuse(
                builder(type)
                        .addLayer(
                                "conv",
                                new ConvolutionLayer.Builder(1, 1)
                                        .nOut(2)
                                        .dataFormat(CNN2DFormat.NHWC)
                                        .build(),
                                "input"),
                type,
                "conv",
                "NHWC");
    }

    @Test
    void doNotIncludeAVertexThatIsNotThere() {
        InputType type = InputType.feedForward(3);
        ComputationGraph graph = new ComputationGraph(builder(type)
                .addLayer("dense", new DenseLayer.Builder().nOut(3).build(), "input")
                .setOutputs("dense")
                .build());
        graph.init();
        assertThatThrownBy(() -> OnnxExporter.export(graph, type, List.of("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the graph has no vertex none");
    }
}
