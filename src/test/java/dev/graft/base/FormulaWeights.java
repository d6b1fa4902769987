package dev.graft.base;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** The made-up weights and inputs of the parity fixtures, from the formula their README gives. */
public final class FormulaWeights {

    private FormulaWeights() {}

    static double uniform(String key, long index) {
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        long z = ((crc.getValue() << 32) | index) + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z = z ^ (z >>> 31);
        return (z >>> 11) * 0x1p-52 - 1;
    }

    /** Returns weights of every tensor an architecture expects; {@code gain} by kind, 1 where absent. */
    public static BaseWeights of(Architecture architecture, Map<String, Double> gains) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        // Values follow the order of the file: torchvision's is [out, in, height, width].
        boolean torch = architecture.preprocessing().equals(Preprocessing.TORCH);
        BaseWeights.expected(architecture)
                .values()
                .forEach(shapes -> shapes.forEach((key, shape) -> {
                    Tensor tensor = tensor(key, shape, gains);
                    tensors.put(key, torch && shape.length == 4 ? fromTorch(tensor) : tensor);
                }));
        return BaseWeights.ofFile(architecture, tensors);
    }

    /** Returns the same values taken as {@code [out, in, height, width]}, in Keras' layout. */
    private static Tensor fromTorch(Tensor tensor) {
        int[] s = tensor.shape();
        float[] values = new float[tensor.values().length];
        int from = 0;
        for (int out = 0; out < s[3]; out++) {
            for (int in = 0; in < s[2]; in++) {
                for (int pixel = 0; pixel < s[0] * s[1]; pixel++) {
                    values[(pixel * s[2] + in) * s[3] + out] = tensor.values()[from++];
                }
            }
        }
        return new Tensor(s, values);
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
        int size = 1;
        for (int axis : shape) {
            size *= axis;
        }
        String kind = key.substring(key.lastIndexOf('/') + 1);
        double gain = gains.getOrDefault(kind, 1.0);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            double u = uniform(key, i);
            values[i] = (float)
                    switch (kind) {
                        case "kernel", "pointwise_kernel" ->
                            u * (gain * Math.sqrt(6.0 / (shape[0] * shape[1] * shape[2])));
                        case "depthwise_kernel" -> u * (gain * Math.sqrt(6.0 / (shape[0] * shape[1])));
                        case "bias" -> 0.05 * u;
                        case "gamma" -> 1 + 0.2 * u;
                        case "beta", "moving_mean" -> 0.1 * u;
                        case "moving_variance" -> 1 + 0.5 * u;
                        default -> throw new IllegalArgumentException(key);
                    };
        }
        return new Tensor(shape, values);
    }

    /** Returns the input {@code [2, 3, size, size]}, 0..255, from the formula's channels-last order. */
    public static float[] input(int size) {
        int plane = size * size;
        float[] values = new float[2 * 3 * plane];
        for (int i = 0; i < values.length; i++) {
            int image = i / (3 * plane);
            int pixel = i % (3 * plane) / 3;
            int channel = i % 3;
            values[image * 3 * plane + channel * plane + pixel] = (float) ((uniform("input/" + size, i) + 1) * 127.5);
        }
        return values;
    }
}
