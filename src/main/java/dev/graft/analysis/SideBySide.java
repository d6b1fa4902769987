package dev.graft.analysis;

import dev.graft.analysis.Comparison.Side;
import dev.graft.spec.Metric.Goal;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Works out a {@link Comparison}. */
final class SideBySide {

    private final List<Side> sides;
    private final SeenImages seen;
    private final List<String> names;
    private final Side reference;
    private final dev.graft.spec.Metric metric;

    SideBySide(List<Side> sides, String reference) {
        this.sides = sides;
        this.seen = new SeenImages(sides);
        this.names = ComparisonWords.names(sides);
        dev.graft.spec.Metric first = Ranking.metric(sides.get(0).sweep());
        this.reference = reference.isEmpty()
                ? best(first)
                : sides.stream()
                        .filter(side -> side.trial().id().equals(reference))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "the reference must be one of the trials compared, but was " + reference));
        this.metric = Ranking.metric(this.reference.sweep());
    }

    Comparison compare() {
        List<Comparison.Disagreement> disagreements = seen.disagreements();
        return new Comparison(
                entries(),
                metric.name(),
                metric.goal().name().toLowerCase(Locale.ROOT),
                reference.trial().id(),
                parameters(),
                metrics(),
                seen.shared(),
                ComparisonWords.images(names, seen),
                seen.classes(),
                pairs(),
                disagreements.stream().limit(Comparison.MOST_DISAGREEMENTS).toList(),
                disagreements.size());
    }

    private Side best(dev.graft.spec.Metric by) {
        List<Side> candidates =
                sides.stream().filter(side -> !side.predictions().isEmpty()).toList();
        Side best = candidates.isEmpty() ? sides.get(0) : candidates.get(0);
        for (Side side : candidates.isEmpty() ? sides : candidates) {
            if (by.isBetter(value(side, by.name()), value(best, by.name()))) {
                best = side;
            }
        }
        return best;
    }

    private static double value(Side side, String name) {
        return TrialLine.of(name, side.trial()).value();
    }

    private List<Comparison.Entry> entries() {
        List<Comparison.Entry> entries = new ArrayList<>();
        for (int i = 0; i < sides.size(); i++) {
            Side side = sides.get(i);
            TrialRecord trial = side.trial();
            entries.add(new Comparison.Entry(
                    trial.id(),
                    trial.number(),
                    names.get(i),
                    side.sweep().id(),
                    side.sweepName(),
                    trial.state().word(),
                    trial.reason(),
                    trial.epochs(),
                    trial.keptEpoch(),
                    Finite.orNull(trial.seconds().getOrDefault("total", Double.NaN)),
                    Finite.orNull(trial.modelWeights()),
                    side.predictions().size()));
        }
        return entries;
    }

    private List<Comparison.Parameter> parameters() {
        Set<String> all = new LinkedHashSet<>();
        sides.forEach(side -> all.addAll(side.trial().parameters().keySet()));
        List<Comparison.Parameter> parameters = new ArrayList<>();
        for (String name : all) {
            List<@Nullable Object> values = new ArrayList<>();
            List<Boolean> defaults = new ArrayList<>();
            for (Side side : sides) {
                values.add(Levels.of(side.trial(), name));
                defaults.add(!side.trial().parameters().containsKey(name));
            }
            boolean differs = values.stream().anyMatch(value -> !Objects.equals(value, values.get(0)));
            parameters.add(new Comparison.Parameter(name, differs, values, defaults));
        }
        return parameters;
    }

    private List<Comparison.Metric> metrics() {
        Set<String> all = new LinkedHashSet<>(List.of(metric.name()));
        Set<String> known = new LinkedHashSet<>();
        sides.forEach(side -> side.trial()
                .best()
                .ifPresent(epoch -> known.addAll(epoch.metrics().keySet())));
        // What the optimizer did in that epoch is no result.
        known.remove("learning_rate");
        all.addAll(TrialFilter.METRICS.stream().filter(known::contains).toList());
        all.addAll(known);
        return all.stream().map(this::metric).toList();
    }

    private Comparison.Metric metric(String name) {
        Goal goal = TrialGroups.goal(reference.sweep(), name);
        List<@Nullable Double> values = new ArrayList<>();
        List<Comparison.@Nullable Interval> intervals = new ArrayList<>();
        dev.graft.spec.Metric order = new dev.graft.spec.Metric(name, goal);
        double best = Double.NaN;
        for (Side side : sides) {
            double value = value(side, name);
            values.add(Finite.orNull(value));
            intervals.add(MetricInterval.of(name, side, value));
            if (order.isBetter(value, best)) {
                best = value;
            }
        }
        double winner = best;
        return new Comparison.Metric(
                name,
                values,
                intervals,
                Comparison.places(sides.size()).stream()
                        .filter(i -> value(sides.get(i), name) == winner)
                        .toList());
    }

    private List<Comparison.Pair> pairs() {
        int referencePlace = sides.indexOf(reference);
        String referenceName = names.get(referencePlace);
        Map<Integer, PairTest> tests = PairTest.of(seen, sides.size(), referencePlace);
        List<Comparison.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < sides.size(); i++) {
            if (i == referencePlace) {
                continue;
            }
            Side side = sides.get(i);
            String trial = side.trial().id();
            String name = names.get(i);
            PairTest test = tests.get(i);
            pairs.add(
                    test == null
                            ? new Comparison.Pair(
                                    trial,
                                    0,
                                    null,
                                    null,
                                    null,
                                    false,
                                    ComparisonWords.noVerdict(reference, side, referenceName, name))
                            : new Comparison.Pair(
                                    trial,
                                    test.images(),
                                    test.test(),
                                    test.adjusted(),
                                    test.difference(),
                                    test.isDistinguishable(),
                                    ComparisonWords.verdict(test, referenceName, name)));
        }
        return pairs;
    }
}
