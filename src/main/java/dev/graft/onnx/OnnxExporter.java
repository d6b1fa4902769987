package dev.graft.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;

/**
 * Writes a Deeplearning4j graph as an ONNX model (operator set 13) for inference: dropout vanishes, batch normalisation
 * uses its moving statistics. Values keep the names of the vertices. What a layer becomes is said in {@link
 * LayerExports} and {@link VertexExports}, one case a class.
 */
public final class OnnxExporter {

    private OnnxExporter() {}

    /**
     * Returns the model's bytes.
     *
     * @param graph a graph with one input, {@code [batch, channels, height, width]} or {@code [batch, values]}
     * @param inputType the type of that input
     * @param outputs the vertices whose values are outputs, in this order
     * @throws UnsupportedOperationException naming the layer, for a layer no case exists for; a bug
     */
    public static byte[] export(ComputationGraph graph, InputType inputType, List<String> outputs) {
        if (inputType instanceof InputType.InputTypeConvolutional map && map.getFormat() != CNN2DFormat.NCHW) {
            throw new UnsupportedOperationException("cannot export a graph whose maps are " + map.getFormat());
        }
        OnnxWriter writer = new OnnxWriter();
        String input = graph.getConfiguration().getNetworkInputs().get(0);
        writer.input(input, shape(inputType));
        // A vertex that is the identity at inference, such as dropout, is left out: readers read what it read.
        Map<String, String> values = new HashMap<>();
        values.put(input, input);
        GraphVertex[] vertices = graph.getVertices();
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = vertices[index];
            if (vertex.isInputVertex()) {
                continue;
            }
            VertexIndices[] sources = vertex.getInputVertices();
            List<String> inputs = Arrays.stream(sources)
                    .map(source -> values.get(vertices[source.getVertexIndex()].getVertexName()))
                    .toList();
            values.put(vertex.getVertexName(), VertexExports.write(writer, graph, vertex, inputs));
        }
        Map<String, InputType> types =
                new LinkedHashMap<>(graph.getConfiguration().getLayerActivationTypes(inputType));
        for (String output : outputs) {
            String value = values.get(output);
            InputType type = types.get(output);
            if (value == null || type == null) {
                throw new IllegalArgumentException("the graph has no vertex " + output);
            }
            if (!value.equals(output)) {
                writer.node("Identity", List.of(value), output);
            }
            writer.output(output, shape(type));
        }
        return writer.model("graft");
    }

    private static long[] shape(InputType type) {
        long[] withBatch = type.getShape(true);
        return Arrays.copyOfRange(withBatch, 1, withBatch.length);
    }
}
