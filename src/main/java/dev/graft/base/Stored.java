package dev.graft.base;

import java.util.List;
import java.util.Map;

/**
 * How a weight file stores the tensors of a node that it does not store as Deeplearning4j names and needs them.
 *
 * @param layer the file's layer they belong to; several nodes may share one
 * @param tensors what the file holds for the node, in the file's order
 * @param constants tensors by kind that no file holds; a single value fills the tensor
 */
public record Stored(String layer, List<Kind> tensors, Map<String, float[]> constants) {

    /** A kind that is read and then left out, because no value depends on it. */
    static final String UNUSED = "";

    /** Copies the collections. */
    public Stored {
        tensors = List.copyOf(tensors);
        constants = Map.copyOf(constants);
    }

    /**
     * One tensor.
     *
     * @param inFile its kind in the file: {@code pointwise_kernel}
     * @param inNode its kind in the node: {@code kernel}
     */
    public record Kind(String inFile, String inNode) {}
}
