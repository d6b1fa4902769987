package dev.graft.analysis;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.track.SweepAnnotation;
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
 * @param name what it is called: the name it was given later, or the recorded one
 * @param recordedName the name of its sweep file
 * @param bestValue the ranking metric of the best finished trial; null while there is none
 * @param tags words that people gave it
 * @param archived whether lists leave it out
 * @param notes Markdown; empty for none
 */
@JsonNaming(SnakeCaseStrategy.class)
public record SweepSummary(
        String id,
        String name,
        String recordedName,
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
        @Nullable String bestTrial,
        List<String> tags,
        boolean archived,
        String notes) {

    /** Copies the map, keeping its order, and the list. */
    public SweepSummary {
        tags = List.copyOf(tags);
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }

    /** Makes the line of a sweep about which nothing is noted. */
    public static SweepSummary of(SweepRecord sweep, List<TrialLine> trials) {
        return of(sweep, trials, SweepAnnotation.NONE);
    }

    /** Makes the line of a sweep. */
    public static SweepSummary of(SweepRecord sweep, List<TrialLine> trials, SweepAnnotation annotation) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (TrialLine trial : trials) {
            counts.merge(trial.state().word(), 1, Integer::sum);
        }
        Optional<TrialLine> best = Ranking.bestLine(sweep, trials);
        return new SweepSummary(
                sweep.id(),
                annotation.nameOf(sweep),
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
                best.map(TrialLine::id).orElse(null),
                annotation.tags(),
                annotation.archived(),
                annotation.notes());
    }
}
