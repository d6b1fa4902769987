package dev.graft.track;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A trial as recorded.
 *
 * @param id the sweep's id, a dash and the trial's number: {@code k3v9x2ab-7}
 * @param sweepId the sweep's id
 * @param number the trial's place in its sweep, from 1
 * @param state where it stands
 * @param reason why it ended as it did: {@code early stopping after epoch 9}, {@code loss is NaN at epoch 1, step 12}
 * @param parameters the values the sweep file names, in its order; numbers, strings, lists
 * @param seed what its random choices derive from
 * @param featureGroup the short digest of the features it trains on; empty before they are known
 * @param cacheHit whether those features were there when the sweep began
 * @param attempts attempts begun
 * @param epochs epochs ended in the attempt that counts
 * @param keptEpoch the epoch whose weights are kept, from 1; 0 before there is one
 * @param best the epoch that is best by the sweep's metric
 * @param last the last epoch
 * @param startedAt when the attempt that counts began
 * @param endedAt when it ended
 * @param seconds what it took, by part: {@code decode, prefix, head, tail, validation, total}; shared parts are the
 *     trial's equal share of its pass and not part of the total
 * @param runKey the digest of everything that decides the trial's result; trials with equal keys have equal results
 * @param sameAs the trial whose result this one took over because their run keys are equal; empty if it was trained
 * @param modelWeights how many numbers its whole model holds, base and head, as Keras counts them: with the moving
 *     statistics of batch norms; empty where an older Graft did not record it
 */
public record TrialRecord(
        String id,
        String sweepId,
        int number,
        TrialState state,
        String reason,
        Map<String, Object> parameters,
        long seed,
        String featureGroup,
        boolean cacheHit,
        int attempts,
        int epochs,
        int keptEpoch,
        Optional<Epoch> best,
        Optional<Epoch> last,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        Map<String, Double> seconds,
        String runKey,
        String sameAs,
        OptionalLong modelWeights) {

    /** Copies the maps, keeping the order of the parameters. */
    public TrialRecord {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        seconds = Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
    }

    /** Returns the id of a trial: its sweep's, a dash, its number. */
    public static String id(String sweepId, int number) {
        return sweepId + "-" + number;
    }

    /** Returns the record of a trial that has not begun; its id is its sweep's with its number. */
    public static TrialRecord waiting(
            String sweepId, int number, Map<String, Object> parameters, long seed, String runKey) {
        return waiting(sweepId, number, parameters, seed, runKey, OptionalLong.empty());
    }

    /** Returns the same with the size of its model. */
    public static TrialRecord waiting(
            String sweepId,
            int number,
            Map<String, Object> parameters,
            long seed,
            String runKey,
            OptionalLong modelWeights) {
        return new TrialRecord(
                id(sweepId, number),
                sweepId,
                number,
                TrialState.WAITING,
                "",
                parameters,
                seed,
                "",
                false,
                0,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                runKey,
                "",
                modelWeights);
    }

    /** Returns the same trial in another state. */
    TrialRecord as(TrialState other, String otherReason) {
        return new TrialRecord(
                id,
                sweepId,
                number,
                other,
                otherReason,
                parameters,
                seed,
                featureGroup,
                cacheHit,
                attempts,
                epochs,
                keptEpoch,
                best,
                last,
                startedAt,
                endedAt,
                seconds,
                runKey,
                sameAs,
                modelWeights);
    }

    /**
     * One epoch's metrics.
     *
     * @param epoch from 1, counted through both phases
     * @param metrics by name: {@code loss} (training), {@code val_loss}, {@code val_accuracy}, {@code val_macro_f1} (the
     *     last two in [0, 1]), {@code learning_rate}
     */
    public record Epoch(int epoch, Map<String, Double> metrics) {

        /** Copies the map, keeping its order. */
        public Epoch {
            metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        }
    }
}
