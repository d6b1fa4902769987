package dev.graft.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All the bases that the examples name, with their limits, in place of the catalogue. */
public final class TenBases implements BaseFacts {

    private static final Map<String, Facts> FACTS = Map.of(
            "efficientnet_b0", new Facts(32, 16),
            "inception_v3", new Facts(75, 11),
            "mobilenet", new Facts(32, 13, Set.of(0.25, 0.5, 0.75, 1.0)),
            "mobilenet_v2", new Facts(32, 17, Set.of(0.35, 0.5, 0.75, 1.0, 1.3, 1.4)),
            "resnet18", new Facts(32, 8),
            "resnet50", new Facts(32, 16),
            "sprout", new Facts(32, 3),
            "squeezenet", new Facts(48, 8),
            "vgg16", new Facts(32, 5),
            "xception", new Facts(71, 14));

    @Override
    public List<String> names() {
        return FACTS.keySet().stream().sorted().toList();
    }

    @Override
    public Optional<Facts> find(String name) {
        return Optional.ofNullable(FACTS.get(name));
    }
}
