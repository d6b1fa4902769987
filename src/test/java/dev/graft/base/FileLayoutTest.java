package dev.graft.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FileLayoutTest {

    static Stream<Architecture> architectures() {
        Catalogue catalogue = new Catalogue(List.of());
        return Stream.concat(catalogue.names().stream(), Stream.of("mobilenet_0.25", "mobilenet_v2_1.4"))
                .distinct()
                .map(name -> catalogue.entry(name).architecture());
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void knowsTheShapesThatDeeplearning4jGivesItsParameters(Architecture architecture) {
        int size = Math.max(architecture.minimumSize(), 64);
        Network network = architecture.network(size);
        Map<String, List<Integer>> expected = new LinkedHashMap<>();
        ComputationGraph graph = network.graph(Network.assigned(), InputType.convolutional(size, size, 3));
        for (Node node : network.nodes()) {
            if (node instanceof Node.LayerNode layer && LayerWeights.isWeighted(layer.layer())) {
                LayerWeights.shapes(graph, node.name()).forEach((key, shape) -> expected.put(key, listed(shape)));
            }
        }
        graph.close();
        Map<String, List<Integer>> found = new LinkedHashMap<>();
        FileLayout.of(architecture).nodeShapes().forEach((key, shape) -> found.put(key, listed(shape)));
        assertThat(found).isNotEmpty().isEqualTo(expected);
    }

    private static List<Integer> listed(int[] shape) {
        return Arrays.stream(shape).boxed().toList();
    }
}
