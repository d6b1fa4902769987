package dev.graft.run;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.features.FeatureKey;
import dev.graft.features.FeatureOutput;
import dev.graft.features.FeatureStore;
import dev.graft.features.FrozenBase;
import dev.graft.plan.Estimate;
import dev.graft.plan.Estimates;
import dev.graft.plan.Estimates.Choice;
import dev.graft.plan.FeatureGroup;
import dev.graft.plan.FrozenPass;
import dev.graft.plan.GroupWork;
import dev.graft.plan.PassWork;
import dev.graft.plan.Rates;
import dev.graft.plan.Turn;
import dev.graft.search.Trial;
import dev.graft.track.TrackReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a sweep will do and share, with what is in the store already: the JSON of {@code graft plan}.
 *
 * @param trials the number of trials
 * @param featureGroups what they train on; trials with a tail use two: the end of the base, then their cut
 * @param recordedTrials trials whose result is recorded already, so that they are not trained again
 * @param frozenPasses runs of a frozen base over all images that are still to do
 * @param frozenPassesSaved passes that are not needed, counting one for each trial on its own
 * @param passes the frozen passes, in the order in which they begin
 * @param estimate what the whole sweep will take
 * @param room bytes that the feature store can take
 */
@JsonNaming(SnakeCaseStrategy.class)
public record SweepPlan(
        int trials,
        int recordedTrials,
        List<Group> featureGroups,
        int frozenPasses,
        int frozenPassesSaved,
        List<Pass> passes,
        Estimate estimate,
        long room) {

    /** Copies the lists. */
    public SweepPlan {
        featureGroups = List.copyOf(featureGroups);
        passes = List.copyOf(passes);
    }

    /**
     * A run of a frozen base over the images.
     *
     * @param base the base's name
     * @param imageSize the images' side in pixels
     * @param images through the base, views counted
     * @param needed whether it has to run: something is missing that a trial waits for
     * @param estimate what it will take
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Pass(String base, int imageSize, long images, boolean needed, Estimate estimate) {}

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
     * @param trialsToTrain those of the trials that are not recorded yet
     * @param estimate what training them will take
     * @param choice whether the features are better stored than computed anew in every epoch
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Group(
            String base,
            int imageSize,
            String cut,
            int trials,
            long images,
            long bytes,
            boolean cached,
            int trialsToTrain,
            Estimate estimate,
            Choice choice) {}

    /** What a group's output and trials come to. */
    private record Output(int trials, int toTrain, Estimate estimate, Optional<GroupWork> work) {

        private static final Output UNUSED = new Output(0, 0, Estimate.NONE, Optional.empty());
    }

    /**
     * Looks a setup's features up in a store, and its trials in a record.
     *
     * @param limit the most bytes the store may take; empty for no limit
     * @param rates what work takes on this machine
     * @param workers how many will work at once
     */
    public static SweepPlan of(
            SweepSetup setup, FeatureStore store, TrackReader recorded, OptionalLong limit, Rates rates, int workers) {
        Set<Integer> known = new HashSet<>();
        for (Trial trial : setup.trials()) {
            if (!recorded.finished(RunKeys.of(setup, trial)).isEmpty()) {
                known.add(trial.number());
            }
        }
        List<PassWork> work = SweepWork.of(setup, store, trial -> !known.contains(trial.number()));
        long room = Outlook.room(store, limit);
        List<Group> groups = new ArrayList<>();
        List<Pass> passes = new ArrayList<>();
        for (int p : passOrder(Outlook.turns(work, rates, room))) {
            FrozenPass pass = setup.plan().passes().get(p);
            PassWork passWork = work.get(p);
            passes.add(new Pass(
                    pass.base(),
                    pass.imageSize(),
                    passWork.images(),
                    passWork.needed(),
                    Estimates.pass(passWork, rates)));
            outputs(setup, pass, passWork, rates)
                    .forEach((output, trials) ->
                            groups.add(group(setup, pass, passWork, output, trials, store, room, rates)));
        }
        int needed = (int) passes.stream().filter(Pass::needed).count();
        int count = setup.trials().size();
        return new SweepPlan(
                count,
                known.size(),
                groups,
                needed,
                setup.source().settings().live() ? 0 : count - needed,
                passes,
                Estimates.sweep(work, rates, workers),
                room);
    }

    private static Set<Integer> passOrder(List<Turn> turns) {
        Set<Integer> passes = new LinkedHashSet<>();
        turns.forEach(turn -> passes.add(turn.pass()));
        return passes;
    }

    private static Map<FeatureOutput, Output> outputs(SweepSetup setup, FrozenPass pass, PassWork work, Rates rates) {
        Map<FeatureOutput, Output> outputs = new LinkedHashMap<>();
        setup.outputs(pass).forEach(output -> outputs.put(output, Output.UNUSED));
        for (int g = 0; g < pass.groups().size(); g++) {
            FeatureGroup group = pass.groups().get(g);
            GroupWork groupWork = work.groups().get(g);
            outputs.put(
                    setup.output(group),
                    new Output(
                            group.trials().size(),
                            groupWork.trials(),
                            Estimates.group(work, groupWork, rates),
                            Optional.of(groupWork)));
        }
        return outputs;
    }

    private static Group group(
            SweepSetup setup,
            FrozenPass pass,
            PassWork work,
            FeatureOutput output,
            Output trials,
            FeatureStore store,
            long room,
            Rates rates) {
        FrozenBase base = setup.base(pass.base(), pass.imageSize());
        FeatureKey key = setup.source().key(base, output);
        long bytes = setup.source().bytes(base, output);
        // What only the first phase of tails reads is a vector an image: there is nothing to weigh.
        Choice choice = trials.work()
                .map(group -> Estimates.choice(work, group, room, rates))
                .orElseGet(() -> new Choice(true, bytes <= room, 0, 0));
        return new Group(
                pass.base(),
                pass.imageSize(),
                key.cutName(),
                trials.trials(),
                setup.source().passImages(),
                bytes,
                store.contains(key),
                trials.toTrain(),
                trials.estimate(),
                choice);
    }
}
