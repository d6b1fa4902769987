package dev.graft.analysis;

import dev.graft.spec.Metric;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How the best value of a sweep grew with its trials: a flight of steps.
 *
 * @param trials how many finished with a value
 * @param steps where the best value changed, the first trial first; at most as many as asked for, the last always there
 */
public record BestSoFar(int trials, List<Step> steps) {

    /** Copies the list. */
    public BestSoFar {
        steps = List.copyOf(steps);
    }

    /**
     * A trial that was better than all before it.
     *
     * @param trial its place among those that finished, from 1
     * @param value the best value from here on
     */
    public record Step(int trial, double value) {}

    /**
     * Follows finished trials in the order they are given in.
     *
     * @param most how many steps to keep, at least 2; the smallest ones between the first and the last are left out
     */
    public static BestSoFar of(SweepRecord sweep, List<TrialLine> trials, int most) {
        if (most < 2) {
            throw new IllegalArgumentException("most must be at least 2, but was " + most);
        }
        Metric metric = Ranking.metric(sweep);
        List<Step> steps = new ArrayList<>();
        double best = Double.NaN;
        int finished = 0;
        for (TrialLine trial : trials) {
            if (trial.state() != TrialState.FINISHED || Double.isNaN(trial.value())) {
                continue;
            }
            finished++;
            if (metric.isBetter(trial.value(), best)) {
                best = trial.value();
                steps.add(new Step(finished, best));
            }
        }
        return new BestSoFar(finished, thinned(steps, most));
    }

    /** Follows finished trials in the order in which they ended. */
    public static BestSoFar ofRecords(SweepRecord sweep, List<TrialRecord> trials, int most) {
        return of(
                sweep,
                trials.stream()
                        .sorted(Comparator.comparing(
                                        (TrialRecord trial) -> trial.endedAt().orElse(Instant.MAX))
                                .thenComparingInt(TrialRecord::number))
                        .map(trial -> TrialLine.of(sweep.metric(), trial))
                        .toList(),
                most);
    }

    private static List<Step> thinned(List<Step> steps, int most) {
        List<Step> kept = new ArrayList<>(steps);
        while (kept.size() > most) {
            int smallest = 1;
            for (int i = 1; i < kept.size() - 1; i++) {
                if (rise(kept, i) < rise(kept, smallest)) {
                    smallest = i;
                }
            }
            kept.remove(smallest);
        }
        return kept;
    }

    private static double rise(List<Step> steps, int index) {
        return Math.abs(steps.get(index).value() - steps.get(index - 1).value());
    }
}
