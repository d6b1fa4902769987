package dev.graft.analysis;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.track.Prediction;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two to six trials side by side. What is said of images is said of those that every trial with predictions has
 * predicted, so that all are judged by the same ones. Lists with one entry for each trial have the order of the trials.
 *
 * @param trials the trials, in the order asked for
 * @param metric the ranking metric of the reference's sweep
 * @param goal {@code maximize} or {@code minimize}
 * @param reference the id of the trial that the others are compared with
 * @param parameters every parameter that a trial's sweep names
 * @param metrics every metric at the best epoch
 * @param images on how many images the trials are compared
 * @param imagesSentence what that means
 * @param classes how well each class is recognized, in label order of the first sweep
 * @param pairs every other trial against the reference
 * @param disagreements images that not all trials take for the same, those that divide them most first; not more than
 *     {@value #MOST_DISAGREEMENTS}
 * @param disagree how many such images there are
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Comparison(
        List<Entry> trials,
        String metric,
        String goal,
        String reference,
        List<Parameter> parameters,
        List<Metric> metrics,
        int images,
        String imagesSentence,
        List<ClassRow> classes,
        List<Pair> pairs,
        List<Disagreement> disagreements,
        int disagree) {

    /** Fewer are no comparison. */
    public static final int FEWEST = 2;

    /** More cannot be told apart by eye. */
    public static final int MOST = 6;

    static final int MOST_DISAGREEMENTS = 200;

    /** What resampling begins with: any will do, as long as it is the same the next time. */
    static final long SEED = 1979;

    /** Copies the lists. */
    public Comparison {
        trials = List.copyOf(trials);
        parameters = List.copyOf(parameters);
        metrics = List.copyOf(metrics);
        classes = List.copyOf(classes);
        pairs = List.copyOf(pairs);
        disagreements = List.copyOf(disagreements);
    }

    /**
     * What is known of a trial.
     *
     * @param sweep the trial's sweep
     * @param sweepName what the sweep is called now, which need not be its recorded name
     * @param trial the trial
     * @param predictions of its kept epoch, in image order; empty where there are none
     */
    public record Side(SweepRecord sweep, String sweepName, TrialRecord trial, List<Prediction> predictions) {

        /** Copies the list. */
        public Side {
            predictions = List.copyOf(predictions);
        }
    }

    /**
     * A trial.
     *
     * @param name what sentences call it: {@code trial 7}, or {@code trial 7 of “clothing”} where sweeps differ
     * @param predictions images it has predicted; 0 where it has no predictions
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Entry(
            String id,
            int number,
            String name,
            String sweep,
            String sweepName,
            String state,
            String reason,
            int epochs,
            int keptEpoch,
            @Nullable Double seconds,
            @Nullable Long modelWeights,
            int predictions) {}

    /**
     * One parameter.
     *
     * @param differs whether it is not the same for all trials
     * @param values one for each trial; null where it has none
     * @param defaults one for each trial: whether its sweep does not name it
     */
    public record Parameter(String name, boolean differs, List<@Nullable Object> values, List<Boolean> defaults) {

        /** Copies the lists. */
        public Parameter {
            values = Collections.unmodifiableList(new ArrayList<>(values));
            defaults = List.copyOf(defaults);
        }
    }

    /**
     * One metric at the best epoch.
     *
     * @param values one for each trial; null where it has none
     * @param intervals where it would lie on other images of the kind, with 95 % confidence: Wilson's for accuracy, the
     *     percentile bootstrap over the images for loss and F1; null where it is not known
     * @param best the places of the trials with the best value, from 0
     */
    public record Metric(
            String name, List<@Nullable Double> values, List<@Nullable Interval> intervals, List<Integer> best) {

        /** Copies the lists. */
        public Metric {
            values = Collections.unmodifiableList(new ArrayList<>(values));
            intervals = Collections.unmodifiableList(new ArrayList<>(intervals));
            best = List.copyOf(best);
        }
    }

    /** Where a value lies. */
    public record Interval(double low, double high) {}

    /**
     * One class, on the images compared.
     *
     * @param support images that are of the class
     * @param trials one report for each trial; null for those without predictions
     */
    public record ClassRow(String name, int support, List<ClassReport.@Nullable Row> trials) {

        /** Copies the list. */
        public ClassRow {
            trials = Collections.unmodifiableList(new ArrayList<>(trials));
        }
    }

    /**
     * A trial against the reference.
     *
     * @param trial the trial's id
     * @param images images that both have predicted
     * @param test McNemar's test: first the reference, then the trial; null without images
     * @param adjusted its probability, with regard to how many such pairs are tested here (Holm 1979); null without images
     * @param difference of the accuracies, the reference's less the trial's; null without images
     * @param distinguishable whether it is more than chance explains
     * @param sentence what it means
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Pair(
            String trial,
            int images,
            @Nullable McNemar test,
            @Nullable Double adjusted,
            @Nullable BootstrapInterval difference,
            boolean distinguishable,
            String sentence) {}

    /**
     * An image that not all take for the same.
     *
     * @param image the path below the data folder
     * @param label its class
     * @param right how many trials are right about it
     * @param votes one for each trial; null for those without predictions
     */
    public record Disagreement(String image, String label, int right, List<@Nullable Vote> votes) {

        /** Copies the list. */
        public Disagreement {
            votes = Collections.unmodifiableList(new ArrayList<>(votes));
        }
    }

    /**
     * What a trial takes an image for.
     *
     * @param position the place of the image among the trial's predictions, from 0
     * @param predicted the class
     * @param confidence the probability of that class
     * @param labelProbability the probability of the image's own class
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Vote(int position, String predicted, double confidence, double labelProbability) {}

    /**
     * Compares trials.
     *
     * @param sides {@value #FEWEST} to {@value #MOST} of them
     * @param reference the id of the trial to compare the others with; empty for the best by the metric of the first
     *     trial's sweep, of those with predictions if there are any
     * @throws IllegalArgumentException if there are too few or too many, or the reference is not among them
     */
    public static Comparison of(List<Side> sides, String reference) {
        if (sides.size() < FEWEST || sides.size() > MOST) {
            throw new IllegalArgumentException(
                    FEWEST + " to " + MOST + " trials can be compared, but there are " + sides.size());
        }
        return new SideBySide(sides, reference).compare();
    }

    static List<Integer> places(int count) {
        Integer[] places = new Integer[count];
        Arrays.setAll(places, i -> i);
        return List.of(places);
    }
}
