package dev.graft.base;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads the weights of a Keras HDF5 file. Up to Keras 2, and in {@code .h5} files of Keras 3, layers stand in the order of
 * the attribute {@code layer_names}, each with its {@code weight_names}: the layout of {@code Model.save_weights} and,
 * below {@code model_weights}, of {@code Model.save}. Keras 3's {@code .weights.h5} files, one of which is inside each
 * {@code .keras} archive, have {@code layers/CLASS_NUMBER/vars/INDEX} instead.
 */
final class KerasFile {

    /** A layer of the file that has weights, with its tensors in file order and their names. */
    record LayerTensors(String name, List<String> names, List<Tensor> tensors) {}

    /** More than any layer of any base has; a file that claims more is damaged or hostile. */
    private static final long MAX_TENSOR_BYTES = 1L << 30;

    /** How much larger than the file a tensor can be: deflate packs zeros 1032 to 1. */
    private static final long MOST_UNPACKED = 1100;

    /** Where Keras 3 and the last versions of Keras 2 keep a model's layers. */
    private static final List<String> CONTAINERS = List.of("layers", "_layer_checkpoint_dependencies");

    private KerasFile() {}

    /**
     * What a file holds.
     *
     * @param layers the layers with weights
     * @param byClass whether they are named after their classes, so that their order says nothing
     */
    record Contents(List<LayerTensors> layers, boolean byClass) {}

    /**
     * Reads all weighted layers.
     *
     * @param file what messages call the file
     * @throws WeightException when the file is no HDF5 file or not laid out by Keras; the file's fault
     */
    static Contents read(Path path, String file) {
        byte[] bytes = bytes(path, file);
        // Within an array the library cannot take memory for more than there is, whatever lengths a file claims.
        try (HdfFile hdf = HdfFile.fromBytes(bytes)) {
            Optional<Group> container = container(hdf, 0);
            if (container.isPresent()) {
                return new Contents(classes(container.get(), file), true);
            }
            Group root = hdf.getAttribute("layer_names") == null && hdf.getChild("model_weights") instanceof Group inner
                    ? inner
                    : hdf;
            List<LayerTensors> layers = new ArrayList<>();
            for (String layer : names(root, "layer_names", file)) {
                Group group = group(root, layer, file);
                List<String> names = names(group, "weight_names", file);
                List<Tensor> tensors = new ArrayList<>();
                for (String name : names) {
                    tensors.add(tensor(node(group, name, file), name, file));
                }
                if (!names.isEmpty()) {
                    layers.add(new LayerTensors(layer, names, tensors));
                }
            }
            return new Contents(layers, false);
        } catch (WeightException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            // Damaged files make the library fail in many ways: buffer ends, casts, nulls, negative and absurd sizes.
            throw new WeightException(
                    file + " is not a readable HDF5 file: " + (e.getMessage() == null ? e : e.getMessage()), e);
        }
    }

    private static byte[] bytes(Path path, String file) {
        try {
            if (Files.size(path) > Integer.MAX_VALUE - 8) {
                throw new WeightException(file + " is larger than 2 GiB, which is too large for weights");
            }
            return Files.readAllBytes(path);
        } catch (IOException | OutOfMemoryError e) {
            throw new WeightException(file + " is not a readable HDF5 file: " + e.getMessage(), e);
        }
    }

    /** Finds Keras 3's group of layers that holds convolutions; a base inside a model has one of its own. */
    private static Optional<Group> container(Group group, int depth) {
        for (String name : CONTAINERS) {
            if (!(group.getChild(name) instanceof Group layers)) {
                continue;
            }
            if (layers.getChildren().keySet().stream().anyMatch(KerasClasses::isConvolution)) {
                return Optional.of(layers);
            }
            // A model in a model in a model is as deep as people go.
            for (Node child : depth < 3 ? layers.getChildren().values() : List.<Node>of()) {
                Optional<Group> found = child instanceof Group inner ? container(inner, depth + 1) : Optional.empty();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static List<LayerTensors> classes(Group container, String file) {
        List<LayerTensors> layers = new ArrayList<>();
        container.getChildren().forEach((name, child) -> {
            if (!(child instanceof Group layer) || !(layer.getChild("vars") instanceof Group variables)) {
                return;
            }
            List<String> names = new ArrayList<>();
            List<Tensor> tensors = new ArrayList<>();
            for (int i = 0; variables.getChild(String.valueOf(i)) != null; i++) {
                String path = name + "/vars/" + i;
                names.add(path);
                tensors.add(tensor(variables.getChild(String.valueOf(i)), path, file));
            }
            if (!names.isEmpty()) {
                layers.add(new LayerTensors(name, names, tensors));
            }
        });
        return layers;
    }

    private static List<String> names(Group group, String attribute, String file) {
        List<String> names = new ArrayList<>();
        Attribute whole = group.getAttribute(attribute);
        if (whole != null) {
            addNames(names, whole);
            return names;
        }
        // Keras splits an attribute over 64 KiB into attribute0, attribute1, ...
        Attribute part = group.getAttribute(attribute + "0");
        if (part == null) {
            throw new WeightException(file + ": " + group.getPath() + " has no attribute " + attribute
                    + "; it is not a Keras weight file");
        }
        for (int i = 1; part != null; i++) {
            addNames(names, part);
            part = group.getAttribute(attribute + i);
        }
        return names;
    }

    private static void addNames(List<String> names, Attribute attribute) {
        if (attribute.isEmpty() || attribute.getSize() == 0) {
            return;
        }
        if (attribute.getData() instanceof String[] several) {
            names.addAll(List.of(several));
        } else if (attribute.getData() instanceof String one) {
            names.add(one);
        }
    }

    private static Group group(Group parent, String path, String file) {
        if (node(parent, path, file) instanceof Group group) {
            return group;
        }
        throw new WeightException(file + ": " + path + " is not a group");
    }

    /** Walks a path; layer names may hold slashes themselves. */
    private static Node node(Group parent, String path, String file) {
        Node node = parent;
        for (String part : path.split("/")) {
            Node child = node instanceof Group group ? group.getChild(part) : null;
            if (child == null) {
                throw new WeightException(file + ": " + parent.getPath() + path + " is missing");
            }
            node = child;
        }
        return node;
    }

    private static Tensor tensor(Node node, String name, String file) {
        if (!(node instanceof Dataset dataset)) {
            throw new WeightException(file + ": " + name + " is not a data set");
        }
        long most = Math.min(
                MAX_TENSOR_BYTES,
                MOST_UNPACKED * Math.max(1024, dataset.getHdfFile().size()));
        long declared = 4;
        for (int axis : dataset.getDimensions()) {
            declared *= Math.max(axis, 0);
            if (declared > most) {
                throw new WeightException(file + ": " + name + " claims the shape "
                        + Arrays.toString(dataset.getDimensions()) + ", which is too large for weights");
            }
        }
        int[] shape = dataset.isScalar() ? new int[] {1} : dataset.getDimensions();
        Object values = dataset.getDataFlat();
        if (values instanceof float[] floats) {
            return new Tensor(shape, floats);
        }
        // Counters, and models trained in double precision.
        float[] converted = new float[Array.getLength(values)];
        for (int i = 0; i < converted.length; i++) {
            if (!(Array.get(values, i) instanceof Number number)) {
                throw new WeightException(
                        file + ": " + name + " must hold numbers, but holds " + dataset.getJavaType());
            }
            converted[i] = number.floatValue();
        }
        return new Tensor(shape, converted);
    }
}
