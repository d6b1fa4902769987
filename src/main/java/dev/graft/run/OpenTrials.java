package dev.graft.run;

import dev.graft.search.Trial;
import dev.graft.track.AttemptRecord;
import dev.graft.track.AttemptState;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The trials of a running sweep that have not ended. Records how their attempts and they themselves end, counts what is
 * charged against {@code retry.max_attempts} and {@code max_failed_trials}, and drops weights beyond {@code keep_models}.
 */
final class OpenTrials {

    private final SweepRun run;
    private final Map<Integer, Trial> trials = new HashMap<>();
    private final Map<Integer, Integer> charged = new HashMap<>();
    private final List<KeptModels.Finished> finished = new ArrayList<>();
    private int failed;

    OpenTrials(SweepRun run, List<Trial> waiting) {
        this.run = run;
        waiting.forEach(trial -> trials.put(trial.number(), trial));
        for (TrialRecord trial : run.recorded().trials(run.id())) {
            if (trial.state() == TrialState.FINISHED) {
                finished.add(KeptModels.Finished.of(trial, run.sweep().metric()));
            } else if (trial.state() == TrialState.FAILED || trial.state() == TrialState.CRASHED) {
                failed++;
            } else if (trial.attempts() > 0) {
                long before = run.recorded().attempts(trial.id()).stream()
                        .filter(AttemptRecord::counts)
                        .count();
                charged.put(trial.number(), (int) before);
            }
        }
        keepTheBest();
    }

    boolean isEmpty() {
        return trials.isEmpty();
    }

    boolean contains(int number) {
        return trials.containsKey(number);
    }

    /** Returns a trial that a worker told of. */
    Trial get(int number) {
        Trial trial = trials.get(number);
        if (trial == null) {
            throw new IllegalStateException("a worker told of trial " + number + ", which is not open");
        }
        return trial;
    }

    /** Records that an attempt came to nothing: the trial waits for its next one, or has had its last. */
    void attemptEnded(int number, AttemptState state, String reason, String log) {
        int allowed = run.sweep().retry().maxAttempts();
        if (charged.merge(number, 1, Integer::sum) < allowed) {
            run.track().endAttempt(run.trialId(number), state, reason, log, true);
            run.listener().attemptEnded(run.trialId(number), get(number), reason);
            return;
        }
        end(
                number,
                state == AttemptState.CRASHED ? TrialState.CRASHED : TrialState.FAILED,
                allowed > 1 ? reason + " (" + allowed + " attempts)" : reason,
                Map.of(),
                log);
    }

    /** Records that an attempt came to nothing, and that nobody can tell through whose fault. */
    void attemptLost(int number, AttemptState state, String reason, String log) {
        run.track().endAttempt(run.trialId(number), state, reason, log, false);
        run.listener().attemptEnded(run.trialId(number), get(number), reason);
    }

    /** Records that an attempt was cut off through no fault of the trial's. */
    void attemptCutOff(int number, String reason, String log) {
        run.track().endAttempt(run.trialId(number), AttemptState.CANCELLED, reason, log, false);
    }

    /** Records a trial's end. */
    void end(int number, TrialState state, String reason, Map<String, Double> seconds, String log) {
        String id = run.trialId(number);
        Trial trial = get(number);
        run.track().endTrial(id, state, reason, seconds, log);
        trials.remove(number);
        run.listener().trialEnded(id, trial, state, reason);
        if (state == TrialState.FINISHED) {
            // The record is asked, and not the events: it knows which epoch was the best.
            run.recorded()
                    .trial(id)
                    .ifPresent(record -> finished.add(
                            KeptModels.Finished.of(record, run.sweep().metric())));
            keepTheBest();
        } else {
            failed++;
        }
    }

    /** Says that too many trials have failed, if they have. */
    Optional<String> overBudget() {
        return run.sweep().maxFailedTrials().stream()
                .filter(most -> failed > most)
                .mapToObj(most -> "more trials have failed than max_failed_trials: " + most + " allows")
                .findFirst();
    }

    private void keepTheBest() {
        var metric = run.sweep().metric();
        List<String> superfluous = KeptModels.superfluous(run.sweep().keepModels(), metric, finished);
        KeptModels.delete(run.models(), superfluous);
        Set<String> lesser = new HashSet<>(superfluous);
        // They stay lesser ones, and need not be looked at again after every trial of a long sweep.
        finished.removeIf(one -> lesser.contains(one.id()));
    }
}
