package dev.graft.dashboard;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.graft.analysis.ParameterValues;
import dev.graft.analysis.Ranking;
import dev.graft.analysis.SweepView;
import dev.graft.analysis.TimeLeft;
import dev.graft.analysis.TrialView;
import dev.graft.analysis.WilsonInterval;
import dev.graft.track.FeatureGroupRecord;
import dev.graft.track.SweepAnnotation;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sweep without its trials, which come by pages.
 *
 * @param sweep as the command line shows it
 * @param name what it is called: the name it was given later, or the recorded one
 * @param recordedName the name of its sweep file
 * @param tags words that people gave it
 * @param archived whether lists leave it out
 * @param notes Markdown; empty for none
 * @param total how many trials it has
 * @param counts how many of them are in each state there is
 * @param best the best finished trial; null while there is none
 * @param interval where the best trial's accuracy lies, with 95 % confidence, were it measured on ever more such images;
 *     null where the metric is no accuracy. Being the best of many, it is somewhat too high.
 * @param parameters what the trials differ in, and what not
 * @param metrics the names of the metrics that are recorded
 * @param groupTrials how many trials each feature group has, by its key
 * @param imagesPerSecond images through the frozen base and what comes before it, of the passes of this sweep; null while
 *     there is none
 * @param etaSeconds how long a running sweep still takes; null where that is not known
 */
record SweepJson(
        @JsonUnwrapped @JsonIgnoreProperties({"trials", "name"})
        SweepView sweep,

        String name,
        String recordedName,
        List<String> tags,
        boolean archived,
        String notes,
        int total,
        Map<String, Integer> counts,
        @Nullable TrialView best,
        @Nullable Interval interval,
        List<ParameterValues> parameters,
        List<String> metrics,
        Map<String, Integer> groupTrials,
        @Nullable Double imagesPerSecond,
        @Nullable Double etaSeconds) {

    /** An accuracy and how sure it is. */
    record Interval(double low, double high, long correct, long images) {}

    static SweepJson of(
            SweepRecord sweep, SweepTrials.Snapshot snapshot, List<FeatureGroupRecord> groups, SweepAnnotation said) {
        List<TrialRecord> trials = snapshot.records();
        List<TrialLine> lines = trials.stream()
                .map(trial -> TrialLine.of(sweep.metric(), trial))
                .toList();
        Map<String, Integer> counts = new LinkedHashMap<>();
        Map<String, Integer> groupTrials = new LinkedHashMap<>();
        for (TrialRecord trial : trials) {
            counts.merge(trial.state().word(), 1, Integer::sum);
            if (!trial.featureGroup().isEmpty() && trial.state() != TrialState.WAITING) {
                groupTrials.merge(trial.featureGroup(), 1, Integer::sum);
            }
        }
        Optional<TrialRecord> best = Ranking.best(sweep, trials);
        return new SweepJson(
                SweepView.of(sweep, lines, List.of(), groups),
                said.nameOf(sweep),
                sweep.name(),
                said.tags(),
                said.archived(),
                said.notes(),
                trials.size(),
                counts,
                best.map(trial -> TrialView.of(trial, 1)).orElse(null),
                best.flatMap(trial -> interval(sweep, trial)).orElse(null),
                snapshot.parameters(),
                List.copyOf(snapshot.metrics()),
                groupTrials,
                imagesPerSecond(groups),
                sweep.state() == SweepState.RUNNING
                        ? TimeLeft.of(sweep, trials).map(TimeLeft::seconds).orElse(null)
                        : null);
    }

    private static Optional<Interval> interval(SweepRecord sweep, TrialRecord best) {
        String images = sweep.provenance().getOrDefault("validation_images", "");
        double accuracy = best.best()
                .map(epoch -> epoch.metrics().getOrDefault("val_accuracy", Double.NaN))
                .orElse(Double.NaN);
        if (!sweep.metric().equals("val_accuracy") || !images.matches("[1-9][0-9]{0,8}") || Double.isNaN(accuracy)) {
            return Optional.empty();
        }
        long count = Long.parseLong(images);
        long correct = Math.round(accuracy * count);
        WilsonInterval interval = WilsonInterval.of(correct, count);
        return Optional.of(new Interval(interval.low(), interval.high(), correct, count));
    }

    private static @Nullable Double imagesPerSecond(List<FeatureGroupRecord> groups) {
        double images = 0;
        double seconds = 0;
        for (FeatureGroupRecord group : groups) {
            double took = group.decodeSeconds() + group.prefixSeconds();
            if (!group.cacheHit() && took > 0) {
                images += group.images();
                seconds += took;
            }
        }
        return seconds > 0 ? images / seconds : null;
    }
}
