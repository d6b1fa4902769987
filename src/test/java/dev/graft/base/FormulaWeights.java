package dev.graft.base;

import java.util.LinkedHashMap;
import java.util.Map;

/** The made-up weights and inputs of the parity fixtures, from the formula their README gives. */
public final class FormulaWeights {

    private FormulaWeights() {}

    static double uniform(String key, long index) {
        return PseudoRandomWeights.uniform(key, index);
    }

    /** Returns weights of every tensor an architecture expects; {@code gain} by kind, 1 where absent. */
    public static BaseWeights of(Architecture architecture, Map<String, Double> gains) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(PseudoRandomWeights.of(architecture, gains));
        // Values follow the order of the file: torchvision's is [out, in, height, width].
        if (architecture.preprocessing().equals(Preprocessing.TORCH)) {
            tensors.replaceAll((key, tensor) -> {
                int[] s = tensor.shape();
                return s.length == 4
                        ? TorchNames.toKerasLayout(new Tensor(new int[] {s[3], s[2], s[0], s[1]}, tensor.values()))
                        : tensor;
            });
        }
        return BaseWeights.ofFile(architecture, tensors);
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
