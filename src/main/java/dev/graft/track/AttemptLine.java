package dev.graft.track;

import java.time.Instant;
import java.util.Optional;

/**
 * As much of an attempt as a timeline takes: cheap to read for a whole sweep.
 *
 * @param trialId the trial
 * @param attempt from 1
 * @param state where it stands
 * @param reason why it ended as it did; empty where there is nothing to say
 * @param worker who ran it: {@code worker 1, process 4711}; empty where unknown
 * @param startedAt when it began
 * @param endedAt when it ended; empty while it runs
 * @param featureGroup the key of the features it used; empty where there are none
 */
public record AttemptLine(
        String trialId,
        int attempt,
        AttemptState state,
        String reason,
        String worker,
        Instant startedAt,
        Optional<Instant> endedAt,
        String featureGroup) {

    /** Returns the same attempt in another state. */
    AttemptLine as(AttemptState other, String otherReason) {
        return new AttemptLine(trialId, attempt, other, otherReason, worker, startedAt, endedAt, featureGroup);
    }
}
