package dev.graft.base;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Made-up weights that stand in for pretrained ones where only shapes and speed matter: the same on every machine, drawn
 * so that activations keep their size through the network. Features from them are worth nothing.
 */
public final class PseudoRandomWeights {

    /** What kernels are multiplied with, where 1 would let activations grow or vanish. */
    private static final Map<String, Map<String, Double>> GAINS = Map.of(
            "efficientnet_b0", Map.of("kernel", 1.03, "depthwise_kernel", 1.03),
            "mobilenet", Map.of("kernel", 1.2, "depthwise_kernel", 1.2),
            "resnet50", Map.of("kernel", 0.75),
            // Nothing normalises their pixels, which are in the hundreds, on the way.
            "squeezenet", Map.of("kernel", 0.7),
            "vgg16", Map.of("kernel", 0.7),
            "xception", Map.of("depthwise_kernel", 0.7));

    private PseudoRandomWeights() {}

    /** Returns a tensor for every key of {@link BaseWeights#expected}. */
    public static Map<String, Tensor> of(Architecture architecture) {
        return of(architecture, GAINS.getOrDefault(architecture.name(), Map.of()));
    }

    /** Returns tensors with kernels multiplied by a gain for their kind, 1 where there is none. */
    static Map<String, Tensor> of(Architecture architecture, Map<String, Double> gains) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        BaseWeights.expected(architecture)
                .values()
                .forEach(shapes -> shapes.forEach((key, shape) -> tensors.put(key, tensor(key, shape, gains))));
        return tensors;
    }

    /** Returns a number in [-1, 1] for a key and an index: SplitMix64 of the key's CRC-32 and the index. */
    static double uniform(String key, long index) {
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        return uniform(crc.getValue(), index);
    }

    private static double uniform(long crc, long index) {
        long z = ((crc << 32) | index) + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z = z ^ (z >>> 31);
        return (z >>> 11) * 0x1p-52 - 1;
    }

    private static Tensor tensor(String key, int[] shape, Map<String, Double> gains) {
        switch (key) {
            case "normalization/mean":
                return new Tensor(shape, new float[] {0.485f, 0.456f, 0.406f});
            case "normalization/variance":
                return new Tensor(shape, new float[] {0.229f, 0.224f, 0.225f});
            case "normalization/count":
                return new Tensor(shape, new float[1]);
            default:
                break;
        }
        String kind = key.substring(key.lastIndexOf('/') + 1);
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        double scale;
        double offset = 0;
        switch (kind) {
            case "kernel", "pointwise_kernel":
                scale = gains.getOrDefault(kind, 1.0) * Math.sqrt(6.0 / (shape[0] * shape[1] * shape[2]));
                break;
            case "depthwise_kernel":
                scale = gains.getOrDefault(kind, 1.0) * Math.sqrt(6.0 / (shape[0] * shape[1]));
                break;
            case "bias":
                scale = 0.05;
                break;
            case "beta", "moving_mean":
                scale = 0.1;
                break;
            case "gamma":
                scale = 0.2;
                offset = 1;
                break;
            case "moving_variance":
                scale = 0.5;
                offset = 1;
                break;
            default:
                throw new IllegalArgumentException("there is no rule for " + key);
        }
        int size = 1;
        for (int axis : shape) {
            size *= axis;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (offset + uniform(crc.getValue(), i) * scale);
        }
        return new Tensor(shape, values);
    }
}
