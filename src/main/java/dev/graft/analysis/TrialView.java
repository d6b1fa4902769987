package dev.graft.analysis;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.track.TrialRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trial as {@link SweepView} shows it. NaN and infinities are null.
 *
 * @param id the trial's id
 * @param number its place in the sweep, from 1
 * @param rank its place on the leaderboard, from 1; null for a trial that failed or has no value yet
 * @param state where it stands
 * @param reason why it ended as it did
 * @param parameters the values the sweep file names, in its order
 * @param seed what its random choices derive from
 * @param best the epoch that is best by the sweep's metric; null before there is one
 * @param last the last epoch; null before there is one
 * @param epochs epochs ended in the attempt that counts
 * @param keptEpoch the epoch whose weights are kept; 0 before there is one
 * @param attempts attempts begun
 * @param seconds what training it took; null before it is known
 * @param timings what it took, by part: {@code total} is the whole of {@code head}, {@code tail} and {@code validation};
 *     {@code decode} and {@code prefix} are its share of what its feature group took
 * @param modelWeights how many numbers its whole model holds, base and head; null where it was not recorded
 * @param cache whether its features were there when the sweep began
 * @param featureGroup the features it trains on; empty before they are known
 * @param startedAt when the attempt that counts began; null before
 * @param endedAt when it ended; null before
 * @param runKey the digest of everything that decides its result
 * @param sameAs the trial whose result it took over, as their run keys are equal; null if it was trained
 */
@JsonNaming(SnakeCaseStrategy.class)
public record TrialView(
        String id,
        int number,
        @Nullable Integer rank,
        String state,
        String reason,
        Map<String, @Nullable Object> parameters,
        long seed,
        @Nullable Epoch best,
        @Nullable Epoch last,
        int epochs,
        int keptEpoch,
        int attempts,
        @Nullable Double seconds,
        Map<String, @Nullable Object> timings,
        @Nullable Long modelWeights,
        Cache cache,
        String featureGroup,
        @Nullable String startedAt,
        @Nullable String endedAt,
        String runKey,
        @Nullable String sameAs) {

    /**
     * One epoch's metrics.
     *
     * @param epoch from 1
     * @param metrics by name
     */
    public record Epoch(int epoch, Map<String, @Nullable Object> metrics) {

        private static Epoch of(TrialRecord.Epoch epoch) {
            return new Epoch(epoch.epoch(), Finite.values(epoch.metrics()));
        }
    }

    /**
     * What the feature store gave.
     *
     * @param hit whether the features were there when the sweep began
     */
    public record Cache(boolean hit) {}

    /** Shows a trial with its place on the leaderboard; null where it has none. */
    public static TrialView of(TrialRecord trial, @Nullable Integer rank) {
        return new TrialView(
                trial.id(),
                trial.number(),
                rank,
                trial.state().word(),
                trial.reason(),
                Finite.values(trial.parameters()),
                trial.seed(),
                trial.best().map(Epoch::of).orElse(null),
                trial.last().map(Epoch::of).orElse(null),
                trial.epochs(),
                trial.keptEpoch(),
                trial.attempts(),
                Finite.orNull(trial.seconds().getOrDefault("total", Double.NaN)),
                Finite.values(trial.seconds()),
                Finite.orNull(trial.modelWeights()),
                new Cache(trial.cacheHit()),
                trial.featureGroup(),
                trial.startedAt().map(Object::toString).orElse(null),
                trial.endedAt().map(Object::toString).orElse(null),
                trial.runKey(),
                trial.sameAs().isEmpty() ? null : trial.sameAs());
    }
}
