package dev.graft.analysis;

import dev.graft.spec.Parameters;
import dev.graft.track.TrialRecord;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values of parameters in trials: what a trial leaves out has its default. */
final class Levels {

    /** Numbers by size, then all else by its text, nothing last. */
    static final Comparator<@Nullable Object> ORDER = Comparator.nullsLast(Levels::compare);

    private static final Map<String, Object> DEFAULTS = defaults();

    private Levels() {}

    static @Nullable Object of(TrialRecord trial, String parameter) {
        Object value = trial.parameters().get(parameter);
        return value == null ? DEFAULTS.get(parameter) : value;
    }

    private static Map<String, Object> defaults() {
        Map<String, Object> defaults = new HashMap<>();
        Parameters.names().forEach(name -> Parameters.fallback(name).ifPresent(value -> defaults.put(name, value)));
        return Map.copyOf(defaults);
    }

    /** Returns the names of the parameters that differ between trials, in the order of the sweep file. */
    static List<String> varying(List<TrialRecord> trials) {
        Set<String> names = new LinkedHashSet<>();
        trials.forEach(trial -> names.addAll(trial.parameters().keySet()));
        return names.stream()
                .filter(name ->
                        trials.stream().anyMatch(trial -> !Objects.equals(of(trial, name), of(trials.get(0), name))))
                .toList();
    }

    private static int compare(Object left, Object right) {
        if (left instanceof Number a && right instanceof Number b) {
            return Double.compare(a.doubleValue(), b.doubleValue());
        }
        if (left instanceof Number != right instanceof Number) {
            return left instanceof Number ? -1 : 1;
        }
        return left.toString().compareTo(right.toString());
    }
}
