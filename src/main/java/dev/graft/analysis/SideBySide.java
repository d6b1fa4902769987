package dev.graft.analysis;

import dev.graft.analysis.Comparison.Side;
import dev.graft.spec.Metric.Goal;
import dev.graft.track.Prediction;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Works out a {@link Comparison}. */
final class SideBySide {

    /** Any will do, as long as it is the same the next time. */
    private static final long SEED = 1979;

    private final List<Side> sides;
    private final List<Map<String, Seen>> seen;
    private final List<String> names;
    private final Side reference;
    private final dev.graft.spec.Metric metric;

    SideBySide(List<Side> sides, String reference) {
        this.sides = sides;
        this.seen = sides.stream().map(SideBySide::seen).toList();
        this.names = names(sides);
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

    /**
     * An image and what a trial takes it for.
     *
     * @param position its place among the trial's predictions, from 0
     */
    private record Seen(String label, String predicted, int position, Prediction prediction) {

        boolean right() {
            return label.equals(predicted);
        }
    }

    Comparison compare() {
        Set<String> shared = shared();
        List<Comparison.Disagreement> disagreements = disagreements(shared);
        return new Comparison(
                entries(),
                metric.name(),
                metric.goal().name().toLowerCase(Locale.ROOT),
                reference.trial().id(),
                parameters(),
                metrics(),
                shared.size(),
                imagesSentence(shared.size()),
                classes(shared),
                pairs(),
                disagreements.stream().limit(Comparison.MOST_DISAGREEMENTS).toList(),
                disagreements.size());
    }

    /** Returns what a trial has predicted, by path and class: an image of another class is another image. */
    private static Map<String, Seen> seen(Side side) {
        List<String> classes = side.sweep().classes();
        Map<String, Seen> seen = new LinkedHashMap<>();
        for (int i = 0; i < side.predictions().size(); i++) {
            Prediction prediction = side.predictions().get(i);
            String label = classes.get(prediction.label());
            seen.put(
                    label + '\n' + prediction.image(),
                    new Seen(label, classes.get(prediction.predicted()), i, prediction));
        }
        return seen;
    }

    private static List<String> names(List<Side> sides) {
        long sweeps = sides.stream().map(side -> side.sweep().id()).distinct().count();
        boolean namesDiffer = sides.stream().map(Side::sweepName).distinct().count() == sweeps;
        return sides.stream()
                .map(side -> "trial " + side.trial().number()
                        + (sweeps == 1
                                ? ""
                                : " of \u201c"
                                        + (namesDiffer
                                                ? side.sweepName()
                                                : side.sweep().id())
                                        + '\u201d'))
                .toList();
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
            intervals.add(interval(name, side, value));
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

    /** Only what the predictions give again may be judged by them. */
    private Comparison.@Nullable Interval interval(String name, Side side, double value) {
        List<Prediction> predictions = side.predictions();
        if (predictions.isEmpty() || !Double.isFinite(value)) {
            return null;
        }
        switch (name) {
            case "val_accuracy" -> {
                long right = predictions.stream()
                        .filter(each -> each.label() == each.predicted())
                        .count();
                WilsonInterval interval = WilsonInterval.of(right, predictions.size());
                return near(value, (double) right / predictions.size())
                        ? new Comparison.Interval(interval.low(), interval.high())
                        : null;
            }
            case "val_loss" -> {
                double[] losses = predictions.stream()
                        .mapToDouble(each -> -Math.log(Math.max(each.labelProbability(), 1e-7)))
                        .toArray();
                return resampled(value, losses.length, drawn -> {
                    double sum = 0;
                    for (int each : drawn) {
                        sum += losses[each];
                    }
                    return sum / drawn.length;
                });
            }
            case "val_macro_f1" -> {
                MacroF1 f1 = new MacroF1(predictions, side.sweep().classes().size());
                return resampled(value, predictions.size(), f1::of);
            }
            default -> {
                return null;
            }
        }
    }

    /** Looks at all images first: resampling takes some thousand times as long. */
    private static Comparison.@Nullable Interval resampled(
            double value, int images, ToDoubleFunction<int[]> statistic) {
        if (!near(value, statistic.applyAsDouble(IntStream.range(0, images).toArray()))) {
            return null;
        }
        BootstrapInterval interval = BootstrapInterval.of(images, statistic, SEED);
        return new Comparison.Interval(interval.low(), interval.high());
    }

    private static boolean near(double value, double other) {
        return Math.abs(value - other) <= 0.005 * Math.max(1, Math.abs(value));
    }

    /** Returns the images that every trial with predictions has predicted, in the order of the first such trial. */
    private Set<String> shared() {
        Set<String> shared = null;
        for (Map<String, Seen> each : seen) {
            if (each.isEmpty()) {
                continue;
            }
            if (shared == null) {
                shared = new LinkedHashSet<>(each.keySet());
            } else {
                shared.retainAll(each.keySet());
            }
        }
        return shared == null ? Set.of() : shared;
    }

    private String imagesSentence(int shared) {
        List<String> without = new ArrayList<>();
        int largest = 0;
        for (int i = 0; i < sides.size(); i++) {
            if (seen.get(i).isEmpty()) {
                without.add(names.get(i));
            }
            largest = Math.max(largest, seen.get(i).size());
        }
        String missing = without.isEmpty()
                ? ""
                : " " + capital(enumeration(without)) + (without.size() == 1 ? " has" : " have")
                        + " no predictions, and cannot be compared image by image.";
        if (sides.size() - without.size() < 2) {
            return without.size() == sides.size()
                    ? "None of the trials has predictions: nothing can be compared image by image."
                    : "Only one of the trials has predictions: nothing can be compared image by image." + missing;
        }
        if (shared == 0) {
            return "These trials have no validation image in common: nothing can be compared image by image." + missing;
        }
        if (seen.stream().allMatch(each -> each.isEmpty() || each.size() == shared)) {
            return "Compared on the same " + images(shared) + "." + missing;
        }
        return "Compared on the " + images(shared) + " that all of them were validated on, of up to " + largest
                + "; images are the same where path and class are." + missing;
    }

    private static String images(int count) {
        return count == 1 ? "1 image" : count + " images";
    }

    private static String enumeration(List<String> words) {
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private List<Comparison.ClassRow> classes(Set<String> shared) {
        if (shared.isEmpty()) {
            return List.of();
        }
        Set<String> labels = new LinkedHashSet<>();
        sides.forEach(side -> labels.addAll(side.sweep().classes()));
        List<String> classes = List.copyOf(labels);
        Map<String, Integer> places = new HashMap<>();
        classes.forEach(name -> places.put(name, places.size()));
        List<@Nullable ClassReport> reports = new ArrayList<>();
        for (Map<String, Seen> each : seen) {
            if (each.isEmpty()) {
                reports.add(null);
                continue;
            }
            int[][] confusion = new int[classes.size()][classes.size()];
            for (String image : shared) {
                Seen one = Objects.requireNonNull(each.get(image));
                confusion[place(places, one.label())][place(places, one.predicted())]++;
            }
            reports.add(ClassReport.of(classes, confusion));
        }
        List<Comparison.ClassRow> rows = new ArrayList<>();
        for (int i = 0; i < classes.size(); i++) {
            List<ClassReport.@Nullable Row> trials = new ArrayList<>();
            int support = 0;
            for (ClassReport report : reports) {
                trials.add(report == null ? null : report.rows().get(i));
                support = report == null ? support : report.rows().get(i).support();
            }
            rows.add(new Comparison.ClassRow(classes.get(i), support, trials));
        }
        return rows;
    }

    private static int place(Map<String, Integer> places, String name) {
        return Objects.requireNonNull(places.get(name));
    }

    /** A trial against the reference before it is known how many tests there are. */
    private record Tested(
            int place,
            int images,
            @Nullable McNemar test,
            @Nullable BootstrapInterval difference) {
        double probability() {
            return test == null ? Double.NaN : test.probability();
        }
    }

    private List<Comparison.Pair> pairs() {
        int referencePlace = sides.indexOf(reference);
        List<Tested> tested = new ArrayList<>();
        for (int i = 0; i < sides.size(); i++) {
            if (i != referencePlace) {
                tested.add(test(i, seen.get(referencePlace), seen.get(i)));
            }
        }
        List<Tested> ordered = tested.stream()
                .filter(pair -> pair.test() != null)
                .sorted(Comparator.comparingDouble(Tested::probability))
                .toList();
        // Holm: the smallest times their number, the next times one less, and none below the one before.
        Map<Integer, Double> adjusted = new HashMap<>();
        double least = 0;
        for (int i = 0; i < ordered.size(); i++) {
            least = Math.max(least, Math.min(1, ordered.get(i).probability() * (ordered.size() - i)));
            adjusted.put(ordered.get(i).place(), least);
        }
        return tested.stream()
                .map(pair -> pair(pair, adjusted.get(pair.place()), ordered.size(), names.get(referencePlace)))
                .toList();
    }

    private static Tested test(int place, Map<String, Seen> first, Map<String, Seen> second) {
        int firstOnly = 0;
        int secondOnly = 0;
        List<Double> differences = new ArrayList<>();
        for (Map.Entry<String, Seen> entry : first.entrySet()) {
            Seen other = second.get(entry.getKey());
            if (other == null) {
                continue;
            }
            boolean left = entry.getValue().right();
            boolean right = other.right();
            firstOnly += left && !right ? 1 : 0;
            secondOnly += right && !left ? 1 : 0;
            differences.add((left ? 1.0 : 0.0) - (right ? 1.0 : 0.0));
        }
        if (differences.isEmpty()) {
            return new Tested(place, 0, null, null);
        }
        double[] all = differences.stream().mapToDouble(Double::doubleValue).toArray();
        return new Tested(place, all.length, McNemar.of(firstOnly, secondOnly), BootstrapInterval.of(all, SEED));
    }

    private Comparison.Pair pair(Tested tested, @Nullable Double adjusted, int tests, String referenceName) {
        Side side = sides.get(tested.place());
        String name = names.get(tested.place());
        McNemar test = tested.test();
        BootstrapInterval difference = tested.difference();
        if (test == null || difference == null || adjusted == null) {
            String why = Stream.of(side, reference)
                            .anyMatch(each -> each.predictions().isEmpty())
                    ? "there are no predictions of " + (side.predictions().isEmpty() ? name : referenceName)
                    : "they share no validation image";
            return new Comparison.Pair(
                    side.trial().id(), 0, null, null, null, false, "Not to be compared image by image: " + why + ".");
        }
        boolean distinguishable = adjusted < McNemar.LEVEL;
        return new Comparison.Pair(
                side.trial().id(),
                tested.images(),
                test,
                adjusted,
                difference,
                distinguishable,
                sentence(tested.images(), test, adjusted, difference, tests, referenceName, name));
    }

    private static String sentence(
            int images,
            McNemar test,
            double adjusted,
            BootstrapInterval difference,
            int tests,
            String referenceName,
            String name) {
        if (test.firstOnly() + test.secondOnly() == 0) {
            return "No difference on " + images(images) + ": " + referenceName + " and " + name
                    + " are right about the same ones.";
        }
        String counts = referenceName + " alone is right about " + test.firstOnly() + ", " + name + " alone about "
                + test.secondOnly();
        String chance = "p\u00a0" + probability(test.probability(), "=\u00a0")
                + (tests > 1 && adjusted >= 0.001
                        ? "; " + probability(adjusted, "") + " as one of " + tests + " tests"
                        : "");
        String interval = points(difference.low()) + " to " + points(difference.high());
        boolean ahead = test.firstOnly() > test.secondOnly();
        if (adjusted >= McNemar.LEVEL && (difference.low() > 0 || difference.high() < 0)) {
            return "Not distinguishable for certain on " + images(images) + ": " + counts + " (" + chance
                    + "). It is a close thing: the interval, taken alone, has "
                    + (ahead ? referenceName : name) + " ahead by "
                    + (ahead ? interval : points(-difference.high()) + " to " + points(-difference.low()))
                    + " percentage points.";
        }
        if (adjusted >= McNemar.LEVEL) {
            return "Not distinguishable on " + images(images) + ": " + counts + " (" + chance
                    + "). The accuracy of " + referenceName + " may be anything from " + interval
                    + " percentage points above that of " + name + ".";
        }
        return capital(ahead ? referenceName : name) + " is better than " + (ahead ? name : referenceName) + " on "
                + images(images) + ": " + counts + " (" + chance + "). Its accuracy is "
                + points(Math.abs(difference.value())) + " percentage points higher, with 95 % confidence "
                + (ahead ? interval : points(-difference.high()) + " to " + points(-difference.low())) + ".";
    }

    /** A real minus sign, and no minus before what rounds to nothing. */
    private static String points(double difference) {
        String text = String.format(Locale.ROOT, "%.1f", 100 * Math.abs(difference));
        return difference < 0 && !text.equals("0.0") ? "\u2212" + text : text;
    }

    private static String probability(double value, String sign) {
        return value < 0.001
                ? "below\u00a00.001"
                : sign + String.format(Locale.ROOT, value < 0.1 ? "%.3f" : "%.2f", value);
    }

    private List<Comparison.Disagreement> disagreements(Set<String> shared) {
        List<Comparison.Disagreement> found = new ArrayList<>();
        for (String image : shared) {
            List<Comparison.@Nullable Vote> votes = new ArrayList<>();
            Set<String> predicted = new LinkedHashSet<>();
            Seen any = null;
            int right = 0;
            for (Map<String, Seen> each : seen) {
                Seen one = each.get(image);
                if (one == null) {
                    votes.add(null);
                    continue;
                }
                any = one;
                right += one.right() ? 1 : 0;
                predicted.add(one.predicted());
                votes.add(new Comparison.Vote(
                        one.position(),
                        one.predicted(),
                        one.prediction().confidence(),
                        one.prediction().labelProbability()));
            }
            if (any != null && predicted.size() > 1) {
                found.add(new Comparison.Disagreement(any.prediction().image(), any.label(), right, votes));
            }
        }
        long voters = seen.stream().filter(each -> !each.isEmpty()).count();
        found.sort(Comparator.comparingDouble((Comparison.Disagreement each) ->
                        each.right() == 0 ? voters : Math.abs(each.right() - voters / 2.0))
                .thenComparing(
                        Comparator.comparingDouble(SideBySide::conviction).reversed()));
        return found;
    }

    /** How sure of themselves those are who say different things. */
    private static double conviction(Comparison.Disagreement disagreement) {
        double sum = 0;
        for (Comparison.Vote vote : disagreement.votes()) {
            sum += vote == null ? 0 : vote.confidence();
        }
        return sum;
    }

    /** The mean F1 of the classes. */
    private static final class MacroF1 {
        private final int[] labels;
        private final int[] predicted;
        private final int classes;

        private MacroF1(List<Prediction> predictions, int classes) {
            this.labels = predictions.stream().mapToInt(Prediction::label).toArray();
            this.predicted =
                    predictions.stream().mapToInt(Prediction::predicted).toArray();
            this.classes = classes;
        }

        double of(int[] drawn) {
            int[] occurrences = new int[classes];
            int[] right = new int[classes];
            for (int each : drawn) {
                occurrences[labels[each]]++;
                occurrences[predicted[each]]++;
                right[labels[each]] += labels[each] == predicted[each] ? 1 : 0;
            }
            double sum = 0;
            for (int label = 0; label < classes; label++) {
                sum += occurrences[label] == 0 ? 0 : 2.0 * right[label] / occurrences[label];
            }
            return sum / classes;
        }
    }
}
