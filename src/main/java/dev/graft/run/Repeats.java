package dev.graft.run;

import dev.graft.search.Trial;
import dev.graft.spec.Metric;
import dev.graft.spec.Sweep;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds trials whose results are recorded already. Weights of lesser trials are dropped after a while, which does not
 * matter as long as they stay lesser ones: only those that would be among the best of the taken-over results, and whose
 * weights are gone, are trained again, so that the best can always be exported.
 */
final class Repeats {

    private final TrackReader recorded;
    private final TrialModels models;
    private final Sweep sweep;

    Repeats(TrackReader recorded, TrialModels models, Sweep sweep) {
        this.recorded = recorded;
        this.models = models;
        this.sweep = sweep;
    }

    private record Found(Trial trial, String source, double value) {}

    /** Returns, by their numbers, the trials whose results can be taken over, with the trial to take them from. */
    Map<Integer, String> sources(List<Trial> trials, Map<Integer, String> runKeys) {
        List<Found> found = new ArrayList<>();
        for (Trial trial : trials) {
            Optional<String> source = recorded.finished(runKeys.getOrDefault(trial.number(), ""));
            source.flatMap(recorded::trial)
                    .ifPresent(record -> found.add(new Found(trial, record.id(), value(record, sweep.metric()))));
        }
        Metric metric = sweep.metric();
        found.sort(
                (a, b) -> metric.isBetter(a.value(), b.value()) ? -1 : metric.isBetter(b.value(), a.value()) ? 1 : 0);
        Map<Integer, String> sources = new HashMap<>();
        for (int place = 0; place < found.size(); place++) {
            Found one = found.get(place);
            boolean needed = place < sweep.keepModels().orElse(Integer.MAX_VALUE);
            if (!needed || models.hasWhole(one.source())) {
                sources.put(one.trial().number(), one.source());
            }
        }
        return sources;
    }

    /** Returns a trial's value at its best epoch, NaN where it has none. */
    static double value(TrialRecord record, Metric metric) {
        return record.best()
                .map(best -> best.metrics().getOrDefault(metric.name(), Double.NaN))
                .orElse(Double.NaN);
    }
}
