package dev.graft.base;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;

/**
 * An acyclic network as a list of nodes in an order in which each follows what it reads: the form in which bases are
 * written down, cut, and joined with heads before they become Deeplearning4j graphs. Immutable.
 *
 * @param nodes the nodes, in order
 * @param blocks what fine-tune depth counts, from the input to the output
 * @param output the name of the last node
 */
public record Network(List<Node> nodes, List<Block> blocks, String output) {

    /** The name by which nodes read the network's input. */
    public static final String INPUT = "input";

    /** Copies the lists and checks that every node reads what comes before it. */
    public Network {
        nodes = List.copyOf(nodes);
        blocks = List.copyOf(blocks);
        Set<String> known = new HashSet<>(Set.of(INPUT));
        for (Node node : nodes) {
            if (!known.containsAll(node.inputs())) {
                throw new IllegalArgumentException(node.name() + " reads " + node.inputs() + ", not all of it known");
            }
            if (!known.add(node.name())) {
                throw new IllegalArgumentException("two nodes are named " + node.name());
            }
        }
        if (!known.contains(output)) {
            throw new IllegalArgumentException("no node is named " + output);
        }
    }

    /** Returns the node where the frozen prefix ends: the output for depth 0, the input of the last blocks else. */
    public String cut(int fineTuneDepth) {
        return fineTuneDepth == 0
                ? output
                : blocks.get(blocks.size() - fineTuneDepth).input();
    }

    /** Returns the nodes that the given ones need, themselves included, as a network that ends in the last of them. */
    public Network upTo(List<String> ends) {
        Set<String> needed = new HashSet<>(ends);
        List<Node> kept = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (needed.contains(node.name())) {
                needed.addAll(node.inputs());
                kept.add(0, node);
            }
        }
        // A block is inside when something kept reads its input; one that only begins at an end is not.
        List<Block> inside = blocks.stream()
                .filter(block -> kept.stream().anyMatch(node -> node.inputs().contains(block.input())))
                .toList();
        return new Network(kept, inside, ends.get(ends.size() - 1));
    }

    /**
     * Returns the nodes behind a cut as a network whose input is the cut's value; without nodes behind the output.
     *
     * @throws IllegalArgumentException when a node behind the cut reads one before it; a bug in the base's blocks
     */
    public Network after(String cut) {
        Set<String> prefix = new HashSet<>(Set.of(INPUT));
        if (!cut.equals(INPUT)) {
            upTo(List.of(cut)).nodes().forEach(node -> prefix.add(node.name()));
        }
        List<Node> tail = new ArrayList<>();
        for (Node node : nodes) {
            if (!prefix.contains(node.name())) {
                tail.add(node.reading(node.inputs().stream()
                        .map(input -> input.equals(cut) ? INPUT : input)
                        .toList()));
            }
        }
        return new Network(tail, List.of(), output.equals(cut) ? INPUT : output);
    }

    /** Returns this network with another behind its output. */
    public Network followedBy(Network next) {
        List<Node> all = new ArrayList<>(nodes);
        for (Node node : next.nodes) {
            all.add(node.reading(node.inputs().stream()
                    .map(input -> input.equals(INPUT) ? output : input)
                    .toList()));
        }
        return new Network(all, blocks, next.nodes.isEmpty() ? output : next.output);
    }

    /** Returns the nodes by name, in order. */
    public Map<String, Node> byName() {
        Map<String, Node> byName = new LinkedHashMap<>();
        nodes.forEach(node -> byName.put(node.name(), node));
        return byName;
    }

    /** Returns settings for a graph whose weights will be assigned: without the time that drawing them would take. */
    public static NeuralNetConfiguration.Builder assigned() {
        return new NeuralNetConfiguration.Builder().weightInit(WeightInit.ZERO);
    }

    /**
     * Returns the Deeplearning4j configuration.
     *
     * @param settings seed, updater and regularisation of all layers
     * @param inputType what enters
     * @param outputs the names of the nodes whose values leave
     */
    public ComputationGraphConfiguration configuration(
            NeuralNetConfiguration.Builder settings, InputType inputType, Collection<String> outputs) {
        ComputationGraphConfiguration.GraphBuilder graph =
                settings.graphBuilder().addInputs(INPUT).setInputTypes(inputType);
        for (Node node : nodes) {
            String[] inputs = node.inputs().toArray(String[]::new);
            // Layers are cloned: building writes input sizes into them, and networks are shared.
            if (node instanceof Node.LayerNode layer) {
                graph.addLayer(node.name(), layer.layer().clone(), inputs);
            } else if (node instanceof Node.VertexNode vertex) {
                graph.addVertex(node.name(), vertex.vertex().clone(), inputs);
            }
        }
        return graph.setOutputs(outputs.toArray(String[]::new)).build();
    }

    /** Returns how many multiplications, each with an addition, the convolutions and dense layers do for one input. */
    public long multiplyAdds(InputType inputType) {
        if (nodes.isEmpty()) {
            return 0;
        }
        ComputationGraphConfiguration graph = configuration(assigned(), inputType, List.of(output));
        Map<String, InputType> types = graph.getLayerActivationTypes(inputType);
        long sum = 0;
        for (Node node : nodes) {
            InputType type = types.get(node.name());
            if (graph.getVertices().get(node.name()) instanceof LayerVertex vertex && type != null) {
                sum += multiplyAdds(vertex.getLayerConf().getLayer(), type.getShape(false));
            }
        }
        return sum;
    }

    private static long multiplyAdds(Layer layer, long[] shape) {
        if (layer instanceof ConvolutionLayer convolution) {
            int[] kernel = convolution.getKernelSize();
            long inputs = layer instanceof DepthwiseConvolution2D ? 1 : convolution.getNIn();
            return shape[0] * shape[1] * shape[2] * kernel[0] * kernel[1] * inputs;
        }
        return layer instanceof BaseOutputLayer || layer instanceof DenseLayer
                ? ((FeedForwardLayer) layer).getNIn() * ((FeedForwardLayer) layer).getNOut()
                : 0;
    }

    /** Returns a graph, its weights as the settings say, whose only output is the network's, for {@code [batch, c, h, w]} input. */
    public ComputationGraph graph(NeuralNetConfiguration.Builder settings, InputType inputType) {
        ComputationGraph graph = new ComputationGraph(configuration(settings, inputType, List.of(output)));
        graph.init();
        return graph;
    }
}
