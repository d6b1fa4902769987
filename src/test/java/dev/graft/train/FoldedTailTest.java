package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.base.BaseWeights;
import dev.graft.base.LayerWeights;
import dev.graft.base.Network;
import dev.graft.base.Node;
import dev.graft.base.Tensor;
import dev.graft.features.DrawnSource;
import dev.graft.features.FrozenBase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

class FoldedTailTest {

    private static final Map<String, Integer> SIZES = Map.of("mobilenet_v2", 75, "sprout", 45, "squeezenet", 51);

    @TestFactory
    Stream<DynamicTest> computesWhatTheBlocksComputeAtEveryDepthOfEveryBase() {
        return SIZES.keySet().stream().sorted().flatMap(name -> {
            int size = SIZES.get(name);
            FrozenBase base = DrawnSource.base(name, size);
            Network network = base.network();
            ComputationGraph graph =
                    network.graph(new NeuralNetConfiguration.Builder(), InputType.convolutional(size, size, 3));
            LayerWeights.assign(graph, base.weights().tensors());
            Nd4j.getRandom().setSeed(4);
            INDArray input = Nd4j.rand(2, 3, size, size).muli(2).subi(1);
            Map<String, INDArray> whole = graph.feedForward(input, false);
            return IntStream.rangeClosed(1, network.blocks().size())
                    .mapToObj(depth -> DynamicTest.dynamicTest(name + " depth " + depth, () -> {
                        String cut = network.cut(depth);
                        FoldedTail tail = FoldedTail.of(network, base.weights().tensors(), cut);
                        assertThat(tail.network().nodes())
                                .noneMatch(node -> node instanceof Node.LayerNode layer
                                        && layer.layer() instanceof BatchNormalization);
                        INDArray middle = whole.get(cut);
                        ComputationGraph folded = tail.network()
                                .graph(
                                        new NeuralNetConfiguration.Builder(),
                                        InputType.convolutional(middle.size(2), middle.size(3), middle.size(1)));
                        assertThat(LayerWeights.extract(folded).keySet())
                                .containsExactlyInAnyOrderElementsOf(
                                        tail.weights().keySet());
                        LayerWeights.assign(folded, tail.weights());
                        INDArray expected = whole.get(network.output());
                        INDArray difference = Transforms.abs(
                                folded.outputSingle(false, middle).sub(expected));
                        assertThat(difference.maxNumber().doubleValue()
                                        / Transforms.abs(expected).maxNumber().doubleValue())
                                .isLessThan(1e-4);
                        folded.close();
                    }));
        });
    }

    @Test
    void leavesTheBasesWeightsAlone() {
        FrozenBase base = DrawnSource.sprout(32);
        FoldedTail.of(base.network(), base.weights().tensors(), base.network().cut(3));
        assertThat(BaseWeights.of(base.weights().tensors()).digest())
                .isEqualTo(base.weights().digest());
        assertThat(base.network().nodes())
                .filteredOn(node -> node.name().equals("block1_1_conv"))
                .allSatisfy(node -> assertThat(((ConvolutionLayer) ((Node.LayerNode) node).layer()).hasBias())
                        .isFalse());
    }

    @Nested
    class Refused {

        private final Map<String, Tensor> weights = new HashMap<>();

        private Node conv(String name, String input, Activation activation) {
            return new Node.LayerNode(
                    name,
                    List.of(input),
                    new ConvolutionLayer.Builder(1, 1)
                            .nOut(1)
                            .activation(activation)
                            .build());
        }

        private Node norm(String input) {
            Layer norm = new BatchNormalization.Builder().useLogStd(false).build();
            return new Node.LayerNode("norm", List.of(input), norm);
        }

        private void assertRefused(Node... nodes) {
            Network network = new Network(List.of(nodes), List.of(), "norm");
            assertThatThrownBy(() -> FoldedTail.of(network, weights, Network.INPUT))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("norm does not follow a linear convolution of its own and cannot be folded");
        }

        @Test
        void isANormalisationOfTheCutItself() {
            assertRefused(norm(Network.INPUT));
        }

        @Test
        void isANormalisationOfAnActivation() {
            assertRefused(conv("conv", Network.INPUT, Activation.RELU), norm("conv"));
        }

        @Test
        void isANormalisationOfWhatOthersRead() {
            assertRefused(
                    conv("conv", Network.INPUT, Activation.IDENTITY),
                    conv("other", "conv", Activation.IDENTITY),
                    norm("conv"));
        }

        @Test
        void areWeightsThatLackATensor() {
            Network network = new Network(
                    List.of(conv("conv", Network.INPUT, Activation.IDENTITY), norm("conv")), List.of(), "norm");
            assertThatThrownBy(() -> FoldedTail.of(network, weights, Network.INPUT))
                    .hasMessage("the weights lack norm/gamma");
        }
    }
}
