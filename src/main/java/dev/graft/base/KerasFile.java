package dev.graft.base;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the weights of a Keras HDF5 file: layers in the order of its {@code layer_names} attribute, each with its
 * {@code weight_names}. This is the layout of {@code Model.save_weights} and, below {@code model_weights}, of
 * {@code Model.save}, in all Keras versions that write HDF5.
 */
final class KerasFile {

    /** A layer of the file that has weights, with its tensors in file order and their names. */
    record LayerTensors(String name, List<String> names, List<Tensor> tensors) {}

    private KerasFile() {}

    /**
     * Reads all weighted layers.
     *
     * @throws WeightException when the file is no HDF5 file or not laid out by Keras; the file's fault
     */
    static List<LayerTensors> read(Path file) {
        try (HdfFile hdf = new HdfFile(file)) {
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
            return layers;
        } catch (WeightException e) {
            throw e;
        } catch (RuntimeException e) {
            // Damaged files make the library fail in many ways: buffer ends, casts, nulls, negative sizes.
            throw new WeightException(
                    file + " is not a readable HDF5 file: " + (e.getMessage() == null ? e : e.getMessage()), e);
        }
    }

    private static List<String> names(Group group, String attribute, Path file) {
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

    private static Group group(Group parent, String path, Path file) {
        if (node(parent, path, file) instanceof Group group) {
            return group;
        }
        throw new WeightException(file + ": " + path + " is not a group");
    }

    /** Walks a path; layer names may hold slashes themselves. */
    private static Node node(Group parent, String path, Path file) {
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

    private static Tensor tensor(Node node, String name, Path file) {
        if (!(node instanceof Dataset dataset)) {
            throw new WeightException(file + ": " + name + " is not a data set");
        }
        if (dataset.getDataFlat() instanceof float[] values) {
            return new Tensor(dataset.isScalar() ? new int[] {1} : dataset.getDimensions(), values);
        }
        throw new WeightException(file + ": " + name + " must hold 32-bit floats, but holds " + dataset.getJavaType());
    }
}
