package dev.graft.dashboard;

import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All trials of the sweeps that were asked for last. A trial that has ended is read once, so that a sweep of thousands
 * costs no more than its open trials with every change. Safe for use by several threads.
 */
final class SweepTrials {

    /** Some 2 KB a trial: a few sweeps, the largest included, take tens of MB. */
    private static final int SWEEPS_KEPT = 4;

    private final TrackReader reader;
    private final Map<String, Map<String, TrialRecord>> ended = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<String, TrialRecord>> eldest) {
            return size() > SWEEPS_KEPT;
        }
    };

    SweepTrials(TrackReader reader) {
        this.reader = reader;
    }

    /** Returns a sweep's trials as they are now, in their order. */
    List<TrialRecord> of(SweepRecord sweep) {
        List<TrialLine> lines = reader.lines(sweep);
        Map<String, TrialRecord> known;
        synchronized (ended) {
            known = new HashMap<>(ended.getOrDefault(sweep.id(), Map.of()));
        }
        List<String> wanted = lines.stream()
                .filter(line -> !isKnown(known.get(line.id()), line))
                .map(TrialLine::id)
                .toList();
        List<TrialRecord> read = wanted.size() == lines.size() ? reader.trials(sweep.id()) : reader.trials(wanted);
        read.forEach(trial -> known.put(trial.id(), trial));
        List<TrialRecord> trials = new ArrayList<>(lines.size());
        Map<String, TrialRecord> kept = new HashMap<>();
        for (TrialLine line : lines) {
            TrialRecord trial = known.get(line.id());
            // One deleted between two reads is gone.
            if (trial != null) {
                trials.add(trial);
                if (isUnchanging(trial.state())) {
                    kept.put(trial.id(), trial);
                }
            }
        }
        synchronized (ended) {
            ended.put(sweep.id(), kept);
        }
        return trials;
    }

    private static boolean isKnown(@Nullable TrialRecord trial, TrialLine line) {
        return trial != null && trial.state() == line.state() && isUnchanging(line.state());
    }

    /** Others can be tried again, and end in the same state with another reason. */
    private static boolean isUnchanging(TrialState state) {
        return state == TrialState.FINISHED || state == TrialState.PRUNED;
    }
}
