package dev.graft.dashboard;

import dev.graft.analysis.AttemptView;
import dev.graft.analysis.Calibration;
import dev.graft.analysis.PredictionsView;
import dev.graft.analysis.SweepView;
import dev.graft.analysis.TrialView;
import dev.graft.track.AttemptRecord;
import dev.graft.track.EpochRecord;
import dev.graft.track.Prediction;
import dev.graft.track.TrialLine;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything known of one trial.
 *
 * @param trial the trial as the sweep lists it
 * @param previous the id of the trial before it; null for the first
 * @param next the id of the trial after it; null for the last
 * @param epochs what each epoch recorded, without the counts per class
 * @param kin which trials share its features or its result
 * @param evaluation what its kept epoch predicted; null before there are predictions
 * @param calibration whether it is right as often as it is sure; null with the evaluation
 */
record TrialJson(
        Sweep sweep,
        TrialView trial,
        @Nullable String previous,
        @Nullable String next,
        List<Epoch> epochs,
        @Nullable PredictionsView evaluation,
        @Nullable Calibration calibration,
        SweepView.@Nullable Group featureGroup,
        List<AttemptView> attempts,
        TrialKin kin,
        Map<String, String> provenance) {

    /**
     * Puts it together.
     *
     * @param sweep with this trial alone
     * @param name what the sweep is called now
     * @param all the trials of the sweep
     */
    static TrialJson of(
            SweepView sweep,
            String name,
            List<TrialLine> all,
            TrialKin kin,
            List<EpochRecord> epochs,
            List<Prediction> predictions,
            List<AttemptRecord> attempts) {
        TrialView trial = sweep.trials().get(0);
        return new TrialJson(
                new Sweep(
                        sweep.id(),
                        name,
                        sweep.metric(),
                        sweep.goal(),
                        sweep.fileName(),
                        all.size(),
                        sweep.bestTrial()),
                trial,
                withNumber(all, trial.number() - 1),
                withNumber(all, trial.number() + 1),
                epochs.stream()
                        .map(epoch -> new Epoch(epoch.epoch(), epoch.phase(), epoch.metrics()))
                        .toList(),
                predictions.isEmpty() ? null : PredictionsView.of(sweep.classes(), predictions),
                predictions.isEmpty() ? null : Calibration.of(predictions),
                sweep.featureGroups().stream()
                        .filter(group -> group.key().equals(trial.featureGroup()))
                        .findFirst()
                        .orElse(null),
                AttemptView.of(attempts),
                kin,
                sweep.provenance());
    }

    private static @Nullable String withNumber(List<TrialLine> all, int number) {
        return all.stream()
                .filter(trial -> trial.number() == number)
                .map(TrialLine::id)
                .findFirst()
                .orElse(null);
    }

    /** What a trial's page says of its sweep. */
    record Sweep(
            String id,
            String name,
            String metric,
            String goal,
            String fileName,
            int trials,
            @Nullable String bestTrial) {}

    /** One epoch. */
    record Epoch(int epoch, int phase, Map<String, Double> metrics) {}
}
