package dev.graft.spec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Answers what combinations of parameters can occur, without listing them all. */
final class Combinations {

    /** After so many steps a combination is taken for possible; a check this deep would take longer than a trial. */
    private static final int MOST_STEPS = 200_000;

    private final Map<String, ParameterSpace> spaces;
    private final List<Map<String, Object>> exclude;

    Combinations(Map<String, ParameterSpace> spaces, List<Map<String, Object>> exclude) {
        this.spaces = spaces;
        // An entry that cannot match cannot forbid anything; one on a real range matches with probability 0.
        this.exclude = exclude.stream().filter(this::canMatch).toList();
    }

    /** Says whether some combination matches the entry. */
    private boolean canMatch(Map<String, Object> entry) {
        return entry.entrySet().stream().allMatch(e -> {
            ParameterSpace space = spaces.get(e.getKey());
            return space != null && contains(space, e.getValue());
        });
    }

    /** Says whether the space holds the value; a range of real numbers without steps holds none for certain. */
    static boolean contains(ParameterSpace space, Object value) {
        if (space instanceof ParameterSpace.Choice choice) {
            return choice.values().contains(value);
        }
        if (space instanceof ParameterSpace.IntRange range) {
            return value instanceof Long number && number >= range.min() && number <= range.max();
        }
        ParameterSpace.RealRange range = (ParameterSpace.RealRange) space;
        return range.quantum() > 0
                && value instanceof Number number
                && number.doubleValue() >= range.min()
                && number.doubleValue() <= range.max();
    }

    /** Returns how many combinations there are before {@code exclude}; {@link Long#MAX_VALUE} for endlessly many. */
    static long count(Iterable<ParameterSpace> spaces) {
        long count = 1;
        for (ParameterSpace space : spaces) {
            long size;
            if (space instanceof ParameterSpace.Choice choice) {
                size = choice.values().size();
            } else if (space instanceof ParameterSpace.IntRange range) {
                size = range.max() - range.min() + 1;
            } else {
                return Long.MAX_VALUE;
            }
            count = count > Long.MAX_VALUE / size ? Long.MAX_VALUE : count * size;
        }
        return count;
    }

    /** Says whether some combination with the fixed values is left by {@code exclude}. */
    boolean possible(Map<String, Object> fixed) {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Map<String, Object> entry : exclude) {
            boolean conflicts = entry.entrySet().stream()
                    .anyMatch(
                            e -> fixed.containsKey(e.getKey()) && !e.getValue().equals(fixed.get(e.getKey())));
            if (conflicts) {
                continue;
            }
            Map<String, Object> rest = new HashMap<>(entry);
            rest.keySet().removeAll(fixed.keySet());
            if (rest.isEmpty()) {
                return false;
            }
            if (rest.keySet().stream().noneMatch(k -> spaces.get(k) instanceof ParameterSpace.RealRange)) {
                entries.add(rest);
            }
        }
        Map<String, Set<Object>> domains = domains(entries);
        return search(new ArrayList<>(domains.keySet()), domains, new HashMap<>(), entries, new int[1]);
    }

    /**
     * Returns the values worth trying of each parameter the entries name: those that they name, and one that they do not
     * name, if there is one, for all others.
     */
    private Map<String, Set<Object>> domains(List<Map<String, Object>> entries) {
        Map<String, Set<Object>> domains = new LinkedHashMap<>();
        for (Map<String, Object> entry : entries) {
            entry.forEach((key, value) ->
                    domains.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(value));
        }
        domains.forEach((key, named) -> {
            long size = count(List.of(spaces.getOrDefault(key, new ParameterSpace.IntRange(0, 0))));
            if (size > named.size()) {
                named.add(Other.VALUE);
            }
        });
        return domains;
    }

    private enum Other {
        VALUE
    }

    private static boolean search(
            List<String> open,
            Map<String, Set<Object>> domains,
            Map<String, Object> chosen,
            List<Map<String, Object>> entries,
            int[] steps) {
        if (++steps[0] > MOST_STEPS) {
            return true;
        }
        for (Map<String, Object> entry : entries) {
            if (chosen.entrySet().containsAll(entry.entrySet())) {
                return false;
            }
        }
        if (open.isEmpty()) {
            return true;
        }
        String key = open.get(0);
        for (Object value : domains.getOrDefault(key, Set.of())) {
            Map<String, Object> next = new HashMap<>(chosen);
            next.put(key, value);
            if (search(open.subList(1, open.size()), domains, next, entries, steps)) {
                return true;
            }
        }
        return false;
    }
}
