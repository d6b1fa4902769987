package dev.graft.run;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.features.FeatureKey;
import dev.graft.features.FeatureOutput;
import dev.graft.features.FeatureStore;
import dev.graft.features.FrozenBase;
import dev.graft.plan.FeatureGroup;
import dev.graft.plan.FrozenPass;
import dev.graft.search.Trial;
import dev.graft.track.TrackReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a sweep will do and share, with what is in the store already: the JSON of {@code graft plan}.
 *
 * @param trials the number of trials
 * @param featureGroups what they train on; trials with a tail use two: the end of the base, then their cut
 * @param recordedTrials trials whose result is recorded already, so that they are not trained again
 * @param frozenPasses runs of a frozen base over all images that are still to do
 * @param frozenPassesSaved passes that are not needed, counting one for each trial on its own
 */
@JsonNaming(SnakeCaseStrategy.class)
public record SweepPlan(
        int trials, int recordedTrials, List<Group> featureGroups, int frozenPasses, int frozenPassesSaved) {

    /** Copies the list. */
    public SweepPlan {
        featureGroups = List.copyOf(featureGroups);
    }

    /**
     * Features to be shared.
     *
     * @param base the base's name
     * @param imageSize the images' side in pixels
     * @param cut where the frozen prefix ends, with the pooling stored
     * @param trials trials whose features these are; 0 for what only the first phase of tails uses
     * @param images rows, views counted
     * @param bytes on disk
     * @param cached whether they are in the store
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Group(String base, int imageSize, String cut, int trials, long images, long bytes, boolean cached) {}

    /** Looks a setup's features up in a store, and its trials in a record. */
    public static SweepPlan of(SweepSetup setup, FeatureStore store, TrackReader recorded) {
        Set<Integer> known = new HashSet<>();
        for (Trial trial : setup.trials()) {
            if (!recorded.finished(RunKeys.of(setup, trial)).isEmpty()) {
                known.add(trial.number());
            }
        }
        List<Group> groups = new ArrayList<>();
        int passes = 0;
        for (FrozenPass pass : setup.plan().passes()) {
            FrozenBase base = setup.base(pass.base(), pass.imageSize());
            Map<FeatureOutput, Integer> trials = new LinkedHashMap<>();
            setup.outputs(pass).forEach(output -> trials.put(output, 0));
            for (FeatureGroup group : pass.groups()) {
                trials.merge(setup.output(group), group.trials().size(), Integer::sum);
            }
            boolean missing = false;
            for (Map.Entry<FeatureOutput, Integer> entry : trials.entrySet()) {
                FeatureKey key = setup.source().key(base, entry.getKey());
                boolean cached = store.contains(key);
                missing |= !cached;
                groups.add(new Group(
                        pass.base(),
                        pass.imageSize(),
                        key.cutName(),
                        entry.getValue(),
                        setup.source().passImages(),
                        setup.source().bytes(base, entry.getKey()),
                        cached));
            }
            boolean toTrain = pass.groups().stream()
                    .flatMap(group -> group.trials().stream())
                    .anyMatch(trial -> !known.contains(trial.number()));
            passes += missing && toTrain ? 1 : 0;
        }
        int count = setup.trials().size();
        return new SweepPlan(
                count, known.size(), groups, passes, setup.source().settings().live() ? 0 : count - passes);
    }
}
