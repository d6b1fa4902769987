package dev.graft.plan;

import dev.graft.search.Trial;
import dev.graft.spec.TrialParameters.Pooling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a sweep shares, and the order in which it runs: passes of small images first, so that results come early, and
 * within a pass trials without fine-tuning first.
 *
 * @param passes the runs of frozen bases, in order
 */
public record Plan(List<FrozenPass> passes) {

    /** Copies the list. */
    public Plan {
        passes = List.copyOf(passes);
    }

    private record PassKey(String base, int imageSize) {}

    private record GroupKey(int fineTuneDepth, String pooling) {}

    /** Groups trials by what they share. */
    public static Plan of(List<Trial> trials) {
        Map<PassKey, Map<GroupKey, List<Trial>>> byPass = new LinkedHashMap<>();
        for (Trial trial : trials) {
            var parameters = trial.parameters();
            int depth = parameters.fineTuneDepth();
            GroupKey group = new GroupKey(depth, depth > 0 ? "none" : pooling(parameters.pooling()));
            byPass.computeIfAbsent(
                            new PassKey(parameters.base(), parameters.imageSize()), unused -> new LinkedHashMap<>())
                    .computeIfAbsent(group, unused -> new ArrayList<>())
                    .add(trial);
        }
        List<FrozenPass> passes = new ArrayList<>();
        byPass.forEach((pass, groups) -> {
            List<FeatureGroup> list = new ArrayList<>();
            // Trials with a tail train their head first, on the features of the base's end.
            TreeSet<String> poolings = new TreeSet<>();
            groups.forEach((group, members) -> {
                list.add(new FeatureGroup(
                        pass.base(), pass.imageSize(), group.fineTuneDepth(), group.pooling(), members));
                members.forEach(trial -> poolings.add(pooling(trial.parameters().pooling())));
            });
            list.sort(Comparator.comparingInt(FeatureGroup::fineTuneDepth).thenComparing(FeatureGroup::pooling));
            passes.add(new FrozenPass(pass.base(), pass.imageSize(), List.copyOf(poolings), list));
        });
        passes.sort(Comparator.comparingInt(FrozenPass::imageSize));
        return new Plan(passes);
    }

    /** Returns how features are pooled for a head: {@code none} for flatten. */
    public static String pooling(Pooling pooling) {
        return pooling == Pooling.FLATTEN ? "none" : pooling.name().toLowerCase(Locale.ROOT);
    }

    /** Returns all groups, in order. */
    public List<FeatureGroup> groups() {
        return passes.stream().flatMap(pass -> pass.groups().stream()).toList();
    }

    /** Returns the number of trials. */
    public int trials() {
        return passes.stream().mapToInt(FrozenPass::trials).sum();
    }
}
