package dev.graft.analysis;

import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;

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

    /** Makes the leaderboard of a sweep of which all trials are at hand. */
    public static Leaderboard of(SweepRecord sweep, List<TrialRecord> trials) {
        return of(sweep, trials, trials.stream().map(TrialRecord::parameters).toList());
    }

    /**
     * Reads no more of a sweep than showing its best trials takes: the same columns, rows and places as if all trials
     * were read and the others left out.
     *
     * @param lines of all trials
     * @param most how many trials to read
     */
    public static Leaderboard best(TrackReader track, SweepRecord sweep, List<TrialLine> lines, int most) {
        List<String> ids = Ranking.orderLines(sweep, lines).stream()
                .limit(most)
                .map(TrialLine::id)
                .toList();
        // Ranked once more, because some may have gone on since.
        return of(sweep, track.trials(ids), track.parameters(sweep.id()));
    }

    private static Leaderboard of(SweepRecord sweep, List<TrialRecord> trials, List<Map<String, Object>> parameters) {
        List<Row> rows = new ArrayList<>();
        for (TrialRecord trial : Ranking.order(sweep, trials)) {
            rows.add(new Row(rows.size() + 1, Ranking.value(sweep, trial), trial));
        }
        return new Leaderboard(sweep.metric(), differing(parameters), rows);
    }

    /** Returns the best of the trials that are wanted, with the places they have among all, and all columns. */
    public Leaderboard only(Predicate<TrialRecord> wanted, int most) {
        return new Leaderboard(
                metric,
                parameters,
                rows.stream()
                        .filter(row -> wanted.test(row.trial()))
                        .limit(most)
                        .toList());
    }

    private static List<String> differing(List<Map<String, Object>> parameters) {
        Set<String> names = new LinkedHashSet<>();
        parameters.forEach(values -> names.addAll(values.keySet()));
        return names.stream()
                .filter(name -> parameters.stream()
                        .anyMatch(values -> !Objects.equals(
                                values.get(name), parameters.get(0).get(name))))
                .toList();
    }
}
