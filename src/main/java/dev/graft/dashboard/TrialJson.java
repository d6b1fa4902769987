package dev.graft.dashboard;

import dev.graft.track.EpochRecord;
import dev.graft.track.FeatureGroupRecord;
import dev.graft.track.Prediction;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything known of one trial.
 *
 * @param trial the trial as the sweep lists it
 * @param seed the trial's seed as text, because a browser's numbers have 53 bits
 * @param epochs what each epoch recorded, without the counts per class
 * @param evaluation what its kept epoch predicted; null before there are predictions
 */
record TrialJson(
        Sweep sweep,
        SweepJson.Trial trial,
        String seed,
        @Nullable String previous,
        @Nullable String next,
        List<String> classes,
        List<Epoch> epochs,
        @Nullable Evaluation evaluation,
        @Nullable FeatureGroupRecord featureGroup,
        Map<String, String> provenance) {

    static TrialJson of(
            SweepRecord sweep,
            TrialRecord trial,
            List<TrialRecord> all,
            List<FeatureGroupRecord> groups,
            List<EpochRecord> epochs,
            List<Prediction> predictions) {
        Ranking ranking = new Ranking(sweep, all);
        return new TrialJson(
                new Sweep(
                        sweep.id(),
                        sweep.name(),
                        sweep.metric(),
                        sweep.goal(),
                        sweep.fileName(),
                        all.size(),
                        ranking.best().map(TrialRecord::id).orElse(null)),
                SweepJson.Trial.of(trial, ranking.ranks().get(trial.id())),
                Long.toString(trial.seed()),
                withNumber(all, trial.number() - 1),
                withNumber(all, trial.number() + 1),
                sweep.classes(),
                epochs.stream()
                        .map(epoch -> new Epoch(epoch.epoch(), epoch.phase(), epoch.metrics()))
                        .toList(),
                predictions.isEmpty() ? null : Evaluation.of(sweep.classes(), predictions),
                groups.stream()
                        .filter(group -> group.key().equals(trial.featureGroup()))
                        .findFirst()
                        .orElse(null),
                new TreeMap<>(sweep.provenance()));
    }

    private static @Nullable String withNumber(List<TrialRecord> all, int number) {
        return all.stream()
                .filter(trial -> trial.number() == number)
                .map(TrialRecord::id)
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
