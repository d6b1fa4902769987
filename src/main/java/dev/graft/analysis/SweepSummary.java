package dev.graft.analysis;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialState;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of the list of sweeps, as {@code graft ls --json} prints it and the dashboard sends it. The parts are those
 * of {@link SweepView}, and these:
 *
 * @param trials how many trials it has
 * @param finished how many of them have finished
 * @param counts how many are in each state there is
 * @param bestValue the ranking metric of the best finished trial; null while there is none
 */
@JsonNaming(SnakeCaseStrategy.class)
public record SweepSummary(
        String id,
        String name,
        String state,
        String reason,
        String method,
        String metric,
        String goal,
        String createdAt,
        @Nullable String endedAt,
        int trials,
        int finished,
        Map<String, Integer> counts,
        @Nullable Double bestValue,
        @Nullable String bestTrial) {

    /** Copies the map, keeping its order. */
    public SweepSummary {
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }

    /** Makes the line of a sweep. */
    public static SweepSummary of(SweepRecord sweep, List<TrialLine> trials) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (TrialLine trial : trials) {
            counts.merge(trial.state().word(), 1, Integer::sum);
        }
        Optional<TrialLine> best = Ranking.bestLine(sweep, trials);
        return new SweepSummary(
                sweep.id(),
                sweep.name(),
                sweep.state().word(),
                sweep.reason(),
                sweep.method(),
                sweep.metric(),
                sweep.goal(),
                sweep.createdAt().toString(),
                sweep.endedAt().map(Object::toString).orElse(null),
                trials.size(),
                counts.getOrDefault(TrialState.FINISHED.word(), 0),
                counts,
                best.map(trial -> Finite.orNull(trial.value())).orElse(null),
                best.map(TrialLine::id).orElse(null));
    }
}
