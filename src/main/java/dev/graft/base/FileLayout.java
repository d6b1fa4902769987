package dev.graft.base;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;

/** What files hold of an architecture's tensors and how that becomes the tensors of its nodes. */
final class FileLayout {

    private static final float[] NONE = {};

    private final Network network;
    private final Map<String, List<FileTensor>> byNode;

    /**
     * One tensor of a node.
     *
     * @param layer the file's layer
     * @param inFile its key in the file, empty where no file holds it
     * @param inNode its key in the node, empty where the node does not need it
     * @param constant its values where no file holds it, otherwise empty
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record FileTensor(String layer, String inFile, String inNode, int[] shape, float[] constant) {}

    private FileLayout(Network network, Map<String, List<FileTensor>> byNode) {
        this.network = network;
        this.byNode = byNode;
    }

    /**
     * Reads the shapes of all tensors off Deeplearning4j's configuration; they are the same at every image size. No
     * graph is made: that would load native libraries into a process that may need none.
     */
    static FileLayout of(Architecture architecture) {
        int size = Math.max(architecture.minimumSize(), 64);
        Network network = architecture.network(size);
        Map<String, GraphVertex> built = network.configuration(
                        Network.assigned(), InputType.convolutional(size, size, 3), List.of(network.output()))
                .getVertices();
        Map<String, List<FileTensor>> byNode = new LinkedHashMap<>();
        for (Node node : network.nodes()) {
            if (node instanceof Node.LayerNode layer
                    && LayerWeights.isWeighted(layer.layer())
                    && built.get(node.name()) instanceof LayerVertex sized) {
                Map<String, int[]> shapes =
                        LayerWeights.shapes(node.name(), sized.getLayerConf().getLayer());
                byNode.put(node.name(), tensors(layer, shapes));
            }
        }
        return new FileLayout(network, byNode);
    }

    private static List<FileTensor> tensors(Node.LayerNode node, Map<String, int[]> shapes) {
        String name = node.name();
        List<FileTensor> tensors = new ArrayList<>();
        if (node.stored().isEmpty()) {
            shapes.forEach((key, shape) -> tensors.add(new FileTensor(name, key, key, shape, NONE)));
            return tensors;
        }
        Stored stored = node.stored().get();
        for (Stored.Kind kind : stored.tensors()) {
            String key = kind.inNode().equals(Stored.UNUSED) ? "" : name + "/" + kind.inNode();
            // What the node does not need is a single number.
            int[] shape = shapes.getOrDefault(key, new int[] {1});
            tensors.add(new FileTensor(stored.layer(), stored.layer() + "/" + kind.inFile(), key, shape, NONE));
        }
        shapes.forEach((key, shape) -> {
            float[] constant = stored.constants().get(key.substring(name.length() + 1));
            if (constant != null) {
                tensors.add(new FileTensor(stored.layer(), "", key, shape, constant));
            }
        });
        return tensors;
    }

    /** Returns the shapes that a file must hold by {@code layer/kind}, layer by layer, in Keras' order. */
    Map<String, Map<String, int[]>> expected() {
        Map<String, Map<String, int[]>> expected = new LinkedHashMap<>();
        for (Node node : KerasOrder.of(network)) {
            for (FileTensor tensor : byNode.getOrDefault(node.name(), List.of())) {
                if (!tensor.inFile().isEmpty()) {
                    expected.computeIfAbsent(tensor.layer(), unused -> new LinkedHashMap<>())
                            .put(tensor.inFile(), tensor.shape());
                }
            }
        }
        return expected;
    }

    /** Returns the shapes of all tensors of the nodes by {@code node/kind}, in the architecture's order. */
    Map<String, int[]> nodeShapes() {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        byNode.values()
                .forEach(tensors -> tensors.forEach(tensor -> {
                    if (!tensor.inNode().isEmpty()) {
                        shapes.put(tensor.inNode(), tensor.shape());
                    }
                }));
        return shapes;
    }

    /**
     * Turns tensors named as files name them into those of the nodes, in the architecture's order.
     *
     * @throws IllegalArgumentException when one is missing; a bug, as files are checked
     */
    Map<String, Tensor> toNodes(Map<String, Tensor> found) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        byNode.values()
                .forEach(wanted -> wanted.forEach(tensor -> {
                    if (tensor.inNode().isEmpty()) {
                        return;
                    }
                    Tensor value = tensor.inFile().isEmpty()
                            ? Tensor.filled(tensor.shape(), tensor.constant())
                            : found.get(tensor.inFile());
                    if (value == null) {
                        throw new IllegalArgumentException("there is no " + tensor.inFile());
                    }
                    tensors.put(tensor.inNode(), value);
                }));
        return tensors;
    }
}
