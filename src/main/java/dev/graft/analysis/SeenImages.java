package dev.graft.analysis;

import dev.graft.analysis.Comparison.Side;
import dev.graft.track.Prediction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The images that compared trials have predicted, each trial's joined with those of the others. */
final class SeenImages {

    private final List<Side> sides;
    private final List<Map<String, Seen>> seen;
    private final Set<String> shared;

    SeenImages(List<Side> sides) {
        this.sides = sides;
        this.seen = sides.stream().map(SeenImages::seen).toList();
        this.shared = shared(seen);
    }

    /**
     * An image and what a trial takes it for.
     *
     * @param position its place among the trial's predictions, from 0
     */
    record Seen(String label, String predicted, int position, Prediction prediction) {

        boolean right() {
            return label.equals(predicted);
        }
    }

    /** Returns the images of the trial at a place, in their order; empty where it has no predictions. */
    Map<String, Seen> of(int place) {
        return seen.get(place);
    }

    /** Returns how many images every trial with predictions has predicted. */
    int shared() {
        return shared.size();
    }

    /** Returns the most images that one of the trials has predicted. */
    int most() {
        return seen.stream().mapToInt(Map::size).max().orElse(0);
    }

    /** Returns whether every trial with predictions has predicted the shared images and no other. */
    boolean areTheSame() {
        return seen.stream().allMatch(each -> each.isEmpty() || each.size() == shared.size());
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

    /** Returns the images that every trial with predictions has predicted, in the order of the first such trial. */
    private static Set<String> shared(List<Map<String, Seen>> seen) {
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

    /** Returns how well each class is recognized on the shared images. */
    List<Comparison.ClassRow> classes() {
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

    /** Returns the images that not all take for the same, those that divide them most first. */
    List<Comparison.Disagreement> disagreements() {
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
                        Comparator.comparingDouble(SeenImages::conviction).reversed()));
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
}
