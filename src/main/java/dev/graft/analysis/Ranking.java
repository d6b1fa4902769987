package dev.graft.analysis;

import dev.graft.spec.Metric;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Orders trials by the sweep's metric at their best epoch. Finished trials come first; then other trials that have a
 * best epoch, because their weights may not be complete; then those without one. Equal values stay in the order of the
 * trials.
 */
public final class Ranking {

    private Ranking() {}

    /** Returns the trials, the best first. */
    public static List<TrialRecord> order(SweepRecord sweep, List<TrialRecord> trials) {
        Metric metric = metric(sweep);
        return trials.stream()
                .sorted(Comparator.comparingInt((TrialRecord trial) -> tier(metric, trial))
                        .thenComparing((a, b) -> compare(metric, a, b))
                        .thenComparingInt(TrialRecord::number))
                .toList();
    }

    /** Returns the finished trial that does best, or empty while none has finished with a value. */
    public static Optional<TrialRecord> best(SweepRecord sweep, List<TrialRecord> trials) {
        Metric metric = metric(sweep);
        return order(sweep, trials).stream()
                .limit(1)
                .filter(trial -> tier(metric, trial) == 0)
                .findFirst();
    }

    /** Returns the places on the leaderboard, from 1, by trial id; trials that failed or have no value have none. */
    public static Map<String, Integer> places(SweepRecord sweep, List<TrialRecord> trials) {
        Map<String, Integer> places = new HashMap<>();
        for (TrialRecord trial : order(sweep, trials)) {
            boolean failed = trial.state() == TrialState.FAILED || trial.state() == TrialState.CRASHED;
            if (!failed && value(sweep, trial).isPresent()) {
                places.put(trial.id(), places.size() + 1);
            }
        }
        return places;
    }

    /** Returns the value a trial is ranked by; empty before there is one. */
    public static OptionalDouble value(SweepRecord sweep, TrialRecord trial) {
        double value = value(metric(sweep), trial);
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** Returns the metric that ranks a sweep's trials. */
    public static Metric metric(SweepRecord sweep) {
        return new Metric(sweep.metric(), Metric.Goal.valueOf(sweep.goal().toUpperCase(Locale.ROOT)));
    }

    private static double value(Metric metric, TrialRecord trial) {
        return trial.best()
                .map(epoch -> epoch.metrics().getOrDefault(metric.name(), Double.NaN))
                .orElse(Double.NaN);
    }

    private static int tier(Metric metric, TrialRecord trial) {
        if (Double.isNaN(value(metric, trial))) {
            return 2;
        }
        return trial.state() == TrialState.FINISHED ? 0 : 1;
    }

    private static int compare(Metric metric, TrialRecord a, TrialRecord b) {
        double left = value(metric, a);
        double right = value(metric, b);
        return metric.isBetter(left, right) ? -1 : metric.isBetter(right, left) ? 1 : 0;
    }
}
