package dev.graft.dashboard;

import dev.graft.track.FeatureGroupRecord;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A sweep with its trials, in the shape of {@code graft show --json} and a few fields more. */
record SweepJson(
        String id,
        String name,
        String state,
        String reason,
        String method,
        String metric,
        String goal,
        String fileName,
        Instant createdAt,
        @Nullable Instant endedAt,
        int frozenPasses,
        int frozenPassesSaved,
        @Nullable String bestTrial,
        List<String> classes,
        List<FeatureGroupRecord> featureGroups,
        Map<String, String> provenance,
        List<Trial> trials) {

    static SweepJson of(SweepRecord sweep, List<TrialRecord> trials, List<FeatureGroupRecord> groups) {
        Ranking ranking = new Ranking(sweep, trials);
        Map<String, Integer> ranks = ranking.ranks();
        return new SweepJson(
                sweep.id(),
                sweep.name(),
                sweep.state().name().toLowerCase(Locale.ROOT),
                sweep.reason(),
                sweep.method(),
                sweep.metric(),
                sweep.goal(),
                sweep.fileName(),
                sweep.createdAt(),
                sweep.endedAt().orElse(null),
                sweep.frozenPasses(),
                sweep.frozenPassesSaved(),
                ranking.best().map(TrialRecord::id).orElse(null),
                sweep.classes(),
                groups,
                new TreeMap<>(sweep.provenance()),
                trials.stream()
                        .map(trial -> Trial.of(trial, ranks.get(trial.id())))
                        .toList());
    }

    /** Whether the trial's features were there when the sweep began. */
    record Cache(boolean hit) {}

    /** One trial; {@code seconds} is the whole of what {@code timings} splits. */
    record Trial(
            String id,
            int number,
            @Nullable Integer rank,
            String state,
            String reason,
            Map<String, Object> parameters,
            long seed,
            TrialRecord.@Nullable Epoch best,
            TrialRecord.@Nullable Epoch last,
            int epochs,
            int keptEpoch,
            int attempts,
            @Nullable Double seconds,
            Map<String, Double> timings,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            Cache cache,
            String featureGroup) {

        static Trial of(TrialRecord trial, @Nullable Integer rank) {
            return new Trial(
                    trial.id(),
                    trial.number(),
                    rank,
                    trial.state().name().toLowerCase(Locale.ROOT),
                    trial.reason(),
                    trial.parameters(),
                    trial.seed(),
                    trial.best().orElse(null),
                    trial.last().orElse(null),
                    trial.epochs(),
                    trial.keptEpoch(),
                    trial.attempts(),
                    trial.seconds().get("total"),
                    trial.seconds(),
                    trial.startedAt().orElse(null),
                    trial.endedAt().orElse(null),
                    new Cache(trial.cacheHit()),
                    trial.featureGroup());
        }
    }
}
