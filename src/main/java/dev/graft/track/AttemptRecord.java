package dev.graft.track;

import java.time.Instant;
import java.util.Optional;

/**
 * One try at running a trial. The latest of a trial is the one whose epochs count.
 *
 * @param trialId the trial
 * @param attempt from 1
 * @param state where it stands
 * @param reason why it ended as it did; empty where there is nothing to say
 * @param log the end of the worker's log; empty where there is none
 * @param worker who ran it: {@code worker 1, process 4711}; empty where unknown
 * @param counts whether it is charged against {@code retry.max_attempts}
 * @param startedAt when it began
 * @param endedAt when it ended; empty while it runs
 */
public record AttemptRecord(
        String trialId,
        int attempt,
        AttemptState state,
        String reason,
        String log,
        String worker,
        boolean counts,
        Instant startedAt,
        Optional<Instant> endedAt) {

    /** Returns the same attempt in another state. */
    AttemptRecord as(AttemptState other, String otherReason) {
        return new AttemptRecord(trialId, attempt, other, otherReason, log, worker, counts, startedAt, endedAt);
    }
}
