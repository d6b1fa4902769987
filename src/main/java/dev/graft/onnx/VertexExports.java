package dev.graft.onnx;

import static dev.graft.onnx.OnnxWriter.attribute;

import java.util.List;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.graph.vertex.impl.MergeVertex;
import org.jspecify.annotations.Nullable;

/** What each kind of vertex becomes. */
final class VertexExports {

    private VertexExports() {}

    /** Writes a vertex and returns the name of its value. */
    static String write(OnnxWriter writer, ComputationGraph graph, GraphVertex vertex, List<String> inputs) {
        String name = vertex.getVertexName();
        if (vertex instanceof LayerVertex layer) {
            String input = flatten(writer, layer.getLayerPreProcessor(), name, inputs.get(0));
            return LayerExports.write(writer, layer.getLayer(), name, input);
        }
        if (vertex instanceof MergeVertex) {
            return writer.node("Concat", inputs, name, attribute("axis", 1));
        }
        if (graph.getConfiguration().getVertices().get(name) instanceof ScaleVertex scale
                && scale.getScaleFactor() == 1) {
            return inputs.get(0);
        }
        if (graph.getConfiguration().getVertices().get(name) instanceof ElementWiseVertex elementWise) {
            return elementWise(writer, elementWise, inputs, name);
        }
        throw new UnsupportedOperationException("cannot export vertex " + name + " of " + vertex.getClass());
    }

    private static String elementWise(OnnxWriter writer, ElementWiseVertex vertex, List<String> inputs, String name) {
        String operator = switch (vertex.getOp()) {
            case Add -> "Add";
            case Product -> "Mul";
            case Max -> "Max";
            default ->
                throw new UnsupportedOperationException(
                        "cannot export vertex " + name + ", " + vertex.getOp() + " of values");
        };
        // ONNX adds and multiplies two values at a time.
        String value = inputs.get(0);
        for (int i = 1; i < inputs.size(); i++) {
            String output = i == inputs.size() - 1 ? name : writer.between(name);
            value = writer.node(operator, List.of(value, inputs.get(i)), output);
        }
        return value;
    }

    private static String flatten(OnnxWriter writer, @Nullable InputPreProcessor before, String name, String input) {
        if (before == null) {
            return input;
        }
        if (before instanceof CnnToFeedForwardPreProcessor) {
            return writer.node("Flatten", List.of(input), writer.between(name), attribute("axis", 1));
        }
        throw new UnsupportedOperationException("cannot export " + before.getClass() + " before " + name);
    }
}
