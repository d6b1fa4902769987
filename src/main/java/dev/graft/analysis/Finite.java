package dev.graft.analysis;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Takes NaN and infinities out of what becomes JSON. */
final class Finite {

    private Finite() {}

    static @Nullable Double orNull(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** Returns a copy in the same order, where null stands for numbers that are not finite, at any depth. */
    static Map<String, @Nullable Object> values(Map<String, ?> values) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        values.forEach((name, value) -> copy.put(name, value(value)));
        return Collections.unmodifiableMap(copy);
    }

    private static @Nullable Object value(@Nullable Object value) {
        if (value instanceof Double number) {
            return orNull(number);
        }
        if (value instanceof Float number) {
            return Float.isFinite(number) ? number : null;
        }
        if (value instanceof List<?> list) {
            // Not toList of a copy: it must hold nulls.
            return list.stream().map(Finite::value).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> named = new LinkedHashMap<>();
            map.forEach((name, inner) -> named.put(String.valueOf(name), value(inner)));
            return named;
        }
        return value;
    }

    /** Returns a whole number, or null where there is none. */
    static @Nullable Long orNull(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }
}
