package dev.graft.base;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keras' order of a functional model's layers, which is the order of layers in its weight files: the farther from the
 * output the earlier, by the longest path; of layers equally far, the one that a walk back from the output, first
 * inputs first, meets first ({@code keras.src.ops.function.map_graph}).
 */
final class KerasOrder {

    private final Map<String, Node> nodes;
    private final Map<String, Integer> met = new HashMap<>();
    private final Map<String, Integer> distance = new HashMap<>();

    private KerasOrder(Network network) {
        this.nodes = network.byName();
    }

    /** Returns the nodes in this order. */
    static List<Node> of(Network network) {
        KerasOrder order = new KerasOrder(network);
        order.walk(network.output());
        List<Node> sorted = new ArrayList<>(network.nodes());
        for (int i = sorted.size() - 1; i >= 0; i--) {
            Node node = sorted.get(i);
            int next = order.distance.getOrDefault(node.name(), 0) + 1;
            node.inputs().forEach(input -> order.distance.merge(input, next, Math::max));
        }
        sorted.sort(Comparator.<Node>comparingInt(node -> -order.distance.getOrDefault(node.name(), 0))
                .thenComparingInt(node -> order.met.getOrDefault(node.name(), Integer.MAX_VALUE)));
        return sorted;
    }

    private void walk(String name) {
        Node node = nodes.get(name);
        if (node != null && met.putIfAbsent(name, met.size()) == null) {
            node.inputs().forEach(this::walk);
        }
    }
}
