package dev.graft.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

class NetworkTest {

    private static final Catalogue CATALOGUE = new Catalogue(List.of());

    /** Small sides, the first with odd maps on the way. */
    private static final Map<String, Integer> SIZES = Map.of(
            "efficientnet_b0", 45,
            "inception_v3", 75,
            "mobilenet", 75,
            "mobilenet_v2", 75,
            "resnet18", 45,
            "resnet50", 45,
            "sprout", 45,
            "squeezenet", 51,
            "vgg16", 45,
            "xception", 71);

    private static Architecture architecture(String base) {
        return CATALOGUE.entry(base).architecture();
    }

    /** As published for 224 px, without the classifiers, in millions. */
    @ParameterizedTest
    @CsvSource({"mobilenet_v2, 299.5", "resnet18, 1813.6", "vgg16, 15346.6", "mobilenet, 567.7"})
    void multiplyAddsAreCounted(String base, double millions) {
        assertThat(architecture(base).network(224).multiplyAdds(InputType.convolutional(224, 224, 3)) / 1e6)
                .isCloseTo(millions, within(0.002 * millions));
    }

    private static ComputationGraph graph(Network network, InputType type, Map<String, Tensor> weights) {
        ComputationGraph graph = network.graph(new NeuralNetConfiguration.Builder(), type);
        LayerWeights.assign(graph, weights);
        return graph;
    }

    @Nested
    class Cutting {

        @TestFactory
        Stream<DynamicTest> prefixAndTailTogetherComputeTheWholeAtEveryDepthOfEveryBase() {
            return CATALOGUE.names().stream().flatMap(base -> {
                Architecture architecture = architecture(base);
                int size = SIZES.get(base);
                Network network = architecture.network(size);
                Map<String, Tensor> weights = BaseWeights.ofFile(architecture, PseudoRandomWeights.of(architecture))
                        .tensors();
                InputType type = InputType.convolutional(size, size, 3);
                float[] pixels = FormulaWeights.input(size);
                architecture.preprocessing().apply(pixels, 0, size * size);
                INDArray input = Nd4j.create(pixels, new long[] {2, 3, size, size}, 'c')
                        .get(org.nd4j.linalg.indexing.NDArrayIndex.interval(0, 1))
                        .dup('c');
                Map<String, INDArray> whole = graph(network, type, weights).feedForward(input, false);
                return IntStream.rangeClosed(0, network.blocks().size())
                        .mapToObj(depth -> DynamicTest.dynamicTest(base + " depth " + depth, () -> {
                            String cut = network.cut(depth);
                            INDArray middle = graph(network.upTo(List.of(cut)), type, weights)
                                    .outputSingle(false, input);
                            assertThat(relative(middle, whole.get(cut))).isLessThan(1e-5);
                            Network tail = network.after(cut);
                            if (depth == 0) {
                                assertThat(tail.nodes()).isEmpty();
                                return;
                            }
                            long[] shape = middle.shape();
                            INDArray output = graph(
                                            tail, InputType.convolutional(shape[2], shape[3], shape[1]), weights)
                                    .outputSingle(false, middle);
                            assertThat(relative(output, whole.get(network.output())))
                                    .isLessThan(1e-5);
                            Network joined = network.upTo(List.of(cut)).followedBy(tail);
                            assertThat(names(joined)).isEqualTo(names(network));
                            assertThat(joined.output()).isEqualTo(network.output());
                        }));
            });
        }

        private double relative(INDArray found, INDArray expected) {
            assertThat(found.shape()).isEqualTo(expected.shape());
            return Transforms.abs(found.sub(expected)).maxNumber().doubleValue()
                    / Transforms.abs(expected).maxNumber().doubleValue();
        }

        @ParameterizedTest
        @CsvSource({
            "efficientnet_b0, 16",
            "inception_v3, 11",
            "mobilenet, 13",
            "mobilenet_v2, 17",
            "resnet18, 8",
            "resnet50, 16",
            "sprout, 3",
            "squeezenet, 8",
            "vgg16, 5",
            "xception, 14"
        })
        void everyBlockIsCountedFromTheEnd(String base, int blocks) {
            Network network = architecture(base).network(64);
            assertThat(network.blocks()).hasSize(blocks);
            assertThat(network.cut(0)).isEqualTo(network.output());
            assertThat(network.cut(1))
                    .isEqualTo(network.blocks().get(blocks - 1).input());
            assertThat(network.cut(blocks)).isEqualTo(network.blocks().get(0).input());
        }

        @Test
        void aPrefixHoldsTheBlocksBeforeItsEndOnly() {
            Network network = architecture("sprout").network(64);
            assertThat(network.upTo(List.of(network.cut(1))).blocks())
                    .extracting(Block::name)
                    .containsExactly("block1", "block2");
            assertThat(network.upTo(List.of(network.output())).blocks()).isEqualTo(network.blocks());
            assertThat(network.upTo(List.of(network.cut(1), network.output())).blocks())
                    .isEqualTo(network.blocks());
        }

        @Test
        void everythingIsBehindTheInput() {
            Network network = architecture("sprout").network(64);
            assertThat(network.after(Network.INPUT).nodes()).isEqualTo(network.nodes());
        }

        @Test
        void aCutThatAShortcutPassesIsRefused() {
            assertThatThrownBy(() -> architecture("sprout").network(64).after("block3_1_bn"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("block3_shortcut_conv");
        }
    }

    @Nested
    class Joining {

        @Test
        void theNextReadsTheOutput() {
            NetworkBuilder next = new NetworkBuilder();
            String pad = next.zeroPad("pad", Network.INPUT, 1, 1, 1, 1);
            Network joined = architecture("sprout").network(64).followedBy(next.build(pad));
            assertThat(joined.output()).isEqualTo("pad");
            assertThat(joined.byName().get("pad").inputs()).containsExactly("block3_out");
        }

        @Test
        void namesMustDiffer() {
            Network network = architecture("sprout").network(64);
            assertThatThrownBy(() -> network.followedBy(network)).hasMessage("two nodes are named stem_conv");
        }

        @Test
        void aNodeMustFollowWhatItReads() {
            NetworkBuilder net = new NetworkBuilder();
            net.conv("a", "b", 1, 1, 1, NetworkBuilder.Padding.VALID, false);
            assertThatThrownBy(() -> net.build("a")).hasMessage("a reads [b], not all of it known");
            assertThatThrownBy(() -> new NetworkBuilder().build("x")).hasMessage("no node is named x");
        }
    }

    @Nested
    class Parameters {

        @ParameterizedTest
        @CsvSource({"mobilenet_v2, 2257984", "squeezenet, 722496", "sprout, 435624"})
        void areAsManyAsPublished(String base, int count) {
            int sum = 0;
            for (Map<String, int[]> shapes :
                    BaseWeights.expected(architecture(base)).values()) {
                for (int[] shape : shapes.values()) {
                    sum += IntStream.of(shape).reduce(1, Math::multiplyExact);
                }
            }
            assertThat(sum).isEqualTo(count);
        }
    }

    @Nested
    class Weights {

        @Test
        void ofEveryKindOfLayerComeOutAsTheyWentIn() {
            NetworkBuilder net = new NetworkBuilder();
            String x = net.conv("conv", Network.INPUT, 5, 3, 1, NetworkBuilder.Padding.SAME, true);
            x = net.conv("bare", x, 4, 2, 1, NetworkBuilder.Padding.VALID, false);
            x = net.depthwise("depthwise", x, 3, 2, NetworkBuilder.Padding.SAME);
            x = net.batchNorm("norm", x, 1e-3);
            List<Node> nodes = new ArrayList<>(net.build(x).nodes());
            nodes.add(new Node.LayerNode(
                    "dense",
                    List.of("norm"),
                    new org.deeplearning4j.nn.conf.layers.DenseLayer.Builder()
                            .nOut(3)
                            .build()));
            nodes.add(new Node.LayerNode(
                    "output",
                    List.of("dense"),
                    new org.deeplearning4j.nn.conf.layers.OutputLayer.Builder()
                            .nOut(2)
                            .build()));
            ComputationGraph graph = new Network(nodes, List.of(), "output")
                    .graph(new NeuralNetConfiguration.Builder(), InputType.convolutional(7, 6, 3));
            Map<String, Tensor> weights = new LinkedHashMap<>();
            float value = 1;
            for (String layer : List.of("conv", "bare", "depthwise", "norm", "dense", "output")) {
                for (Map.Entry<String, int[]> entry :
                        LayerWeights.shapes(graph, layer).entrySet()) {
                    float[] values = new float[IntStream.of(entry.getValue()).reduce(1, Math::multiplyExact)];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = value++;
                    }
                    weights.put(entry.getKey(), new Tensor(entry.getValue(), values));
                }
            }
            LayerWeights.assign(graph, weights);
            assertThat(weights.keySet())
                    .containsExactly(
                            "conv/kernel",
                            "conv/bias",
                            "bare/kernel",
                            "depthwise/depthwise_kernel",
                            "norm/gamma",
                            "norm/beta",
                            "norm/moving_mean",
                            "norm/moving_variance",
                            "dense/kernel",
                            "dense/bias",
                            "output/kernel",
                            "output/bias");
            assertThat(weights.get("conv/kernel").shape()).containsExactly(3, 3, 3, 5);
            assertThat(weights.get("depthwise/depthwise_kernel").shape()).containsExactly(3, 3, 4, 1);
            assertThat(weights.get("dense/kernel").shape()).containsExactly(4 * 3 * 3, 3);
            Map<String, Tensor> extracted = LayerWeights.extract(graph);
            assertThat(extracted.keySet()).containsExactlyInAnyOrderElementsOf(weights.keySet());
            weights.forEach((key, tensor) -> {
                assertThat(extracted.get(key).shape()).as(key).isEqualTo(tensor.shape());
                assertThat(extracted.get(key).values()).as(key).isEqualTo(tensor.values());
            });
            // Keras' [height, width, in, out] against Deeplearning4j's [out, in, height, width].
            assertThat(graph.getLayer("conv").getParam("W").getDouble(4, 2, 1, 0))
                    .isCloseTo(1 + ((1 * 3 + 0) * 3 + 2) * 5 + 4, within(0.0));
        }

        @Test
        void ofAnotherShapeAreRefused() {
            ComputationGraph graph = architecture("sprout")
                    .network(32)
                    .graph(new NeuralNetConfiguration.Builder(), InputType.convolutional(32, 32, 3));
            assertThatThrownBy(() -> LayerWeights.assign(
                            graph, Map.of("stem_conv/kernel", new Tensor(new int[] {1}, new float[1]))))
                    .hasMessage("stem_conv/kernel must be [3, 3, 3, 24], but was [1]");
        }
    }

    private static List<String> names(Network network) {
        return network.nodes().stream().map(Node::name).sorted().toList();
    }
}
