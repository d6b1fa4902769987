package dev.graft.analysis;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.track.AttemptRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One try at running a trial, as the command line and the API show it.
 *
 * @param attempt from 1
 * @param state where it stands, or how it ended
 * @param reason why it ended without a result; empty otherwise
 * @param worker who ran it; empty where it is not known
 * @param counts whether it is charged against {@code retry.max_attempts}
 * @param startedAt when it began
 * @param endedAt when it ended; null while it runs
 * @param log the end of the worker's log; empty where there is none
 */
@JsonNaming(SnakeCaseStrategy.class)
public record AttemptView(
        int attempt,
        String state,
        String reason,
        String worker,
        boolean counts,
        String startedAt,
        @Nullable String endedAt,
        String log) {

    /** Shows attempts, in their order. */
    public static List<AttemptView> of(List<AttemptRecord> attempts) {
        return attempts.stream()
                .map(attempt -> new AttemptView(
                        attempt.attempt(),
                        attempt.state().word(),
                        attempt.reason(),
                        attempt.worker(),
                        attempt.counts(),
                        attempt.startedAt().toString(),
                        attempt.endedAt().map(Object::toString).orElse(null),
                        attempt.log()))
                .toList();
    }
}
