package dev.graft.base;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Matches what a file holds with what an architecture expects, and notes everything that does not fit. */
final class WeightMatcher {

    private final Architecture architecture;
    private final String file;
    private final FileLayout layout;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /**
     * Prepares for one file.
     *
     * @param file what messages call it
     */
    WeightMatcher(Architecture architecture, String file) {
        this.architecture = architecture;
        this.file = file;
        this.layout = FileLayout.of(architecture);
    }

    /** Matches layers by their order, as Keras does, whatever their names. */
    BaseWeights keras(KerasFile.Contents contents) {
        Map<String, Map<String, int[]>> expected = layout.expected();
        List<KerasFile.LayerTensors> ordered =
                contents.byClass() ? KerasClasses.inOrder(contents.layers(), expected) : contents.layers();
        Iterator<KerasFile.LayerTensors> layers = ordered.iterator();
        for (Map<String, int[]> shapes : expected.values()) {
            if (layers.hasNext()) {
                layer(layers.next(), shapes);
            } else {
                shapes.forEach(this::missing);
            }
        }
        layers.forEachRemaining(layer -> problems.add("the file's layer " + layer.name() + " is left over"));
        return result();
    }

    private void layer(KerasFile.LayerTensors layer, Map<String, int[]> shapes) {
        int index = 0;
        for (Map.Entry<String, int[]> expected : shapes.entrySet()) {
            if (index >= layer.tensors().size()) {
                problems.add(expected.getKey() + " is missing from the file's layer " + layer.name());
                continue;
            }
            take(
                    expected.getKey(),
                    expected.getValue(),
                    layer.tensors().get(index),
                    layer.names().get(index));
            index++;
        }
        for (; index < layer.tensors().size(); index++) {
            problems.add(layer.name() + ": " + layer.names().get(index) + " is left over");
        }
    }

    /** Matches tensors by their names: Graft's, or PyTorch's. */
    BaseWeights byName(Map<String, Tensor> found) {
        Map<String, int[]> expected = new LinkedHashMap<>();
        layout.expected().values().forEach(expected::putAll);
        names(expected, TorchNames.areIn(found) ? TorchNames.translate(found) : found);
        return result();
    }

    /** Matches the tensors of a bundle's model, which are named after nodes. */
    BaseWeights bundle(Path folder) {
        Map<String, int[]> expected = layout.nodeShapes();
        names(expected, BundleWeights.read(architecture, expected.keySet(), folder));
        requireNone();
        return BaseWeights.of(tensors);
    }

    private void names(Map<String, int[]> expected, Map<String, Tensor> found) {
        Map<String, Tensor> rest = new LinkedHashMap<>(found);
        expected.forEach((key, shape) -> {
            Tensor tensor = rest.remove(key);
            if (tensor == null) {
                missing(key, shape);
            } else {
                take(key, shape, tensor, key);
            }
        });
        rest.keySet().forEach(key -> problems.add(key + " is left over"));
    }

    private void missing(String key, int[] shape) {
        problems.add(key + " " + Arrays.toString(shape) + " is missing");
    }

    private void take(String key, int[] shape, Tensor found, String nameInFile) {
        if (!Arrays.equals(shape, found.shape())) {
            problems.add(key + " must be " + Arrays.toString(shape) + ", but " + nameInFile + " is "
                    + Arrays.toString(found.shape()));
        }
        tensors.put(key, found);
    }

    private BaseWeights result() {
        requireNone();
        return BaseWeights.of(layout.toNodes(tensors));
    }

    private void requireNone() {
        if (!problems.isEmpty()) {
            throw WeightException.listing(file, architecture.name(), problems);
        }
    }
}
