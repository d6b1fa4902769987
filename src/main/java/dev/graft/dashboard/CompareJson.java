package dev.graft.dashboard;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.graft.analysis.Comparison;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialRecord;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Trials side by side.
 *
 * @param comparison what differs
 * @param curves the epochs of each trial, in the order of the trials
 */
record CompareJson(@JsonUnwrapped Comparison comparison, List<List<TrialJson.Epoch>> curves) {

    /**
     * Reads what the comparison takes.
     *
     * @param sweeps those of the trials, by id
     * @param names what the sweeps are called, by id
     * @param reference the id of the trial to compare the others with; empty for the best
     */
    static CompareJson of(
            TrackReader reader,
            Map<String, SweepRecord> sweeps,
            Map<String, String> names,
            List<TrialRecord> trials,
            String reference) {
        List<Comparison.Side> sides = trials.stream()
                .map(trial -> new Comparison.Side(
                        Objects.requireNonNull(sweeps.get(trial.sweepId())),
                        Objects.requireNonNull(names.get(trial.sweepId())),
                        trial,
                        reader.predictions(trial.id())))
                .toList();
        return new CompareJson(
                Comparison.of(sides, reference),
                trials.stream()
                        .map(trial -> reader.epochs(trial.id()).stream()
                                .map(epoch -> new TrialJson.Epoch(epoch.epoch(), epoch.phase(), epoch.metrics()))
                                .toList())
                        .toList());
    }
}
