package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.base.BaseWeights;
import dev.graft.base.Catalogue;
import dev.graft.base.Node;
import dev.graft.data.Dataset;
import dev.graft.data.Frame;
import dev.graft.data.ImageDecoder;
import dev.graft.data.LabelledImage;
import dev.graft.features.DrawnSource;
import dev.graft.features.FrozenBase;
import dev.graft.onnx.OnnxExporter;
import dev.graft.onnx.OnnxModel;
import dev.graft.spec.FineTune;
import dev.graft.train.SmallTrial.Heard;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The last one and two blocks of every base train, in Deeplearning4j, on features that ONNX Runtime made. */
class EveryBaseIT {

    @TempDir
    Path folder;

    static Stream<Arguments> basesAndDepths() {
        return new Catalogue(List.of())
                .names().stream().flatMap(base -> Stream.of(Arguments.of(base, 1), Arguments.of(base, 2)));
    }

    @ParameterizedTest
    @MethodSource("basesAndDepths")
    void lowersItsLossChangesNoPrefixAndBecomesTheModelItMeasured(String name, int depth) {
        int size = new Catalogue(List.of()).find(name).orElseThrow().minimumSize();
        FrozenBase base = DrawnSource.base(name, size);
        String before = base.weights().digest();
        Map<String, Object> parameters = Map.of("fine_tune_depth", depth, "learning_rate", 0.001, "batch_size", 8);
        Heard heard = new Heard();
        TrialOutcome outcome = TrialTrainer.train(
                SmallTrial.images(
                        folder,
                        base,
                        SmallTrial.sweep(1, SmallTrial.NEVER, SmallTrial.LOSS, new FineTune(0.1, 3)),
                        parameters,
                        5),
                heard);

        List<Double> losses = heard.losses();
        assertThat(losses).hasSize(4);
        assertThat(losses.get(3)).as("loss after %s", losses).isLessThan(losses.get(1));
        assertThat(outcome.keptEpoch()).isGreaterThan(1);

        // Of the frozen prefix, nothing is trained, kept or changed.
        FoldedTail tail = FoldedTail.of(
                base.network(), base.weights().tensors(), base.network().cut(depth));
        Set<String> trained = tail.network().nodes().stream().map(Node::name).collect(Collectors.toSet());
        assertThat(outcome.weights().keySet()).containsAll(tail.weights().keySet());
        outcome.weights().forEach((key, tensor) -> {
            String layer = key.substring(0, key.lastIndexOf('/'));
            assertThat(trained.contains(layer) || layer.startsWith("head_"))
                    .as(key)
                    .isTrue();
        });
        tail.weights().forEach((key, tensor) -> {
            if (key.endsWith("kernel")) {
                assertThat(outcome.weights().get(key).values()).as(key).isNotEqualTo(tensor.values());
            }
        });
        assertThat(BaseWeights.of(base.weights().tensors()).digest()).isEqualTo(before);

        theModelComputesWhatPrefixAndTailDid(base, parameters, outcome);
    }

    private void theModelComputesWhatPrefixAndTailDid(
            FrozenBase base, Map<String, Object> parameters, TrialOutcome outcome) {
        int size = base.imageSize();
        ComputationGraph graph = TrainedModel.assemble(
                base.network(),
                base.weights(),
                outcome.weights(),
                SmallTrial.trial(base.architecture().name(), size, parameters, 5)
                        .parameters(),
                2);
        Dataset dataset = DrawnSource.dataset(folder.resolve("images"), 32, 12);
        List<LabelledImage> images = dataset.validation();
        int plane = size * size;
        float[] pixels = new float[images.size() * 3 * plane];
        for (int i = 0; i < images.size(); i++) {
            float[] image = ImageDecoder.open(images.get(i).path())
                    .tensor((w, h) -> Frame.of(w, h, OptionalDouble.empty()), size);
            System.arraycopy(image, 0, pixels, i * 3 * plane, image.length);
            base.architecture().preprocessing().apply(pixels, i * 3 * plane, plane);
        }
        try (INDArray input = Nd4j.create(pixels, new long[] {images.size(), 3, size, size}, 'c')) {
            assertClose(graph.output(false, input)[0].dup('c').data().asFloat(), outcome.probabilities());
        }
        InputType type = InputType.convolutional(size, size, 3);
        try (OnnxModel model = OnnxModel.load(OnnxExporter.export(graph, type, List.of(Head.OUTPUT)), 1)) {
            FloatBuffer buffer = OnnxModel.buffer(pixels.length);
            buffer.put(pixels);
            assertClose(model.run(buffer, images.size(), List.of(Head.OUTPUT)).get(0), outcome.probabilities());
        }
        graph.close();
    }

    private static void assertClose(float[] found, float[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i]).isCloseTo(expected[i], within(1e-4));
        }
    }
}
