package dev.graft.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the keys of one map of the sweep file by the table in {@link SweepKey}, filling in defaults. */
final class Section {

    private final Problems problems;
    private final String prefix;
    private final Map<String, Value.Entry> entries;
    private final Value at;

    /** Opens a section whose value is known to be a map, or the place of its parent when it is absent. */
    Section(Problems problems, String prefix, Value at, Map<String, Value.Entry> entries) {
        this.problems = problems;
        this.prefix = prefix;
        this.at = at;
        this.entries = entries;
    }

    /** Opens the map under a key; reports anything but a map, and goes on as if the key were absent. */
    Section open(String key, String example) {
        String path = prefix + key;
        Value.Entry entry = entries.get(key);
        if (entry == null) {
            return new Section(problems, path + ".", at, Map.of());
        }
        if (!entry.value().isMap()) {
            problems.error(
                    entry.value(), "must be a map, but was " + entry.value().found() + "; write " + example);
        }
        return new Section(problems, path + ".", entry.value(), entry.value().entries());
    }

    Optional<Value> find(String key) {
        return Optional.ofNullable(entries.get(key)).map(Value.Entry::value);
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Reports that a required key is not there. */
    void missing(String key, String example) {
        problems.error(at.line(), at.column(), prefix + key, "is missing; write " + example);
    }

    /**
     * Reports keys that are neither known nor ignored.
     *
     * @param other the known keys that {@link SweepKey} does not list for this section
     * @param hints what to say instead of "is not a known key", by key
     */
    void checkKeys(Collection<String> other, Map<String, String> hints) {
        List<String> known = new ArrayList<>();
        for (SweepKey key : SweepKey.ALL) {
            if (key.path().startsWith(prefix)) {
                String rest = key.path().substring(prefix.length());
                String name = rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest;
                if (!known.contains(name)) {
                    known.add(name);
                }
            }
        }
        known.addAll(other);
        checkKeys(problems, prefix, entries, known, hints);
    }

    static void checkKeys(
            Problems problems,
            String prefix,
            Map<String, Value.Entry> entries,
            Collection<String> known,
            Map<String, String> hints) {
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                String hint = hints.get(key);
                problems.error(
                        entry.line(),
                        entry.column(),
                        prefix + Value.shorten(key),
                        hint != null ? hint : "is not a known key" + Suggestion.of(key, known));
            }
        });
    }

    /** Warns that the W&B keys given are read over. */
    void ignore(Collection<String> keys, Map<String, String> reasons) {
        for (String key : keys) {
            Value.Entry entry = entries.get(key);
            if (entry != null) {
                problems.warn(
                        entry.line(),
                        entry.column(),
                        prefix + key,
                        reasons.getOrDefault(key, "is a W&B key that Graft does not use"));
            }
        }
    }

    long whole(String key) {
        return (Long) required(key);
    }

    double real(String key) {
        return (Double) required(key);
    }

    boolean flag(String key) {
        return (Boolean) required(key);
    }

    String word(String key) {
        return (String) required(key);
    }

    /** Returns a value of more than one type. */
    Object value(String key) {
        return required(key);
    }

    private Object required(String key) {
        return read(key).or(() -> Optional.ofNullable(rowOf(key).fallback())).orElseThrow();
    }

    /** Returns the value of a key, or empty when it is absent or wrong; the default is left to the caller. */
    Optional<Object> read(String key) {
        Value.Entry entry = entries.get(key);
        @Nullable Object value = entry == null ? null : rowOf(key).rule().read(entry.value(), problems);
        return Optional.ofNullable(value);
    }

    private SweepKey rowOf(String key) {
        return SweepKey.find(prefix + key).orElseThrow();
    }

    /** Returns hints for keys of another section that were put here. */
    static Map<String, String> hints(Collection<String> keys, String message) {
        Map<String, String> hints = new HashMap<>();
        keys.forEach(key -> hints.put(key, message));
        return hints;
    }
}
