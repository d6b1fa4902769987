package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.base.Catalogue;
import dev.graft.base.LayerWeights;
import dev.graft.base.Network;
import dev.graft.base.Node;
import dev.graft.base.Tensor;
import dev.graft.features.DrawnSource;
import dev.graft.features.FrozenBase;
import dev.graft.spec.Parameters;
import dev.graft.spec.TrialParameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Tails with layers of our own train as with Deeplearning4j's, step by step. */
class LeanTailTest {

    private static final int BATCH = 4;
    private static final int CLASSES = 3;
    private static final int STEPS = 4;

    static Stream<Arguments> basesAndDepths() {
        return new Catalogue(List.of())
                .names().stream().flatMap(base -> Stream.of(Arguments.of(base, 1), Arguments.of(base, 2)));
    }

    private record Run(List<Double> losses, float[] predictions, Map<String, Tensor> weights) {}

    @ParameterizedTest
    @MethodSource("basesAndDepths")
    void trainAsStockLayersDo(String name, int depth) {
        int size = new Catalogue(List.of()).find(name).orElseThrow().minimumSize();
        FrozenBase base = DrawnSource.base(name, size);
        FoldedTail tail = FoldedTail.of(
                base.network(), base.weights().tensors(), base.network().cut(depth));
        int[] shape = base.shape(base.tailOutput(depth));
        assertThat(tail.trained().nodes())
                .anyMatch(node -> node instanceof Node.LayerNode layer && layer.layer() instanceof LeanConvolution);

        Run stock = train(tail.network(), tail, shape);
        Run lean = train(tail.trained(), tail, shape);

        for (int i = 0; i < STEPS; i++) {
            assertThat(lean.losses().get(i))
                    .as("loss of step %s", i)
                    .isCloseTo(stock.losses().get(i), within(1e-4));
        }
        assertThat(stock.losses().get(STEPS - 1)).isNotEqualTo(stock.losses().get(0));
        for (int i = 0; i < stock.predictions().length; i++) {
            assertThat(lean.predictions()[i]).isCloseTo(stock.predictions()[i], within(1e-3f));
        }
        assertThat(lean.weights().keySet()).isEqualTo(stock.weights().keySet());
    }

    /** Plain gradient descent: Adam would make large steps of what is noise around a gradient of 0. */
    private static Run train(Network network, FoldedTail tail, int[] shape) {
        TrialParameters parameters = Parameters.from(new HashMap<>(
                Map.of("base", "sprout", "image_size", 32, "dense_units", 8, "dropout", 0.2, "optimizer", "sgd")));
        Nd4j.getRandom().setSeed(5);
        ComputationGraph graph = network.followedBy(Head.network(parameters, CLASSES, false, new float[0]))
                .graph(Optimizers.settings(parameters, 5, 0.01), TrialTrainer.inputType(shape));
        LayerWeights.assign(graph, tail.weights());
        SplittableRandom random = new SplittableRandom(8);
        List<Double> losses = new ArrayList<>();
        INDArray x = values(random, shape);
        INDArray y = Nd4j.zeros(BATCH, CLASSES);
        for (int i = 0; i < BATCH; i++) {
            y.putScalar(i, i % CLASSES, 1);
        }
        for (int step = 0; step < STEPS; step++) {
            graph.fit(new INDArray[] {x}, new INDArray[] {y});
            losses.add(graph.score());
        }
        float[] predictions = graph.output(false, x)[0].dup('c').data().asFloat();
        Map<String, Tensor> weights = LayerWeights.extract(graph);
        graph.close();
        return new Run(losses, predictions, weights);
    }

    private static INDArray values(SplittableRandom random, int[] shape) {
        float[] values = new float[BATCH * shape[0] * shape[1] * shape[2]];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble();
        }
        return Nd4j.create(values, new long[] {BATCH, shape[0], shape[1], shape[2]}, 'c');
    }
}
