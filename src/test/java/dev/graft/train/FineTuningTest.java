package dev.graft.train;

import static dev.graft.train.SmallTrial.LOSS;
import static dev.graft.train.SmallTrial.NEVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import dev.graft.spec.TrialParameters;
import dev.graft.train.SmallTrial.Heard;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;

/** Trials on drawn images, through a real base, with and without a tail. */
class FineTuningTest {

    @TempDir
    Path folder;

    private TrialOutcome train(
            FrozenBase base, Map<String, Object> parameters, int epochs, FineTune fineTune, Heard heard) {
        return TrialTrainer.train(
                SmallTrial.images(folder, base, SmallTrial.sweep(epochs, NEVER, LOSS, fineTune), parameters, 5), heard);
    }

    @Nested
    class TheSecondPhase {

        @ParameterizedTest
        @CsvSource({"sprout, 32, 1", "sprout, 32, 2", "squeezenet, 48, 1"})
        void lowersTheLossThroughItsTail(String name, int size, int depth) {
            FrozenBase base = DrawnSource.base(name, size);
            String before = base.weights().digest();
            Heard heard = new Heard();
            TrialOutcome outcome = train(
                    base,
                    Map.of("fine_tune_depth", depth, "learning_rate", 0.001, "batch_size", 8),
                    1,
                    new FineTune(0.1, 4),
                    heard);
            List<Double> losses = heard.losses();
            assertThat(losses).hasSize(5);
            assertThat(losses.get(4)).isLessThan(losses.get(1));
            assertThat(outcome.keptEpoch()).isGreaterThan(1);
            // Of the frozen prefix, nothing is trained, kept or changed.
            FoldedTail tail = FoldedTail.of(
                    base.network(), base.weights().tensors(), base.network().cut(depth));
            Set<String> trained =
                    tail.network().nodes().stream().map(Node::name).collect(Collectors.toSet());
            outcome.weights().forEach((key, tensor) -> {
                String layer = key.substring(0, key.lastIndexOf('/'));
                assertThat(trained.contains(layer) || layer.startsWith("head_"))
                        .as(key)
                        .isTrue();
            });
            assertThat(outcome.weights().keySet()).containsAll(tail.weights().keySet());
            tail.weights().forEach((key, tensor) -> {
                if (key.endsWith("kernel")) {
                    assertThat(outcome.weights().get(key).values()).as(key).isNotEqualTo(tensor.values());
                }
            });
            assertThat(dev.graft.base.BaseWeights.of(base.weights().tensors()).digest())
                    .isEqualTo(before);
        }

        @Test
        void beginsWhereTheFirstOnesBestEpochEnded() {
            Heard heard = new Heard();
            TrialOutcome outcome = train(
                    DrawnSource.sprout(32),
                    Map.of("fine_tune_depth", 1, "learning_rate", 0.01, "dense_units", 5, "dropout", 0.2),
                    3,
                    new FineTune(1e-12, 2),
                    heard);
            assertThat(heard.results).extracting(EpochResult::epoch).containsExactly(1, 2, 3, 4, 5);
            assertThat(heard.results).extracting(EpochResult::phase).containsExactly(1, 1, 1, 2, 2);
            assertThat(heard.results.get(3).learningRate()).isCloseTo(1e-14, within(1e-18));
            int keptInFirst = heard.kept.subList(0, 3).lastIndexOf(true);
            assertClose(heard.probabilities.get(3), heard.probabilities.get(keptInFirst));
            assertThat(outcome.reason()).isEqualTo("ran all 3 epochs; fine-tuning: ran all 2 epochs");
            assertThat(outcome.seconds()).containsOnlyKeys("head", "validation", "tail");
            assertThat(outcome.epochs()).isEqualTo(5);
        }

        @Test
        void leavesTheFirstAsItIsWithoutATail() {
            Heard without = new Heard();
            Heard with = new Heard();
            FrozenBase base = DrawnSource.sprout(32);
            train(base, Map.of("learning_rate", 0.01), 2, new FineTune(0.1, 1), without);
            train(base, Map.of("learning_rate", 0.01, "fine_tune_depth", 1), 2, new FineTune(0.1, 1), with);
            assertThat(with.losses().subList(0, 2)).isEqualTo(without.losses());
        }

        @Test
        void takesALearningRateAndAnOptimizerOfItsOwn() {
            FrozenBase base = DrawnSource.sprout(32);
            Map<String, Object> adam = Map.of("fine_tune_depth", 1, "learning_rate", 0.01, "batch_size", 8);
            FineTune factor = new FineTune(0.1, 2);
            FineTune rate = new FineTune(0.5, 2, OptionalDouble.of(0.01 * 0.1), Optional.empty());
            FineTune sgd = new FineTune(0.1, 2, OptionalDouble.empty(), Optional.of(TrialParameters.Optimizer.SGD));
            Heard byFactor = new Heard();
            Heard byRate = new Heard();
            Heard bySgd = new Heard();
            train(base, adam, 2, factor, byFactor);
            train(base, adam, 2, rate, byRate);
            train(base, adam, 2, sgd, bySgd);
            assertThat(byRate.losses()).isEqualTo(byFactor.losses());
            assertThat(bySgd.losses().subList(0, 2)).isEqualTo(byFactor.losses().subList(0, 2));
            assertThat(bySgd.losses().get(3)).isNotEqualTo(byFactor.losses().get(3));
            assertThat(bySgd.losses().get(3)).isLessThan(bySgd.losses().get(2));
        }

        @Test
        void givesTheSameBitsForTheSameSeed() {
            FrozenBase base = DrawnSource.sprout(32);
            Map<String, Object> parameters = Map.of("fine_tune_depth", 2, "dropout", 0.3);
            Heard first = new Heard();
            Heard second = new Heard();
            TrialOutcome one = train(base, parameters, 1, new FineTune(1, 2), first);
            TrialOutcome two = train(base, parameters, 1, new FineTune(1, 2), second);
            assertThat(second.losses()).isEqualTo(first.losses());
            assertThat(two.probabilities()).isEqualTo(one.probabilities());
        }
    }

    @Nested
    class TheWholeModel {

        @ParameterizedTest
        @CsvSource({"0, avg", "0, max", "0, flatten", "1, avg", "1, max", "1, flatten"})
        void predictsWhatTheTrialRecorded(int depth, String pooling) {
            FrozenBase base = DrawnSource.sprout(32);
            Map<String, Object> parameters = new HashMap<>(
                    Map.of("fine_tune_depth", depth, "pooling", pooling, "learning_rate", 0.003, "dense_units", 6));
            parameters.put("dropout", 0.2);
            TrialOutcome outcome = train(base, parameters, 2, new FineTune(1, 2), new Heard());
            if (depth > 0) {
                assertThat(outcome.weights()).containsKey("block3_1_conv/kernel");
            }
            ComputationGraph graph = TrainedModel.assemble(
                    base.network(),
                    base.weights(),
                    outcome.weights(),
                    SmallTrial.trial("sprout", 32, parameters, 5).parameters(),
                    2);
            Dataset dataset = DrawnSource.dataset(folder.resolve("images"), 32, 12);
            float[] pixels = pixels(base, dataset.validation());
            int images = dataset.validation().size();
            float[] found = graph.output(false, Nd4j.create(pixels, new long[] {images, 3, 32, 32}, 'c'))[0]
                    .dup('c')
                    .data()
                    .asFloat();
            assertClose(found, outcome.probabilities());
            InputType type = InputType.convolutional(32, 32, 3);
            try (OnnxModel model = OnnxModel.load(OnnxExporter.export(graph, type, List.of(Head.OUTPUT)), 1)) {
                FloatBuffer buffer = OnnxModel.buffer(pixels.length);
                buffer.put(pixels);
                assertClose(model.run(buffer, images, List.of(Head.OUTPUT)).get(0), outcome.probabilities());
            }
        }

        private float[] pixels(FrozenBase base, List<LabelledImage> images) {
            int plane = 32 * 32;
            float[] pixels = new float[images.size() * 3 * plane];
            for (int i = 0; i < images.size(); i++) {
                float[] image = ImageDecoder.open(images.get(i).path())
                        .tensor((w, h) -> Frame.of(w, h, OptionalDouble.empty()), 32);
                System.arraycopy(image, 0, pixels, i * 3 * plane, image.length);
                base.architecture().preprocessing().apply(pixels, i * 3 * plane, plane);
            }
            return pixels;
        }
    }

    private static void assertClose(float[] found, float[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i]).isCloseTo(expected[i], within(1e-4));
        }
    }
}
