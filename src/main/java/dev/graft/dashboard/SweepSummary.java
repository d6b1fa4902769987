package dev.graft.dashboard;

import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of the list of sweeps. */
record SweepSummary(
        String id,
        String name,
        String state,
        String reason,
        String method,
        String metric,
        String goal,
        Instant createdAt,
        @Nullable Instant endedAt,
        int trials,
        Map<String, Integer> counts,
        @Nullable Double bestValue,
        @Nullable String bestTrial) {

    static SweepSummary of(SweepRecord sweep, List<TrialRecord> trials) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (TrialRecord trial : trials) {
            counts.merge(trial.state().name().toLowerCase(Locale.ROOT), 1, Integer::sum);
        }
        Ranking ranking = new Ranking(sweep, trials);
        return new SweepSummary(
                sweep.id(),
                sweep.name(),
                sweep.state().name().toLowerCase(Locale.ROOT),
                sweep.reason(),
                sweep.method(),
                sweep.metric(),
                sweep.goal(),
                sweep.createdAt(),
                sweep.endedAt().orElse(null),
                trials.size(),
                counts,
                ranking.best().map(ranking::value).orElse(null),
                ranking.best().map(TrialRecord::id).orElse(null));
    }
}
