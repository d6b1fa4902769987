package dev.graft.train;

import dev.graft.features.FeatureRows;
import dev.graft.features.TrainingFeatures;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The steps of a phase: batches in a seeded order, and validation in the given one. */
final class PhaseLoop {

    /** Images per validation batch: many for vectors, few for maps, whose intermediate values are large. */
    private static final int VECTOR_BATCH = 512;

    private static final int MAP_BATCH = 32;

    private final ComputationGraph graph;
    private final TrialSetup setup;
    private final TrialSetup.Features features;
    private final int classes;
    private final int rowLength;
    private double learningRate = Double.NaN;

    PhaseLoop(ComputationGraph graph, TrialSetup setup, TrialSetup.Features features) {
        this.graph = graph;
        this.setup = setup;
        this.features = features;
        this.classes = setup.classes();
        this.rowLength = features.validation().rowLength();
    }

    /**
     * Trains one epoch.
     *
     * @param epoch from 1, counted through both phases
     * @return the mean loss over the images
     * @throws TrainingException when the loss is no longer a number
     */
    double train(int epoch, double rate) {
        if (rate != learningRate) {
            graph.setLearningRate(rate);
            learningRate = rate;
        }
        TrainingFeatures train = features.train();
        int[] order = Draws.order(setup.sweep(), epoch, train.images());
        // Dropout draws from the thread's stream, which so depends on trial and epoch alone.
        Nd4j.getRandom().setSeed(Draws.dropout(setup.trial().seed(), epoch));
        int batchSize = setup.trial().parameters().batchSize();
        double loss = 0;
        for (int from = 0, step = 1; from < order.length; from += batchSize, step++) {
            int count = Math.min(batchSize, order.length - from);
            float[] values = new float[count * rowLength];
            train.read(epoch, order, from, count, values);
            try (INDArray x = Nd4j.create(values, shape(train.shape(), count), 'c');
                    INDArray y = oneHot(order, from, count)) {
                graph.fit(new INDArray[] {x}, new INDArray[] {y});
            }
            double score = graph.score();
            if (!Double.isFinite(score)) {
                throw new TrainingException("loss is " + score + " at epoch " + epoch + ", step " + step);
            }
            loss += score * count;
        }
        return loss / order.length;
    }

    /** Returns the probabilities of the validation images, {@code [images, classes]} in C order. */
    float[] predict() {
        FeatureRows rows = features.validation();
        int batch = rows.shape().length == 1 ? VECTOR_BATCH : MAP_BATCH;
        float[] probabilities = new float[rows.rows() * classes];
        for (int from = 0; from < rows.rows(); from += batch) {
            int count = Math.min(batch, rows.rows() - from);
            float[] values = new float[count * rowLength];
            for (int i = 0; i < count; i++) {
                rows.read(from + i, values, i * rowLength);
            }
            try (INDArray x = Nd4j.create(values, shape(rows.shape(), count), 'c')) {
                float[] output = graph.output(false, x)[0].dup('c').data().asFloat();
                System.arraycopy(output, 0, probabilities, from * classes, output.length);
            }
        }
        return probabilities;
    }

    private INDArray oneHot(int[] order, int from, int count) {
        float[] labels = new float[count * classes];
        for (int i = 0; i < count; i++) {
            labels[i * classes + setup.trainLabels()[order[from + i]]] = 1;
        }
        return Nd4j.create(labels, new long[] {count, classes}, 'c');
    }

    /** Stored maps that feed a dense layer come flat: a row is a vector for one axis, a map for three. */
    private static long[] shape(int[] shape, int count) {
        return shape.length == 1 ? new long[] {count, shape[0]} : new long[] {count, shape[0], shape[1], shape[2]};
    }
}
