package dev.graft.train;

import dev.graft.base.Network;
import dev.graft.base.Node;
import dev.graft.spec.TrialParameters;
import dev.graft.spec.TrialParameters.ClassWeights;
import dev.graft.spec.TrialParameters.Pooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * The network grafted on a base: pooling, dense layers each followed by dropout, softmax. Without dense layers the
 * dropout stands before the softmax. Names begin with {@code head_}.
 */
public final class Head {

    /** The last layer: {@code [batch, classes]} probabilities. */
    public static final String OUTPUT = "head_predictions";

    /** Deeplearning4j's floor under probabilities whose logarithm is taken. */
    static final double CLIP = 1e-10;

    private Head() {}

    /** Returns the name of a dense layer, counted from 1. */
    static String dense(int number) {
        return "head_dense_" + number;
    }

    /** Returns the activation of dense layers for training: with a slope that is a number everywhere. */
    static IActivation trainedActivation(String name) {
        return switch (name) {
            case "swish" -> new Gated.Swish();
            case "gelu" -> new Gated.Gelu();
            default -> activation(name);
        };
    }

    /** Returns the head of a finished model, which reads the base's map and is made of Deeplearning4j's classes alone. */
    static Network finished(TrialParameters parameters, int classes) {
        return network(parameters, classes, false, new float[0], activation(parameters.activation()));
    }

    /**
     * Returns a head to be trained.
     *
     * @param pooled whether its input has been pooled already, so that it begins with the first dense layer
     * @param lossWeights a factor for each class' loss; empty for none
     */
    static Network network(TrialParameters parameters, int classes, boolean pooled, float[] lossWeights) {
        return network(parameters, classes, pooled, lossWeights, trainedActivation(parameters.activation()));
    }

    private static Network network(
            TrialParameters parameters, int classes, boolean pooled, float[] lossWeights, IActivation activation) {
        List<Node> nodes = new ArrayList<>();
        String last = Network.INPUT;
        if (!pooled && parameters.pooling() != Pooling.FLATTEN) {
            PoolingType type = parameters.pooling() == Pooling.AVG ? PoolingType.AVG : PoolingType.MAX;
            last = add(
                    nodes,
                    "head_pooling",
                    last,
                    new GlobalPoolingLayer.Builder().poolingType(type).build());
        }
        if (parameters.denseUnits().isEmpty()) {
            last = dropout(nodes, "head_dropout", last, parameters.dropout());
        }
        int index = 1;
        for (int units : parameters.denseUnits()) {
            Layer dense =
                    new DenseLayer.Builder().nOut(units).activation(activation).build();
            last = add(nodes, dense(index), last, dense);
            last = dropout(nodes, "head_dropout_" + index, last, parameters.dropout());
            index++;
        }
        LossMCXENT loss = lossWeights.length == 0
                ? new LossMCXENT()
                : new LossMCXENT(Nd4j.createFromArray(lossWeights).reshape(1, lossWeights.length));
        add(
                nodes,
                OUTPUT,
                last,
                new OutputLayer.Builder(loss)
                        .nOut(classes)
                        .activation(Activation.SOFTMAX)
                        .build());
        return new Network(nodes, List.of(), OUTPUT);
    }

    /**
     * Returns how many numbers a head holds: the weights and biases of its dense layers.
     *
     * @param features how many features of an image enter it, after pooling
     */
    public static long weights(TrialParameters parameters, long features, int classes) {
        long sum = 0;
        long width = features;
        for (int units : parameters.denseUnits()) {
            sum += (width + 1) * units;
            width = units;
        }
        return sum + (width + 1) * classes;
    }

    /** Returns the factors of {@code class_weights}: inverse frequency, 1 on average over the images. */
    static float[] lossWeights(TrialParameters parameters, int[] labels, int classes) {
        if (parameters.classWeights() == ClassWeights.NONE) {
            return new float[0];
        }
        int[] counts = new int[classes];
        for (int label : labels) {
            counts[label]++;
        }
        long present = Arrays.stream(counts).filter(count -> count > 0).count();
        float[] weights = new float[classes];
        for (int i = 0; i < classes; i++) {
            weights[i] = counts[i] == 0 ? 0 : (float) labels.length / (present * counts[i]);
        }
        return weights;
    }

    private static String dropout(List<Node> nodes, String name, String input, double fraction) {
        // Deeplearning4j counts what is kept; so many of 1 mean no layer at all.
        return fraction == 0 ? input : add(nodes, name, input, new DropoutLayer.Builder(1 - fraction).build());
    }

    private static String add(List<Node> nodes, String name, String input, Layer layer) {
        nodes.add(new Node.LayerNode(name, List.of(input), layer));
        return name;
    }

    private static IActivation activation(String name) {
        return Activation.valueOf(name.toUpperCase(Locale.ROOT)).getActivationFunction();
    }
}
