package dev.graft.base;

import dev.graft.data.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The checked weights of a base.
 *
 * @param tensors by {@code node/kind} with the names of the {@link Architecture}, in its order
 * @param digest SHA-256, in hex, over names, shapes and values: equal for equal weights, whatever file held them
 */
public record BaseWeights(Map<String, Tensor> tensors, String digest) {

    /**
     * Reads weights and matches them with the architecture: HDF5 files of Keras layer by layer in its order, whatever
     * their names; safetensors files by name, Graft's or PyTorch's; {@code .keras} archives; and folders that {@code graft
     * export} wrote. Every shape is checked.
     *
     * @param path a file of any name, told apart by what it begins with, or a folder
     * @throws WeightException naming every tensor that is missing, left over or misshapen; the file's fault
     */
    public static BaseWeights read(Architecture architecture, Path path) {
        String name = path.toString();
        return switch (WeightFormat.of(path)) {
            case BUNDLE -> BundleWeights.read(architecture, path);
            case KERAS_ARCHIVE ->
                WeightFormat.insideKerasArchive(path, file -> matchKeras(architecture, KerasFile.read(file), name));
            case KERAS_HDF5 -> matchKeras(architecture, KerasFile.read(path), name);
            case SAFETENSORS -> matchNames(architecture, Safetensors.read(path), name);
        };
    }

    private static BaseWeights matchKeras(Architecture architecture, KerasFile.Contents contents, String file) {
        return matchOrder(
                architecture,
                contents.byClass()
                        ? KerasClasses.inOrder(contents.layers(), expected(architecture))
                        : contents.layers(),
                file);
    }

    /** Reads a safetensors file from the class path. */
    static BaseWeights embedded(Architecture architecture, String resource) {
        try (InputStream in = BaseWeights.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new WeightException(resource + " is missing from this build of Graft");
            }
            return matchNames(architecture, Safetensors.parse(in.readAllBytes(), resource), resource);
        } catch (IOException e) {
            throw new WeightException(resource + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Wraps tensors that are known to fit, by the names of the architecture's nodes. */
    public static BaseWeights of(Map<String, Tensor> tensors) {
        return new BaseWeights(tensors, digest(tensors));
    }

    /**
     * Wraps tensors that are known to fit, named as files name them.
     *
     * @param found by the keys of {@link #expected}
     */
    public static BaseWeights ofFile(Architecture architecture, Map<String, Tensor> found) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (FileTensor wanted : fileTensors(
                architecture, architecture.network(sampleSize(architecture)).nodes())) {
            Tensor tensor = wanted.constant().length > 0
                    ? Tensor.filled(wanted.shape(), wanted.constant())
                    : found.get(wanted.inFile());
            if (tensor == null) {
                throw new IllegalArgumentException("there is no " + wanted.inFile());
            }
            if (!wanted.inNode().isEmpty()) {
                tensors.put(wanted.inNode(), tensor);
            }
        }
        return of(tensors);
    }

    /**
     * Returns the shapes a file must hold by {@code layer/kind}, layer by layer, in the order of Keras files, named as
     * current Keras or torchvision names them.
     */
    public static Map<String, Map<String, int[]>> expected(Architecture architecture) {
        Map<String, Map<String, int[]>> expected = new LinkedHashMap<>();
        for (FileTensor tensor :
                fileTensors(architecture, KerasOrder.of(architecture.network(sampleSize(architecture))))) {
            if (tensor.constant().length == 0) {
                expected.computeIfAbsent(tensor.layer(), unused -> new LinkedHashMap<>())
                        .put(tensor.inFile(), tensor.shape());
            }
        }
        return expected;
    }

    /** Returns the shapes of all tensors of the nodes by {@code node/kind}, in the architecture's order. */
    static Map<String, int[]> nodeShapes(Architecture architecture) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        for (FileTensor tensor : fileTensors(
                architecture, architecture.network(sampleSize(architecture)).nodes())) {
            if (!tensor.inNode().isEmpty()) {
                shapes.put(tensor.inNode(), tensor.shape());
            }
        }
        return shapes;
    }

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

    private static List<FileTensor> fileTensors(Architecture architecture, List<Node> nodes) {
        int size = sampleSize(architecture);
        ComputationGraph graph =
                architecture.network(size).graph(Network.assigned(), InputType.convolutional(size, size, 3));
        List<FileTensor> tensors = new ArrayList<>();
        for (Node node : nodes) {
            if (!(node instanceof Node.LayerNode layer) || !LayerWeights.isWeighted(layer.layer())) {
                continue;
            }
            String name = node.name();
            Map<String, int[]> shapes = LayerWeights.shapes(graph, name);
            if (layer.stored().isEmpty()) {
                shapes.forEach((key, shape) -> tensors.add(new FileTensor(name, key, key, shape, new float[0])));
                continue;
            }
            Stored stored = layer.stored().get();
            for (Stored.Kind kind : stored.tensors()) {
                String key = kind.inNode().equals(Stored.UNUSED) ? "" : name + "/" + kind.inNode();
                // What the node does not need is a single number.
                int[] shape = shapes.getOrDefault(key, new int[] {1});
                tensors.add(
                        new FileTensor(stored.layer(), stored.layer() + "/" + kind.inFile(), key, shape, new float[0]));
            }
            shapes.forEach((key, shape) -> {
                float[] constant = stored.constants().get(key.substring(name.length() + 1));
                if (constant != null) {
                    tensors.add(new FileTensor(stored.layer(), "", key, shape, constant));
                }
            });
        }
        graph.close();
        return tensors;
    }

    /** Returns a side at which shapes are looked up; they are the same at every side. */
    private static int sampleSize(Architecture architecture) {
        return Math.max(architecture.minimumSize(), 64);
    }

    private static BaseWeights matchOrder(Architecture architecture, List<KerasFile.LayerTensors> layers, String file) {
        List<String> problems = new ArrayList<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        int index = 0;
        for (Map.Entry<String, Map<String, int[]>> entry :
                expected(architecture).entrySet()) {
            Map<String, int[]> shapes = entry.getValue();
            if (index >= layers.size()) {
                shapes.forEach((key, shape) -> problems.add(key + " " + Arrays.toString(shape) + " is missing"));
                continue;
            }
            KerasFile.LayerTensors layer = layers.get(index++);
            int tensor = 0;
            for (Map.Entry<String, int[]> expected : shapes.entrySet()) {
                if (tensor >= layer.tensors().size()) {
                    problems.add(expected.getKey() + " is missing from the file's layer " + layer.name());
                    continue;
                }
                Tensor found = layer.tensors().get(tensor);
                check(
                        problems,
                        expected.getKey(),
                        expected.getValue(),
                        found,
                        layer.names().get(tensor));
                tensors.put(expected.getKey(), found);
                tensor++;
            }
            for (; tensor < layer.tensors().size(); tensor++) {
                problems.add(layer.name() + ": " + layer.names().get(tensor) + " is left over");
            }
        }
        for (; index < layers.size(); index++) {
            problems.add("the file's layer " + layers.get(index).name() + " is left over");
        }
        return finish(architecture, file, problems, tensors);
    }

    private static BaseWeights matchNames(Architecture architecture, Map<String, Tensor> found, String file) {
        List<String> problems = new ArrayList<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, Tensor> rest = TorchNames.areIn(found) ? TorchNames.translate(found) : new LinkedHashMap<>(found);
        for (Map<String, int[]> shapes : expected(architecture).values()) {
            shapes.forEach((key, shape) -> {
                Tensor tensor = rest.remove(key);
                if (tensor == null) {
                    problems.add(key + " " + Arrays.toString(shape) + " is missing");
                } else {
                    check(problems, key, shape, tensor, key);
                    tensors.put(key, tensor);
                }
            });
        }
        rest.keySet().forEach(key -> problems.add(key + " is left over"));
        return finish(architecture, file, problems, tensors);
    }

    private static void check(List<String> problems, String key, int[] expected, Tensor found, String nameInFile) {
        if (!Arrays.equals(expected, found.shape())) {
            problems.add(key + " must be " + Arrays.toString(expected) + ", but " + nameInFile + " is "
                    + Arrays.toString(found.shape()));
        }
    }

    private static BaseWeights finish(
            Architecture architecture, String file, List<String> problems, Map<String, Tensor> tensors) {
        if (!problems.isEmpty()) {
            throw WeightException.listing(file, architecture.name(), problems);
        }
        return ofFile(architecture, tensors);
    }

    private static String digest(Map<String, Tensor> tensors) {
        MessageDigest digest = Sha256.digest();
        tensors.forEach((key, tensor) -> {
            digest.update((key + Arrays.toString(tensor.shape())).getBytes(StandardCharsets.UTF_8));
            ByteBuffer bytes = ByteBuffer.allocate(4 * tensor.values().length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(tensor.values());
            digest.update(bytes.array());
        });
        return HexFormat.of().formatHex(digest.digest());
    }
}
