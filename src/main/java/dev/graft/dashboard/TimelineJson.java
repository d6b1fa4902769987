package dev.graft.dashboard;

import dev.graft.track.AttemptLine;
import dev.graft.track.AttemptState;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who ran what, when.
 *
 * @param total how many attempts there were
 * @param attempts them, by their beginning; of very many, the latest and all that ended badly
 * @param takenOver how many trials took over the result of another
 */
record TimelineJson(int total, List<Attempt> attempts, long takenOver) {

    private static final int MOST = 3000;

    /**
     * One attempt.
     *
     * @param number the trial's number
     * @param worker who ran it; empty where it is not known
     * @param cacheHit whether the trial's features were there when the sweep began
     * @param endedAt null while it runs
     */
    record Attempt(
            String trial,
            int number,
            int attempt,
            String state,
            String reason,
            String worker,
            boolean cacheHit,
            String featureGroup,
            String startedAt,
            @Nullable String endedAt) {}

    static TimelineJson of(SweepRecord sweep, List<TrialRecord> trials, List<AttemptLine> lines) {
        Map<String, TrialRecord> byId = new HashMap<>();
        trials.forEach(trial -> byId.put(trial.id(), trial));
        // Of an attempt whose controller died nobody knows the end: no later than the last that is known.
        Instant last = lines.stream()
                .map(line -> line.endedAt().orElse(line.startedAt()))
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        List<AttemptLine> newest = lines.stream()
                .sorted(Comparator.comparing(AttemptLine::startedAt, Comparator.reverseOrder()))
                .toList();
        Instant from = newest.size() > MOST ? newest.get(MOST - 1).startedAt() : Instant.MIN;
        List<Attempt> shown = lines.stream()
                .filter(line -> byId.containsKey(line.trialId()))
                .filter(line -> !line.startedAt().isBefore(from) || isBad(line))
                .sorted(Comparator.comparing(AttemptLine::startedAt).reversed())
                .limit(2L * MOST)
                .sorted(Comparator.comparing(AttemptLine::startedAt).thenComparing(AttemptLine::trialId))
                .map(line -> attempt(line, byId, last))
                .toList();
        return new TimelineJson(
                lines.size(),
                shown,
                trials.stream().filter(trial -> !trial.sameAs().isEmpty()).count());
    }

    private static boolean isBad(AttemptLine line) {
        return switch (line.state()) {
            case FAILED, CRASHED -> true;
            default -> false;
        };
    }

    private static Attempt attempt(AttemptLine line, Map<String, TrialRecord> trials, Instant last) {
        TrialRecord trial = Objects.requireNonNull(trials.get(line.trialId()));
        return new Attempt(
                line.trialId(),
                trial.number(),
                line.attempt(),
                line.state().word(),
                line.reason(),
                line.worker(),
                trial.cacheHit(),
                line.featureGroup(),
                line.startedAt().toString(),
                line.endedAt()
                        .or(() -> line.state() == AttemptState.RUNNING ? Optional.empty() : Optional.of(last))
                        .map(Instant::toString)
                        .orElse(null));
    }
}
