package dev.graft.train;

import dev.graft.base.Architecture;
import dev.graft.base.LayerWeights;
import dev.graft.base.Network;
import dev.graft.base.Tensor;
import dev.graft.spec.Parameters;
import dev.graft.spec.TrialParameters;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Trains a whole base from random weights on a source task, batch normalisation and all. */
public final class Pretraining {

    private static final int BATCH = 32;
    private static final int TEST_IMAGES = 20;
    private static final double LEARNING_RATE = 0.002;

    private Pretraining() {}

    /** The images of the source task. */
    public interface Source {

        /** Returns the number of classes. */
        int classes();

        /**
         * Writes a prepared image.
         *
         * @param label its class
         * @param index numbers the images of a class, from 0
         * @param into receives {@code [3, size, size]} from the offset
         */
        void read(int label, long index, float[] into, int offset);
    }

    /**
     * Trains.
     *
     * @param imagesPerClass images of each class in an epoch; every epoch sees new ones, so nothing can be learnt by heart
     * @param log hears of each epoch: its number and a line
     * @return the base's weights by {@code layer/kind}, without the classifier it was trained with
     */
    public static Map<String, Tensor> run(
            Architecture architecture,
            int size,
            Source source,
            int imagesPerClass,
            int epochs,
            long seed,
            BiConsumer<Integer, String> log) {
        TrialParameters plain = Parameters.from(Map.of("base", architecture.name(), "dropout", 0.2));
        Network network =
                architecture.network(size).followedBy(Head.network(plain, source.classes(), false, new float[0]));
        Nd4j.getRandom().setSeed(seed);
        ComputationGraph graph = network.graph(
                new NeuralNetConfiguration.Builder()
                        .seed(seed)
                        .weightInit(WeightInit.RELU)
                        .l2(1e-4)
                        .updater(new Adam(LEARNING_RATE)),
                InputType.convolutional(size, size, 3));
        int classes = source.classes();
        int imageFloats = 3 * size * size;
        int images = classes * imagesPerClass;
        for (int epoch = 1; epoch <= epochs; epoch++) {
            SplittableRandom random = new SplittableRandom(seed + epoch);
            int[] order = Draws.shuffled(images, random);
            graph.setLearningRate(LEARNING_RATE * 0.5 * (1 + Math.cos(Math.PI * (epoch - 1) / epochs)));
            double loss = 0;
            for (int from = 0; from < images; from += BATCH) {
                int count = Math.min(BATCH, images - from);
                float[] pixels = new float[count * imageFloats];
                float[] labels = new float[count * classes];
                for (int i = 0; i < count; i++) {
                    int image = order[from + i];
                    // Images 0 to TEST_IMAGES - 1 of a class are never trained on.
                    long index = TEST_IMAGES + (long) (epoch - 1) * imagesPerClass + image / classes;
                    source.read(image % classes, index, pixels, i * imageFloats);
                    labels[i * classes + image % classes] = 1;
                }
                try (INDArray x = Nd4j.create(pixels, new long[] {count, 3, size, size}, 'c');
                        INDArray y = Nd4j.create(labels, new long[] {count, classes}, 'c')) {
                    graph.fit(new INDArray[] {x}, new INDArray[] {y});
                }
                loss += graph.score() * count;
            }
            double accuracy = accuracy(graph, source, size);
            log.accept(
                    epoch,
                    String.format(Locale.ROOT, "loss %.4f, accuracy on new images %.3f", loss / images, accuracy));
        }
        Map<String, Tensor> weights = new LinkedHashMap<>(LayerWeights.extract(graph));
        weights.keySet().removeIf(key -> key.startsWith("head_"));
        return weights;
    }

    private static double accuracy(ComputationGraph graph, Source source, int size) {
        int correct = 0;
        int classes = source.classes();
        for (int label = 0; label < classes; label++) {
            float[] pixels = new float[TEST_IMAGES * 3 * size * size];
            for (int i = 0; i < TEST_IMAGES; i++) {
                source.read(label, i, pixels, i * 3 * size * size);
            }
            try (INDArray x = Nd4j.create(pixels, new long[] {TEST_IMAGES, 3, size, size}, 'c')) {
                INDArray best = graph.output(false, x)[0].argMax(1);
                for (int i = 0; i < TEST_IMAGES; i++) {
                    correct += best.getInt(i) == label ? 1 : 0;
                }
            }
        }
        return (double) correct / (classes * TEST_IMAGES);
    }
}
