package dev.graft.base;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleFunction;

/** Every architecture that Graft can build. */
final class Architectures {

    private static final List<Architecture> FIXED = List.of(
            new EfficientNetB0(),
            new InceptionV3(),
            new ResNet18(),
            new ResNet50(),
            new Sprout(),
            new SqueezeNet(),
            new Vgg16(),
            new Xception());

    private static final Map<String, DoubleFunction<Architecture>> BY_ALPHA =
            Map.of("mobilenet", MobileNet::new, "mobilenet_v2", MobileNetV2::new);

    /** The width multipliers with official weights. */
    private static final Map<String, List<Double>> OFFICIAL_ALPHAS =
            Map.of("mobilenet", List.of(0.25, 0.5, 0.75, 1.0), "mobilenet_v2", List.of(0.35, 0.5, 0.75, 1.0, 1.3, 1.4));

    private Architectures() {}

    /** Returns those with official weights, every width. */
    static List<Architecture> official() {
        List<Architecture> all = new ArrayList<>(FIXED);
        OFFICIAL_ALPHAS.forEach((name, alphas) ->
                alphas.forEach(alpha -> all.add(of(name, alpha).orElseThrow())));
        return all;
    }

    /** Returns the names that stand for an architecture of any width. */
    static Set<String> names() {
        Set<String> names = new TreeSet<>(BY_ALPHA.keySet());
        FIXED.forEach(architecture -> names.add(architecture.name()));
        return names;
    }

    /** Returns the widths with official weights, or none for an architecture of one width. */
    static Set<Double> officialAlphas(String name) {
        return Set.copyOf(OFFICIAL_ALPHAS.getOrDefault(name, List.of()));
    }

    /** Returns an architecture, or empty where there is none of that name or it comes in one width only. */
    static Optional<Architecture> of(String name, double alpha) {
        DoubleFunction<Architecture> byAlpha = BY_ALPHA.get(name);
        if (byAlpha != null) {
            return Optional.of(byAlpha.apply(alpha));
        }
        return alpha == 1 ? FIXED.stream().filter(a -> a.name().equals(name)).findFirst() : Optional.empty();
    }
}
