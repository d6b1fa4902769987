package dev.graft.plan;

import dev.graft.search.Trial;
import dev.graft.spec.TrialParameters.Pooling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * What a sweep shares: passes of small images first, and within a pass trials without fine-tuning first; in which order
 * they run is for {@link Turn} to say. Within a group the trials are shuffled by their seed, so that an early look at a
 * sweep does not see the first values of its grid alone.
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
                        pass.base(), pass.imageSize(), group.fineTuneDepth(), group.pooling(), shuffled(members)));
                members.forEach(trial -> poolings.add(pooling(trial.parameters().pooling())));
            });
            list.sort(Comparator.comparingInt(FeatureGroup::fineTuneDepth).thenComparing(FeatureGroup::pooling));
            passes.add(new FrozenPass(pass.base(), pass.imageSize(), List.copyOf(poolings), list));
        });
        passes.sort(Comparator.comparingInt(FrozenPass::imageSize));
        return new Plan(passes);
    }

    /** Orders trials by a hash of seed and number: each keeps its place among the others when trials are added. */
    private static List<Trial> shuffled(List<Trial> trials) {
        return trials.stream()
                .sorted(Comparator.comparingLong((Trial trial) -> new SplittableRandom(
                                        trial.seed() ^ new SplittableRandom(trial.number()).nextLong())
                                .nextLong())
                        .thenComparingInt(Trial::number))
                .toList();
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
