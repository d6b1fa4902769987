package dev.graft.run;

import dev.graft.search.Trial;
import dev.graft.spec.Sweep;
import dev.graft.track.TrackReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

    /** Returns, by their numbers, the trials whose results can be taken over, with the trial to take them from. */
    Map<Integer, String> sources(List<Trial> trials, Map<Integer, String> runKeys) {
        Map<Integer, String> sources = new HashMap<>();
        List<KeptModels.Finished> found = new ArrayList<>();
        for (Trial trial : trials) {
            recorded.finished(runKeys.getOrDefault(trial.number(), ""))
                    .flatMap(recorded::trial)
                    .ifPresent(source -> {
                        sources.put(trial.number(), source.id());
                        found.add(KeptModels.Finished.of(source, sweep.metric()));
                    });
        }
        Set<String> lesser = Set.copyOf(KeptModels.superfluous(sweep.keepModels(), sweep.metric(), found));
        sources.values().removeIf(source -> !lesser.contains(source) && !models.hasWhole(source));
        return sources;
    }
}
