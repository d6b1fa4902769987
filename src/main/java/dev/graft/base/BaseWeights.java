package dev.graft.base;

import dev.graft.data.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

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
     * export} wrote, without their heads. Every shape is checked.
     *
     * @param path a file of any name, told apart by what it begins with, or a folder
     * @throws WeightException naming every tensor that is missing, left over or misshapen; the file's fault
     */
    public static BaseWeights read(Architecture architecture, Path path) {
        WeightFormat format = WeightFormat.of(path);
        WeightMatcher matcher = new WeightMatcher(architecture, path.toString());
        return switch (format) {
            case BUNDLE -> matcher.bundle(path);
            case KERAS_ARCHIVE ->
                WeightFormat.insideKerasArchive(path, file -> matcher.keras(KerasFile.read(file, path.toString())));
            case KERAS_HDF5 -> matcher.keras(KerasFile.read(path, path.toString()));
            case SAFETENSORS -> matcher.byName(Safetensors.read(path));
        };
    }

    /** Reads a safetensors file from the class path. */
    static BaseWeights embedded(Architecture architecture, String resource) {
        try (InputStream in = BaseWeights.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new WeightException(resource + " is missing from this build of Graft");
            }
            return new WeightMatcher(architecture, resource).byName(Safetensors.parse(in.readAllBytes(), resource));
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
        return of(FileLayout.of(architecture).toNodes(found));
    }

    /**
     * Returns the shapes a file must hold by {@code layer/kind}, layer by layer, in the order of Keras files, named as
     * current Keras or torchvision names them.
     */
    public static Map<String, Map<String, int[]>> expected(Architecture architecture) {
        return FileLayout.of(architecture).expected();
    }

    /** Returns how many numbers a base holds without its classifier, the moving statistics of batch norms included. */
    public static long count(Architecture architecture) {
        return expected(architecture).values().stream()
                .flatMap(layer -> layer.values().stream())
                .mapToLong(shape -> Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact))
                .sum();
    }

    /** Returns SHA-256, in hex, over the names, shapes and values of tensors in their order. */
    public static String digest(Map<String, Tensor> tensors) {
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
