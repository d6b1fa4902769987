package dev.graft.cli;

import dev.graft.base.Catalogue;
import dev.graft.spec.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Names of bases on the command line. */
final class BaseNames {

    private BaseNames() {}

    /**
     * Returns the bases of some names, each once.
     *
     * @throws UsageException naming every unknown one, with what may be meant
     */
    static List<Catalogue.Entry> find(Catalogue catalogue, List<String> names) {
        Map<String, Catalogue.Entry> known = new LinkedHashMap<>();
        catalogue.entries().forEach(entry -> known.put(entry.name(), entry));
        List<Catalogue.Entry> found = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String name : new LinkedHashSet<>(names)) {
            Catalogue.Entry entry = known.get(name);
            if (entry == null) {
                unknown.add("there is no base " + TextTable.oneLine(name)
                        + Suggestion.of(name, List.copyOf(known.keySet())));
            } else {
                found.add(entry);
            }
        }
        if (!unknown.isEmpty()) {
            throw new UsageException(String.join("\n", unknown));
        }
        return found;
    }
}
