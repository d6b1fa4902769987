package dev.graft.analysis;

import dev.graft.spec.Metric;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
        Map<String, TrialRecord> byId = new HashMap<>();
        trials.forEach(trial -> byId.put(trial.id(), trial));
        return orderLines(sweep, lines(sweep, trials)).stream()
                .map(line -> Objects.requireNonNull(byId.get(line.id())))
                .toList();
    }

    /** Returns the trials, the best first. */
    public static List<TrialLine> orderLines(SweepRecord sweep, List<TrialLine> trials) {
        Metric metric = metric(sweep);
        return trials.stream()
                .sorted(Comparator.comparingInt(Ranking::tier)
                        .thenComparing((a, b) -> compare(metric, a.value(), b.value()))
                        .thenComparingInt(TrialLine::number))
                .toList();
    }

    /** Returns the finished trial that does best, or empty while none has finished with a value. */
    public static Optional<TrialRecord> best(SweepRecord sweep, List<TrialRecord> trials) {
        return bestLine(sweep, lines(sweep, trials))
                .flatMap(best -> trials.stream()
                        .filter(trial -> trial.id().equals(best.id()))
                        .findFirst());
    }

    /** Returns the finished trial that does best, or empty while none has finished with a value. */
    public static Optional<TrialLine> bestLine(SweepRecord sweep, List<TrialLine> trials) {
        return orderLines(sweep, trials).stream()
                .limit(1)
                .filter(trial -> tier(trial) == 0)
                .findFirst();
    }

    /** Returns the places on the leaderboard, from 1, by trial id; trials that failed or have no value have none. */
    public static Map<String, Integer> places(SweepRecord sweep, List<TrialLine> trials) {
        Map<String, Integer> places = new HashMap<>();
        for (TrialLine trial : orderLines(sweep, trials)) {
            boolean failed = trial.state() == TrialState.FAILED || trial.state() == TrialState.CRASHED;
            if (!failed && !Double.isNaN(trial.value())) {
                places.put(trial.id(), places.size() + 1);
            }
        }
        return places;
    }

    /** Returns as much of trials as ranking takes. */
    static List<TrialLine> lines(SweepRecord sweep, List<TrialRecord> trials) {
        return trials.stream().map(trial -> TrialLine.of(sweep.metric(), trial)).toList();
    }

    /** Returns the value a trial is ranked by; empty before there is one. */
    public static OptionalDouble value(SweepRecord sweep, TrialRecord trial) {
        double value = TrialLine.of(sweep.metric(), trial).value();
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** Returns the metric that ranks a sweep's trials. */
    public static Metric metric(SweepRecord sweep) {
        return new Metric(sweep.metric(), Metric.Goal.valueOf(sweep.goal().toUpperCase(Locale.ROOT)));
    }

    private static int tier(TrialLine trial) {
        if (Double.isNaN(trial.value())) {
            return 2;
        }
        return trial.state() == TrialState.FINISHED ? 0 : 1;
    }

    private static int compare(Metric metric, double left, double right) {
        return metric.isBetter(left, right) ? -1 : metric.isBetter(right, left) ? 1 : 0;
    }
}
