package dev.graft.analysis;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.track.TrialRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What values a parameter has in the trials of a sweep.
 *
 * @param name as the sweep file has it
 * @param varying whether trials differ in it
 * @param numeric whether all its values are numbers
 * @param distinct how many values there are
 * @param values the values, numbers by size, else by their text, null last where a trial has none; not more than 100
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ParameterValues(
        String name, boolean varying, boolean numeric, int distinct, List<@Nullable Object> values) {

    private static final int MOST_VALUES = 100;

    /** Copies the list, which may hold null. */
    public ParameterValues {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** Lists the parameters of trials, in the order of the sweep file. */
    public static List<ParameterValues> of(List<TrialRecord> trials) {
        Set<String> names = new LinkedHashSet<>();
        trials.forEach(trial -> names.addAll(trial.parameters().keySet()));
        return names.stream().map(name -> of(name, trials)).toList();
    }

    private static ParameterValues of(String name, List<TrialRecord> trials) {
        Set<@Nullable Object> seen = new HashSet<>();
        trials.forEach(trial -> seen.add(Levels.of(trial, name)));
        boolean numeric = seen.stream().filter(Objects::nonNull).allMatch(Number.class::isInstance);
        List<@Nullable Object> values =
                seen.stream().sorted(Levels.ORDER).limit(MOST_VALUES).toList();
        return new ParameterValues(name, seen.size() > 1, numeric, seen.size(), values);
    }
}
