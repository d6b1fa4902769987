package dev.graft.base;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tensors of a PyTorch model, as torchvision and timm save them, under Graft's names and in Keras' layouts: {@code
 * layer1.0.conv1.weight}, {@code [out, in, height, width]}, becomes {@code layer1.0.conv1/kernel}, {@code [height,
 * width, in, out]}.
 */
final class TorchNames {

    /** What the name of a batch normalisation's counter ends with; no result depends on it. */
    static final String COUNTER = "num_batches_tracked";

    /** torchvision's classifier; the base is what comes before it. */
    private static final String CLASSIFIER = "fc.";

    private TorchNames() {}

    /** Says whether a file's tensors are named by PyTorch. */
    static boolean areIn(Map<String, Tensor> tensors) {
        return tensors.keySet().stream().anyMatch(name -> name.endsWith(".running_mean"));
    }

    /** Translates all tensors but the classifier's and counters; what wrappers put before all names is left out. */
    static Map<String, Tensor> translate(Map<String, Tensor> tensors) {
        String prefix = prefix(tensors);
        Map<String, Tensor> translated = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            String plain = name.substring(prefix.length());
            if (!plain.startsWith(CLASSIFIER) && !plain.endsWith(COUNTER)) {
                translated.put(
                        key(plain, tensor, tensors.containsKey(sibling(name, "running_mean"))), toKerasLayout(tensor));
            }
        });
        return translated;
    }

    /** Returns {@code module.}, {@code model.} or the like where a wrapper put it before every name. */
    private static String prefix(Map<String, Tensor> tensors) {
        String first = tensors.keySet().iterator().next();
        String prefix = first.substring(0, first.indexOf('.') + 1);
        boolean layer = prefix.isEmpty() || tensors.containsKey("conv1.weight");
        return !layer && tensors.keySet().stream().allMatch(name -> name.startsWith(prefix)) ? prefix : "";
    }

    private static String key(String name, Tensor tensor, boolean normalisation) {
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            return name;
        }
        String kind = switch (name.substring(dot + 1)) {
            case "weight" -> normalisation || tensor.shape().length == 1 ? "gamma" : "kernel";
            case "bias" -> normalisation ? "beta" : "bias";
            case "running_mean" -> "moving_mean";
            case "running_var" -> "moving_variance";
            default -> name.substring(dot + 1);
        };
        return name.substring(0, dot) + "/" + kind;
    }

    private static String sibling(String name, String kind) {
        return name.substring(0, name.lastIndexOf('.') + 1) + kind;
    }

    static Tensor toKerasLayout(Tensor tensor) {
        int[] s = tensor.shape();
        if (s.length != 4) {
            return tensor;
        }
        int area = s[2] * s[3];
        float[] values = new float[tensor.values().length];
        int from = 0;
        for (int out = 0; out < s[0]; out++) {
            for (int in = 0; in < s[1]; in++) {
                for (int pixel = 0; pixel < area; pixel++) {
                    values[(pixel * s[1] + in) * s[0] + out] = tensor.values()[from++];
                }
            }
        }
        return new Tensor(new int[] {s[2], s[3], s[1], s[0]}, values);
    }
}
