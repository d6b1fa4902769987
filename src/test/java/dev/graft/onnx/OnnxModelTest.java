package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;

class OnnxModelTest {

    @Test
    void thatAreNoneAreRefused() {
        assertThatThrownBy(() -> OnnxModel.load(new byte[] {1, 2, 3}, 1))
                .isInstanceOf(OnnxException.class)
                .hasMessageStartingWith("ONNX Runtime does not load the model: ");
    }

    @Test
    void giveSeveralOutputsInTheOrderAskedFor() {
        InputType type = InputType.feedForward(3);
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("input")
                .setInputTypes(type)
                .addLayer("a", new DenseLayer.Builder().nOut(2).build(), "input")
                .addLayer("b", new DenseLayer.Builder().nOut(4).build(), "a")
                .setOutputs("a", "b")
                .build());
        graph.init();
        try (OnnxModel model = OnnxModel.load(OnnxExporter.export(graph, type, List.of("a", "b")), 1)) {
            assertThat(model.inputShape()).containsExactly(3);
            assertThat(model.outputs()).containsExactlyInAnyOrder("a", "b");
            FloatBuffer buffer = OnnxModel.buffer(15);
            List<float[]> values = model.run(buffer, 5, List.of("b", "a"));
            assertThat(values.get(0)).hasSize(20);
            assertThat(values.get(1)).hasSize(10);
            assertThatThrownBy(() -> model.run(buffer, 1, List.of("none"))).isInstanceOf(OnnxException.class);
        }
    }
}
