package dev.graft.run;

import dev.graft.search.Trial;
import dev.graft.spec.Sweep;
import dev.graft.track.TrackReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds trials whose results are recorded already. Nothing is trained twice: a result is taken over also where its weights
 * were dropped, as those of lesser trials are ({@code keep_models}), or are damaged. Of equal trials the newest with whole
 * weights counts.
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
        Map<Integer, List<String>> equal = new HashMap<>();
        Map<Integer, String> sources = new HashMap<>();
        List<KeptModels.Finished> found = new ArrayList<>();
        for (Trial trial : trials) {
            List<String> ids = recorded.finished(runKeys.getOrDefault(trial.number(), ""));
            Optional<String> first = ids.stream().filter(models::has).findFirst();
            first.or(() -> ids.stream().findFirst()).flatMap(recorded::trial).ifPresent(source -> {
                equal.put(trial.number(), ids);
                sources.put(trial.number(), source.id());
                found.add(KeptModels.Finished.of(source, sweep.metric()));
            });
        }
        Set<String> lesser = Set.copyOf(KeptModels.superfluous(sweep.keepModels(), sweep.metric(), found));
        for (Map.Entry<Integer, List<String>> entry : equal.entrySet()) {
            if (!lesser.contains(sources.get(entry.getKey()))) {
                // Weights are read whole to see it: not those of the lesser ones, which may be thousands.
                entry.getValue().stream()
                        .filter(models::hasWhole)
                        .findFirst()
                        .ifPresent(id -> sources.put(entry.getKey(), id));
            }
        }
        return sources;
    }
}
