package dev.graft.analysis;

import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A sweep's trials, the best first.
 *
 * @param metric the name of the ranking metric
 * @param parameters the names of the parameters that differ between trials, in the order of the sweep file: the columns
 *     worth showing
 * @param rows one per trial
 */
public record Leaderboard(String metric, List<String> parameters, List<Row> rows) {

    /** Copies the lists. */
    public Leaderboard {
        parameters = List.copyOf(parameters);
        rows = List.copyOf(rows);
    }

    /**
     * One trial.
     *
     * @param place from 1
     * @param value the ranking metric at the best epoch; empty before there is one
     * @param trial all that is recorded of it
     */
    public record Row(int place, OptionalDouble value, TrialRecord trial) {}

    /** Makes the leaderboard of a sweep. */
    public static Leaderboard of(SweepRecord sweep, List<TrialRecord> trials) {
        List<Row> rows = new ArrayList<>();
        for (TrialRecord trial : Ranking.order(sweep, trials)) {
            rows.add(new Row(rows.size() + 1, Ranking.value(sweep, trial), trial));
        }
        return new Leaderboard(sweep.metric(), differing(trials), rows);
    }

    private static List<String> differing(List<TrialRecord> trials) {
        Set<String> names = new LinkedHashSet<>();
        trials.forEach(trial -> names.addAll(trial.parameters().keySet()));
        return names.stream()
                .filter(name -> trials.stream()
                        .anyMatch(trial -> !Objects.equals(
                                trial.parameters().get(name),
                                trials.get(0).parameters().get(name))))
                .toList();
    }
}
