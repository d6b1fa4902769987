package dev.graft.run;

import dev.graft.search.Trial;
import dev.graft.spec.Retry;
import dev.graft.track.AttemptRecord;
import dev.graft.track.TrackReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the attempts at each trial that are charged against {@code retry.max_attempts}. */
final class Attempts {

    private final Map<Integer, Integer> charged = new HashMap<>();
    private final int allowed;

    Attempts(TrackReader recorded, String sweepId, List<Trial> trials, Retry retry) {
        this.allowed = retry.maxAttempts();
        for (Trial trial : trials) {
            long before = recorded.attempts(SweepRunner.trialId(sweepId, trial.number())).stream()
                    .filter(AttemptRecord::counts)
                    .count();
            charged.put(trial.number(), (int) before);
        }
    }

    int allowed() {
        return allowed;
    }

    /** Charges an attempt, and says whether another is left. */
    boolean another(int trial) {
        return charged.merge(trial, 1, Integer::sum) < allowed;
    }
}
