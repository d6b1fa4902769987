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
            return writer.node("Softmax", inputs, name, attribute("axis", 1));
        }
        if (function instanceof ActivationSigmoid) {
            return writer.node("Sigmoid", inputs, name);
        }
        if (function instanceof ActivationTanH) {
            return writer.node("Tanh", inputs, name);
        }
        if (function instanceof ActivationELU) {
            return writer.node("Elu", inputs, name);
        }
        if (function instanceof ActivationSwish) {
            String gate = writer.node("Sigmoid", inputs, writer.between(name));
            return writer.node("Mul", List.of(input, gate), name);
        }
        if (function instanceof ActivationGELU) {
            return gelu(writer, name, input);
        }
        throw new UnsupportedOperationException("cannot export activation " + function.getClass());
    }

    /**
     * Hendrycks and Gimpel, 2016, in the form Deeplearning4j computes by default: {@code x / 2 * (1 + tanh(sqrt(2 / pi) *
     * (x + 0.044715 x^3)))}.
     */
    private static String gelu(OnnxWriter writer, String name, String input) {
        String cubic = writer.floats(name + "/cubic", new float[] {0.044715f});
        String slope = writer.floats(name + "/slope", new float[] {(float) Math.sqrt(2 / Math.PI)});
        String one = writer.floats(name + "/one", new float[] {1});
        String half = writer.floats(name + "/half", new float[] {0.5f});
        String square = writer.node("Mul", List.of(input, input), writer.between(name));
        String cube = writer.node("Mul", List.of(square, input), writer.between(name));
        String scaled = writer.node("Mul", List.of(cube, cubic), writer.between(name));
        String sum = writer.node("Add", List.of(input, scaled), writer.between(name));
        String inner = writer.node("Mul", List.of(sum, slope), writer.between(name));
        String tanh = writer.node("Tanh", List.of(inner), writer.between(name));
        String plus = writer.node("Add", List.of(tanh, one), writer.between(name));
        String product = writer.node("Mul", List.of(input, plus), writer.between(name));
        return writer.node("Mul", List.of(product, half), name);
    }
}
