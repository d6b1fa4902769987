package dev.graft.train;

import dev.graft.base.Tensor;
import java.util.Map;

/**
 * One dense layer of a head, and how its weights lie in an array: output by output, {@code inputs} weights each. In the
 * first layer each output's bias follows its weights, since there the inputs end with a 1; in the others all biases come
 * last.
 *
 * @param name as in {@link Head}
 * @param inputs how many values go in
 * @param outputs how many come out
 * @param first whether it is the first layer
 */
record HeadLayer(String name, int inputs, int outputs, boolean first) {

    /** Hears of runs of weights that are no biases. */
    interface Run {
        void between(int from, int to);
    }

    /** Returns the weights and biases in all. */
    int size() {
        return Math.multiplyExact(inputs + 1, outputs);
    }

    /** Returns the values from one output's weights to the next one's. */
    int stride() {
        return first ? inputs + 1 : inputs;
    }

    int bias(int output) {
        return first ? output * stride() + inputs : inputs * outputs + output;
    }

    void eachRun(Run run) {
        if (first) {
            for (int output = 0; output < outputs; output++) {
                run.between(output * stride(), output * stride() + inputs);
            }
        } else {
            run.between(0, inputs * outputs);
        }
    }

    /** Lays tensors in Keras' layouts out. */
    float[] laidOut(Map<String, Tensor> weights) {
        float[] kernel = tensor(weights, "kernel");
        float[] bias = tensor(weights, "bias");
        float[] values = new float[size()];
        for (int output = 0; output < outputs; output++) {
            for (int input = 0; input < inputs; input++) {
                values[output * stride() + input] = kernel[input * outputs + output];
            }
            values[bias(output)] = bias[output];
        }
        return values;
    }

    /** Adds the tensors of laid out values. */
    void unpack(float[] values, Map<String, Tensor> into) {
        float[] kernel = new float[inputs * outputs];
        float[] bias = new float[outputs];
        for (int output = 0; output < outputs; output++) {
            for (int input = 0; input < inputs; input++) {
                kernel[input * outputs + output] = values[output * stride() + input];
            }
            bias[output] = values[bias(output)];
        }
        into.put(name + "/kernel", new Tensor(new int[] {inputs, outputs}, kernel));
        into.put(name + "/bias", new Tensor(new int[] {outputs}, bias));
    }

    private float[] tensor(Map<String, Tensor> weights, String kind) {
        Tensor tensor = weights.get(name + "/" + kind);
        if (tensor == null) {
            throw new IllegalStateException("the head has no " + name + "/" + kind);
        }
        return tensor.values();
    }
}
