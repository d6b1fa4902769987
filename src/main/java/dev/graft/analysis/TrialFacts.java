package dev.graft.analysis;

import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TrialFilter} looks at.
 *
 * @param trial what is recorded
 * @param rank its place on the leaderboard, from 1; empty for a trial that has none
 * @param pinned whether somebody keeps it in sight
 * @param hidden whether somebody put it out of sight
 */
public record TrialFacts(TrialRecord trial, OptionalInt rank, boolean pinned, boolean hidden) {

    /** Returns the facts of a trial that nobody has said anything about. */
    public static TrialFacts of(TrialRecord trial, OptionalInt rank) {
        return new TrialFacts(trial, rank, false, false);
    }

    /** Returns the facts of trials of one sweep, in their order, with the places they have among themselves. */
    public static List<TrialFacts> of(SweepRecord sweep, List<TrialRecord> trials) {
        Map<String, Integer> places = Ranking.places(sweep, Ranking.lines(sweep, trials));
        return trials.stream()
                .map(trial -> {
                    Integer place = places.get(trial.id());
                    return of(trial, place == null ? OptionalInt.empty() : OptionalInt.of(place));
                })
                .toList();
    }

    /** Returns what a name stands for: a number, a text or a list; null where the trial has nothing of that name. */
    public @Nullable Object value(String name) {
        return switch (name) {
            case "id" -> trial.id();
            case "number" -> trial.number();
            case "state" -> trial.state().word();
            case "reason" -> trial.reason();
            case "rank" -> rank.isPresent() ? rank.getAsInt() : null;
            case "epochs" -> trial.epochs();
            case "kept_epoch" -> trial.keptEpoch();
            case "attempts" -> trial.attempts();
            case "seconds" -> trial.seconds().get("total");
            case "seed" -> trial.seed();
            case "model_weights" -> Finite.orNull(trial.modelWeights());
            case "pinned" -> pinned;
            case "hidden" -> hidden;
            default -> parameterOrMetric(name);
        };
    }

    /** Returns a metric at the trial's best epoch; null where it has none. */
    public @Nullable Double metric(String name) {
        Double metric = trial.best().map(epoch -> epoch.metrics().get(name)).orElse(null);
        return metric == null || metric.isNaN() ? null : metric;
    }

    private @Nullable Object parameterOrMetric(String name) {
        Object parameter = Levels.of(trial, name);
        return parameter == null ? metric(name) : parameter;
    }
}
