package dev.graft.dashboard;

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

/** Trials in the order of their best epoch; those that failed or have no finite value are left out. */
final class Ranking {

    private final String metric;
    private final List<TrialRecord> ranked;

    Ranking(SweepRecord sweep, List<TrialRecord> trials) {
        metric = sweep.metric();
        boolean maximize = Metric.Goal.valueOf(sweep.goal().toUpperCase(Locale.ROOT)) == Metric.Goal.MAXIMIZE;
        Comparator<TrialRecord> byValue = Comparator.comparingDouble(this::value);
        ranked = trials.stream()
                .filter(trial -> trial.state() != TrialState.FAILED && trial.state() != TrialState.CRASHED)
                .filter(trial -> Double.isFinite(value(trial)))
                .sorted((maximize ? byValue.reversed() : byValue).thenComparingInt(TrialRecord::number))
                .toList();
    }

    Optional<TrialRecord> best() {
        return ranked.stream().findFirst();
    }

    /** Returns ranks from 1 by trial id. */
    Map<String, Integer> ranks() {
        Map<String, Integer> ranks = new HashMap<>();
        for (TrialRecord trial : ranked) {
            ranks.put(trial.id(), ranks.size() + 1);
        }
        return ranks;
    }

    /** Returns the best epoch's value of the sweep's metric, or NaN. */
    double value(TrialRecord trial) {
        return trial.best()
                .map(epoch -> epoch.metrics().getOrDefault(metric, Double.NaN))
                .orElse(Double.NaN);
    }
}
