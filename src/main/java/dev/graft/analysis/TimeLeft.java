package dev.graft.analysis;

import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How long a running sweep still takes, judged by the trials that have ended: open ones are taken to cost what ended ones
 * of the same base, image size and depth cost on average, else what all did. The wall clock tells how many run side by
 * side.
 *
 * @param seconds from the last thing that is recorded of a trial
 * @param end when the last trial is likely to end
 */
public record TimeLeft(double seconds, Instant end) {

    /** Of one trial nobody knows whether it was a typical one. */
    private static final int LEAST = 2;

    /** A trial that takes longer than expected is taken to need this part of what was expected. */
    private static final double TAIL = 0.1;

    /** Seconds: a longer time in which no trial ran is none of the sweep's work, but the time it lay stopped. */
    private static final double LONGEST_PAUSE = 1800;

    /** Estimates it; empty where the sweep does not run, or too little has ended. */
    public static Optional<TimeLeft> of(SweepRecord sweep, List<TrialRecord> trials) {
        List<TrialRecord> ended = trials.stream().filter(TimeLeft::isMeasure).toList();
        if (sweep.state() != SweepState.RUNNING || ended.size() < LEAST) {
            return Optional.empty();
        }
        Instant last = last(sweep, trials);
        double elapsed = elapsed(sweep, trials, last);
        double worked = ended.stream().mapToDouble(TimeLeft::cost).sum();
        if (elapsed <= 0) {
            return Optional.empty();
        }
        Map<List<Object>, List<Double>> kinds = new HashMap<>();
        ended.forEach(trial ->
                kinds.computeIfAbsent(kind(trial), kind -> new ArrayList<>()).add(cost(trial)));
        double left = 0;
        for (TrialRecord trial : trials) {
            if (!trial.state().isOpen()) {
                continue;
            }
            double expected = Optional.ofNullable(kinds.get(kind(trial)))
                    .map(costs -> mean(costs))
                    .orElse(worked / ended.size());
            double spent = trial.state() == TrialState.RUNNING
                    ? trial.startedAt().map(start -> seconds(start, last)).orElse(0.0)
                    : 0;
            left += Math.max(expected - spent, TAIL * expected);
        }
        // Work done per second of wall clock; what no trial accounts for (decoding, starting) slows the rest alike.
        double seconds = left / (worked / elapsed);
        return Optional.of(new TimeLeft(seconds, last.plus(Duration.ofMillis(Math.round(1000 * seconds)))));
    }

    /** Counts the time since the sweep was created, of pauses in which no trial ran (it was stopped, and resumed) little. */
    private static double elapsed(SweepRecord sweep, List<TrialRecord> trials, Instant last) {
        Instant at = sweep.createdAt();
        double elapsed = 0;
        List<TrialRecord> begun = trials.stream()
                .filter(trial -> trial.startedAt().isPresent())
                .sorted(Comparator.comparing(trial -> trial.startedAt().orElseThrow()))
                .toList();
        for (TrialRecord trial : begun) {
            Instant from = trial.startedAt().orElseThrow();
            Instant to = trial.endedAt().orElse(last);
            if (from.isAfter(at)) {
                elapsed += Math.min(seconds(at, from), LONGEST_PAUSE);
                at = from;
            }
            if (to.isAfter(at)) {
                elapsed += seconds(at, to);
                at = to;
            }
        }
        return elapsed;
    }

    private static boolean isMeasure(TrialRecord trial) {
        return (trial.state() == TrialState.FINISHED || trial.state() == TrialState.PRUNED) && cost(trial) > 0;
    }

    private static double cost(TrialRecord trial) {
        return trial.seconds().getOrDefault("total", 0.0);
    }

    private static Instant last(SweepRecord sweep, List<TrialRecord> trials) {
        Instant last = sweep.createdAt();
        for (TrialRecord trial : trials) {
            Instant known = trial.endedAt().or(trial::startedAt).orElse(last);
            last = known.isAfter(last) ? known : last;
        }
        return last;
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
    }

    private static List<Object> kind(TrialRecord trial) {
        List<Object> kind = new ArrayList<>();
        for (String name : List.of("base", "image_size", "fine_tune_depth")) {
            kind.add(Objects.requireNonNullElse(trial.parameters().get(name), ""));
        }
        return kind;
    }
}
