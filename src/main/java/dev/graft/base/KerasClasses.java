package dev.graft.base;

import dev.graft.base.KerasFile.LayerTensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The layers of a Keras 3 weight file, which names them after their classes and counts each class from the input on
 * ({@code keras.src.saving.saving_lib}): {@code conv2d, conv2d_1, batch_normalization}.
 */
final class KerasClasses {

    private static final Pattern NUMBERED = Pattern.compile("(.*?)(?:_([0-9]{1,9}))?");

    private KerasClasses() {}

    /**
     * Returns the file's layers in the order of the expected ones; those that nothing expects stand last.
     *
     * @param expected shapes by layer and {@code layer/kind}, in Keras' order
     */
    static List<LayerTensors> inOrder(List<LayerTensors> layers, Map<String, Map<String, int[]>> expected) {
        Map<String, LayerTensors> byName = new LinkedHashMap<>();
        layers.forEach(layer -> byName.put(layer.name(), layer));
        Map<String, Integer> counts = new HashMap<>();
        List<LayerTensors> ordered = new ArrayList<>();
        for (Map<String, int[]> shapes : expected.values()) {
            String kind = kind(shapes.keySet());
            int number = counts.merge(kind, 1, Integer::sum) - 1;
            String name = number == 0 ? kind : kind + "_" + number;
            LayerTensors found = byName.remove(name);
            ordered.add(found == null ? new LayerTensors(name, List.of(), List.of()) : found);
        }
        ordered.addAll(byName.values());
        return ordered;
    }

    /** Says whether a name is that of a class of layers with weights, as all of Graft's bases have them. */
    static boolean isConvolution(String name) {
        Matcher matcher = NUMBERED.matcher(name);
        return matcher.matches() && matcher.group(1).equals("conv2d");
    }

    private static String kind(Set<String> keys) {
        String all = keys.toString();
        if (all.contains("/pointwise_kernel")) {
            return "separable_conv2d";
        }
        if (all.contains("/depthwise_kernel")) {
            return "depthwise_conv2d";
        }
        if (all.contains("/count")) {
            return "normalization";
        }
        return all.contains("/moving_mean") ? "batch_normalization" : "conv2d";
    }
}
