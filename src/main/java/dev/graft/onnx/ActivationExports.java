package dev.graft.onnx;

import static dev.graft.onnx.OnnxWriter.attribute;

import java.util.List;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** What each activation function becomes. */
final class ActivationExports {

    private ActivationExports() {}

    /** Writes a function under the vertex' name; even the identity, since its value must bear that name. */
    static String write(OnnxWriter writer, IActivation function, String name, String input) {
        List<String> inputs = List.of(input);
        if (function instanceof ActivationIdentity) {
            return writer.node("Identity", inputs, name);
        }
        if (function instanceof ActivationReLU) {
            return writer.node("Relu", inputs, name);
        }
        if (function instanceof ActivationReLU6) {
            String low = writer.floats(name + "/low", new float[] {0});
            String high = writer.floats(name + "/high", new float[] {6});
            return writer.node("Clip", List.of(input, low, high), name);
        }
        if (function instanceof ActivationSoftmax) {
            // Over the last axis, whatever it is.
            return writer.node("Softmax", inputs, name, attribute("axis", -1));
        }
        if (function instanceof ActivationSigmoid) {
            return writer.node("Sigmoid", inputs, name);
        }
        if (function instanceof ActivationTanH) {
            return writer.node("Tanh", inputs, name);
        }
        if (function instanceof ActivationELU elu) {
            return writer.node("Elu", inputs, name, attribute("alpha", (float) elu.getAlpha()));
        }
        if (function instanceof ActivationSwish) {
            String gate = writer.node("Sigmoid", inputs, writer.between(name));
            return writer.node("Mul", List.of(input, gate), name);
        }
        // Its precise variant is neither the exact function nor the usual approximation.
        if (function.equals(new ActivationGELU(false))) {
            return gelu(writer, name, input);
        }
        throw new UnsupportedOperationException("cannot export activation " + function + " of layer " + name);
    }

    /** Hendrycks and Gimpel, 2016, in the quick form that is Deeplearning4j's default: {@code x * sigmoid(1.702 x)}. */
    private static String gelu(OnnxWriter writer, String name, String input) {
        String slope = writer.floats(name + "/slope", new float[] {1.702f});
        String scaled = writer.node("Mul", List.of(input, slope), writer.between(name));
        String gate = writer.node("Sigmoid", List.of(scaled), writer.between(name));
        return writer.node("Mul", List.of(input, gate), name);
    }
}
