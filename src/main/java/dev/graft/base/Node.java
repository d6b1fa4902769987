package dev.graft.base;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;

/** One named step of a {@link Network}: a layer, or a vertex without parameters that joins several inputs. */
public sealed interface Node {

    /** Returns the node's name, unique in its network. */
    String name();

    /** Returns the names of the nodes it reads, or {@link Network#INPUT}. */
    List<String> inputs();

    /** Returns the same step reading other nodes. */
    Node reading(List<String> inputs);

    /**
     * A layer.
     *
     * @param name the current Keras or torchvision name
     * @param inputs one name
     * @param layer Deeplearning4j's configuration of it
     * @param stored how weight files store it, or empty where they do so under its own names
     */
    record LayerNode(String name, List<String> inputs, Layer layer, Optional<Stored> stored) implements Node {

        /** Copies the list. */
        public LayerNode {
            inputs = List.copyOf(inputs);
        }

        /** Makes a layer that weight files store under its own names. */
        public LayerNode(String name, List<String> inputs, Layer layer) {
            this(name, inputs, layer, Optional.empty());
        }

        @Override
        public Node reading(List<String> others) {
            return new LayerNode(name, others, layer, stored);
        }
    }

    /**
     * A vertex such as a sum or a concatenation.
     *
     * @param name the current Keras or torchvision name
     * @param inputs one name or more
     * @param vertex Deeplearning4j's configuration of it
     */
    record VertexNode(String name, List<String> inputs, GraphVertex vertex) implements Node {

        /** Copies the list. */
        public VertexNode {
            inputs = List.copyOf(inputs);
        }

        @Override
        public Node reading(List<String> others) {
            return new VertexNode(name, others, vertex);
        }
    }
}
