package dev.graft.train;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.blas.Level3;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.api.ops.random.impl.DropOutInverted;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The arithmetic of several heads of one shape on the same batches, on ND4J's operations: whatever goes value by value is
 * done for all heads at once, and matrix products head by head, from memory that is laid out for them. One product for
 * all first layers would be no faster, and the last digits of a head's numbers would depend on which others there are.
 *
 * <p>Values of a layer are {@code [heads, outputs, images]} in C order; one head's part is {@code [images, outputs]} in
 * Fortran order, which is what matrix products read without copying. Not safe for several threads.
 */
final class HeadBank implements AutoCloseable {

    private final List<HeadLayer> layers;
    private final IActivation activation;
    private final boolean dropoutFirst;
    private final int classes;
    private final Level3 blas = Nd4j.getBlasWrapper().level3();
    private final List<INDArray> weights = new ArrayList<>();
    private final List<INDArray> gradients = new ArrayList<>();
    private final Map<Integer, Batch> batches = new HashMap<>();
    private final List<Views> views = new ArrayList<>();
    private final List<float[]> copied = new ArrayList<>();
    private final int heads;

    /**
     * Makes room for heads.
     *
     * @param layers from the features to the classes; the first is {@link HeadLayer#first}
     * @param activation of all layers but the last
     * @param dropoutFirst whether dropout stands before the first layer, so that each head sees features of its own
     * @param heads how many, at least 1
     */
    HeadBank(List<HeadLayer> layers, IActivation activation, boolean dropoutFirst, int heads) {
        this.layers = List.copyOf(layers);
        this.activation = activation;
        this.dropoutFirst = dropoutFirst;
        this.classes = layers.get(layers.size() - 1).outputs();
        for (HeadLayer layer : layers) {
            weights.add(floats((long) heads * layer.size()));
            gradients.add(floats(layer.size()));
        }
        this.heads = heads;
        for (int l = 0; l < layers.size(); l++) {
            views.add(new Views(layers.get(l), weights.get(l), gradients.get(l), heads));
            copied.add(new float[layers.get(l).size()]);
        }
    }

    /** Puts a head's weights in their place. */
    void put(int head, int layer, float[] values) {
        INDArray array = weights.get(layer);
        buffer(array).put(head * values.length, values);
        Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
    }

    /**
     * Computes a head's gradients from the last {@link #backward}, one head and layer at a time, so that they are still at
     * hand in the processor's cache when they are used.
     *
     * @return an array that the next call for this layer writes to again
     */
    float[] gradients(Pass pass, int head, int layer) {
        float[] into = copied.get(layer);
        Layer at = pass.batch.layers.get(layer);
        INDArray input = layer > 0
                ? pass.batch.layers.get(layer - 1).outputs.get(head)
                : dropoutFirst ? pass.batch.ownInputs.get(head) : pass.batch.input;
        INDArray gradient = gradients.get(layer);
        blas.gemm(input, at.deltas.get(head), views.get(layer).gradients, true, false, 1, 0);
        buffer(gradient).get(0, into);
        if (layer > 0) {
            int outputs = layers.get(layer).outputs();
            buffer(at.biasGradients).get(head * outputs, into, into.length - outputs, outputs);
        }
        return into;
    }

    /**
     * Computes the classes' probabilities of some images, without dropout.
     *
     * @param features {@code [count, inputs]}
     * @return {@code [heads, classes, count]}
     */
    float[] predict(float[] features, int count) {
        Batch batch = batch(count, false);
        batch.fill(features);
        forward(batch, List.of());
        return batch.probabilities();
    }

    /** What one head's dropout draws from. */
    record Dropout(double fraction, Random random) {}

    /** A batch that went forth and back, until the next one. */
    static final class Pass {

        private final Batch batch;

        private Pass(Batch batch) {
            this.batch = batch;
        }
    }

    /**
     * Computes the derivatives of the mean loss over a batch by the sums of every layer.
     *
     * @param features {@code [labels.length, inputs]}
     * @param lossWeights a factor for each class; empty for none
     * @param dropouts of each head
     * @param losses receives each head's mean loss
     */
    Pass backward(float[] features, int[] labels, float[] lossWeights, List<Dropout> dropouts, double[] losses) {
        Batch batch = batch(labels.length, true);
        batch.fill(features);
        forward(batch, dropouts);
        batch.differentiate(labels, lossWeights, losses);
        for (int l = layers.size() - 1; l > 0; l--) {
            Layer layer = batch.layers.get(l);
            Layer before = batch.layers.get(l - 1);
            for (int head = 0; head < heads; head++) {
                blas.gemm(
                        layer.deltas.get(head),
                        views.get(l).weights.get(head),
                        before.deltas.get(head),
                        false,
                        true,
                        1,
                        0);
            }
            layer.delta.sum(layer.biasGradients, 2);
            if (before.dropped) {
                before.delta.muli(before.mask);
            }
            if (!(activation instanceof ActivationIdentity)) {
                before.delta.assign(
                        activation.backprop(before.sums, before.delta).getFirst());
            }
        }
        return new Pass(batch);
    }

    /** Computes the probabilities, in training where there are dropouts. */
    private void forward(Batch batch, List<Dropout> dropouts) {
        if (dropoutFirst && !dropouts.isEmpty()) {
            batch.drop(dropouts);
        }
        for (int l = 0; l < layers.size(); l++) {
            if (l > 0) {
                batch.layers.get(l - 1).activate(activation, dropouts);
            }
            Layer layer = batch.layers.get(l);
            for (int head = 0; head < heads; head++) {
                INDArray input = l > 0
                        ? batch.layers.get(l - 1).outputs.get(head)
                        : dropoutFirst && !dropouts.isEmpty() ? batch.ownInputs.get(head) : batch.input;
                blas.gemm(input, views.get(l).weights.get(head), layer.sumsOf.get(head), false, false, 1, 0);
            }
            if (l > 0) {
                layer.sums.addi(views.get(l).biases);
            }
        }
        INDArray sums = batch.layers.get(layers.size() - 1).sums;
        Nd4j.exec(new SoftMax(sums, sums, 1));
    }

    private Batch batch(int count, boolean training) {
        // Two lengths of training batches and two of validation batches at the most.
        return batches.computeIfAbsent(training ? count : -count, unused -> new Batch(count, training));
    }

    @Override
    public void close() {
        batches.values().forEach(Batch::close);
        weights.forEach(INDArray::close);
        gradients.forEach(INDArray::close);
    }

    private static INDArray floats(long... shape) {
        return Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
    }

    /** Returns a part of an array under another shape. */
    private static INDArray view(INDArray of, long offset, char order, long[] shape, long... strides) {
        return Nd4j.create(of.data(), shape, strides, offset, order);
    }

    /** Returns a matrix in Fortran order. */
    private static INDArray matrix(INDArray of, long offset, long rows, long columns) {
        return view(of, offset, 'f', new long[] {rows, columns}, 1, rows);
    }

    private static FloatBuffer buffer(INDArray array) {
        Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
        return array.data().asNioFloat();
    }

    /** A layer's weights and one head's gradients under the shapes that products want. */
    private static final class Views {

        private final INDArray biases;
        private final List<INDArray> weights = new ArrayList<>();
        private final INDArray gradients;

        Views(HeadLayer layer, INDArray weight, INDArray gradient, int heads) {
            int size = layer.size();
            int rows = layer.stride();
            gradients = matrix(gradient, 0, rows, layer.outputs());
            long behind = (long) layer.inputs() * layer.outputs();
            biases = view(weight, behind, 'c', new long[] {heads, layer.outputs(), 1}, size, 1, 1);
            for (int head = 0; head < heads; head++) {
                weights.add(matrix(weight, (long) head * size, rows, layer.outputs()));
            }
        }
    }

    /** A layer's values for one batch. */
    private final class Layer {

        private final INDArray sums;
        private final List<INDArray> sumsOf;
        private final INDArray output;
        private final List<INDArray> outputs;
        private final INDArray delta;
        private final INDArray biasGradients;
        private final List<INDArray> deltas;
        private final INDArray drawn;
        private final INDArray mask;
        private boolean dropped;
        private final List<INDArray> draws = new ArrayList<>();

        Layer(HeadLayer layer, int count, boolean training, boolean last) {
            long[] shape = {heads, layer.outputs(), count};
            sums = floats(shape);
            sumsOf = parts(sums, layer, count);
            output = last ? sums : floats(shape);
            outputs = parts(output, layer, count);
            delta = training ? floats(shape) : sums;
            biasGradients = floats(heads, layer.outputs());
            deltas = parts(delta, layer, count);
            boolean drops = training && !last;
            drawn = drops ? floats(heads, count, layer.outputs()) : sums;
            mask = drops ? floats(shape) : sums;
            for (int head = 0; drops && head < heads; head++) {
                long values = (long) layer.outputs() * count;
                draws.add(view(drawn, head * values, 'c', new long[] {count, layer.outputs()}, layer.outputs(), 1));
            }
        }

        private List<INDArray> parts(INDArray of, HeadLayer layer, int count) {
            List<INDArray> parts = new ArrayList<>();
            for (int head = 0; head < heads; head++) {
                parts.add(matrix(of, (long) head * layer.outputs() * count, count, layer.outputs()));
            }
            return parts;
        }

        void activate(IActivation function, List<Dropout> dropouts) {
            output.assign(sums);
            INDArray result = function.getActivation(output, !dropouts.isEmpty());
            if (result != output) {
                output.assign(result);
            }
            dropped = dropouts.stream().anyMatch(dropout -> dropout.fraction() > 0);
            if (dropped) {
                drawn.assign(1);
                for (int head = 0; head < heads; head++) {
                    draw(draws.get(head), dropouts.get(head));
                }
                mask.assign(drawn.permute(0, 2, 1));
                output.muli(mask);
            }
        }

        void close() {
            // Closing twice is an error, and some stand for others.
            Set<INDArray> all = Collections.newSetFromMap(new IdentityHashMap<>());
            all.addAll(List.of(sums, output, delta, biasGradients, drawn, mask));
            all.forEach(INDArray::close);
        }
    }

    /** Draws what Deeplearning4j's dropout draws: row by row, in the order of the images. */
    private static void draw(INDArray ones, Dropout dropout) {
        if (dropout.fraction() > 0) {
            Nd4j.getExecutioner().exec(new DropOutInverted(ones, ones, 1 - dropout.fraction()), dropout.random());
        }
    }

    /** Room for a batch of one length. */
    private final class Batch {

        private final int count;
        private final int inputs = HeadBank.this.layers.get(0).inputs();
        private final INDArray input;
        private final List<INDArray> ownInputs = new ArrayList<>();
        private final List<INDArray> ownFeatures = new ArrayList<>();
        private final List<INDArray> masks = new ArrayList<>();
        private final List<Layer> layers = new ArrayList<>();

        Batch(int count, boolean training) {
            this.count = count;
            input = floats(count, inputs + 1L);
            // Each image's features end with a 1, which the first layer's biases are multiplied with.
            input.assign(1);
            for (int head = 0; dropoutFirst && training && head < heads; head++) {
                INDArray own = floats(count, inputs + 1L);
                ownInputs.add(own);
                ownFeatures.add(view(own, 0, 'c', new long[] {count, inputs}, inputs + 1L, 1));
                masks.add(floats(count, inputs));
            }
            int last = HeadBank.this.layers.size() - 1;
            for (int l = 0; l <= last; l++) {
                layers.add(new Layer(HeadBank.this.layers.get(l), count, training, l == last));
            }
        }

        void fill(float[] features) {
            FloatBuffer buffer = buffer(input);
            for (int image = 0; image < count; image++) {
                buffer.put(image * (inputs + 1), features, image * inputs, inputs);
            }
            Nd4j.getAffinityManager().tagLocation(input, Location.HOST);
        }

        void drop(List<Dropout> dropouts) {
            for (int head = 0; head < heads; head++) {
                ownInputs.get(head).assign(input);
                INDArray mask = masks.get(head);
                mask.assign(1);
                draw(mask, dropouts.get(head));
                ownFeatures.get(head).muli(mask);
            }
        }

        float[] probabilities() {
            float[] values = new float[heads * classes * count];
            buffer(layers.get(layers.size() - 1).sums).get(0, values);
            return values;
        }

        /** Computes the losses, and their derivatives by the last layer's sums, from the probabilities. */
        void differentiate(int[] labels, float[] lossWeights, double[] losses) {
            float[] values = probabilities();
            int at = 0;
            for (int head = 0; head < heads; head++) {
                double loss = 0;
                for (int image = 0; image < count; image++) {
                    float weight = lossWeights.length == 0 ? 1 : lossWeights[labels[image]];
                    double likely = values[at + labels[image] * count + image];
                    // NaN stays NaN.
                    loss -= weight * Math.log(Math.max(likely, Head.CLIP));
                }
                losses[head] = loss / count;
                for (int c = 0; c < classes; c++) {
                    for (int image = 0; image < count; image++, at++) {
                        float weight = lossWeights.length == 0 ? 1 : lossWeights[labels[image]];
                        values[at] = (values[at] - (labels[image] == c ? 1 : 0)) * weight / count;
                    }
                }
            }
            INDArray delta = layers.get(layers.size() - 1).delta;
            buffer(delta).put(0, values);
            Nd4j.getAffinityManager().tagLocation(delta, Location.HOST);
        }

        void close() {
            input.close();
            ownInputs.forEach(INDArray::close);
            masks.forEach(INDArray::close);
            layers.forEach(Layer::close);
        }
    }
}
