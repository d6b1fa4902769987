package dev.graft.analysis;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.spec.Metric;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trials with equal values of some parameters taken together, the best mean first, those without a mean last.
 *
 * @param by the names of the parameters
 * @param metric what is averaged
 * @param groups one for each combination of values that there is
 */
public record TrialGroups(List<String> by, String metric, List<Group> groups) {

    /** Copies the lists. */
    public TrialGroups {
        by = List.copyOf(by);
        groups = List.copyOf(groups);
    }

    /**
     * Trials that have the same values.
     *
     * @param values by parameter; null where a trial has none
     * @param trials how many there are, in whatever state
     * @param count how many of them have finished with a value; the rest is about these
     * @param mean their mean; null for none
     * @param deviation their standard deviation, with n - 1; null for fewer than two
     * @param min the smallest value; null for none
     * @param max the largest value; null for none
     * @param repeats the standard deviation between trials that differ in nothing but their seed, pooled over the
     *     group, with as many degrees of freedom as there are such trials less the settings they have; null without
     *     repeats
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Group(
            Map<String, @Nullable Object> values,
            int trials,
            int count,
            @Nullable Double mean,
            @Nullable Double deviation,
            @Nullable Double min,
            @Nullable Double max,
            @Nullable Double repeats) {

        /** Copies the map, keeping its order. */
        public Group {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    /** Groups trials by the sweep's metric. */
    public static TrialGroups of(SweepRecord sweep, List<TrialRecord> trials, List<String> by) {
        return of(sweep, trials, by, sweep.metric());
    }

    /**
     * Groups trials.
     *
     * @param by the names of parameters; none makes one group
     * @param metric the name of a metric at the best epoch
     */
    public static TrialGroups of(SweepRecord sweep, List<TrialRecord> trials, List<String> by, String metric) {
        Map<List<@Nullable Object>, List<TrialRecord>> members = new LinkedHashMap<>();
        for (TrialRecord trial : trials) {
            members.computeIfAbsent(values(trial, by), key -> new ArrayList<>()).add(trial);
        }
        List<String> varying = Levels.varying(trials);
        List<Group> groups = new ArrayList<>();
        members.forEach((values, group) -> groups.add(group(by, values, varying, metric, group)));
        groups.sort(order(goal(sweep, metric), by));
        return new TrialGroups(by, metric, groups);
    }

    private static Group group(
            List<String> by,
            List<@Nullable Object> values,
            List<String> varying,
            String metric,
            List<TrialRecord> trials) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        for (int i = 0; i < by.size(); i++) {
            named.put(by.get(i), values.get(i));
        }
        Map<List<@Nullable Object>, Moments> settings = new LinkedHashMap<>();
        Moments all = new Moments();
        for (TrialRecord trial : trials) {
            double value = TrialLine.of(metric, trial).value();
            if (trial.state() == TrialState.FINISHED && Double.isFinite(value)) {
                all.add(value);
                settings.computeIfAbsent(values(trial, varying), key -> new Moments())
                        .add(value);
            }
        }
        return new Group(
                Finite.values(named),
                trials.size(),
                all.count,
                all.count == 0 ? null : Double.valueOf(all.mean),
                all.count < 2 ? null : Double.valueOf(Math.sqrt(all.squares / (all.count - 1))),
                all.count == 0 ? null : Double.valueOf(all.min),
                all.count == 0 ? null : Double.valueOf(all.max),
                pooled(settings.values()));
    }

    private static @Nullable Double pooled(Collection<Moments> settings) {
        double squares = 0;
        int freedom = 0;
        for (Moments setting : settings) {
            squares += setting.squares;
            freedom += setting.count - 1;
        }
        return freedom == 0 ? null : Math.sqrt(squares / freedom);
    }

    private static List<@Nullable Object> values(TrialRecord trial, List<String> names) {
        List<@Nullable Object> values = new ArrayList<>();
        names.forEach(name -> values.add(Levels.of(trial, name)));
        return values;
    }

    private static Comparator<Group> order(Metric.Goal goal, List<String> by) {
        Comparator<Double> better =
                goal == Metric.Goal.MAXIMIZE ? Comparator.reverseOrder() : Comparator.naturalOrder();
        Comparator<Group> order = Comparator.comparing(Group::mean, Comparator.nullsLast(better));
        for (String name : by) {
            order = order.thenComparing(group -> group.values().get(name), Levels.ORDER);
        }
        return order;
    }

    /** Returns whether more or less of a metric is better: the sweep says it of its own; of losses, less is. */
    public static Metric.Goal goal(SweepRecord sweep, String metric) {
        if (metric.equals(sweep.metric())) {
            return Ranking.metric(sweep).goal();
        }
        return metric.endsWith("loss") ? Metric.Goal.MINIMIZE : Metric.Goal.MAXIMIZE;
    }

    /** Sums by Welford's method: no digits are lost where values are close to each other. */
    private static final class Moments {
        private int count;
        private double mean;
        private double squares;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;

        private void add(double value) {
            count++;
            double before = value - mean;
            mean += before / count;
            squares += before * (value - mean);
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
    }
}
