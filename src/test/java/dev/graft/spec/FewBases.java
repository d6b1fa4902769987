package dev.graft.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Three bases with limits that differ, in place of the catalogue. */
public final class FewBases implements BaseFacts {

    private static final Map<String, Facts> FACTS =
            Map.of("mobilenet_v2", new Facts(32, 17), "sprout", new Facts(32, 3), "squeezenet", new Facts(48, 8));

    @Override
    public List<String> names() {
        return FACTS.keySet().stream().sorted().toList();
    }

    @Override
    public Optional<Facts> find(String name) {
        return Optional.ofNullable(FACTS.get(name));
    }
}
