package dev.graft.analysis;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.track.Prediction;
import java.util.Comparator;
import java.util.List;

/**
 * What the recorded predictions of a trial amount to.
 *
 * @param images how many were predicted
 * @param correct how many rightly
 * @param interval where the accuracy lies, with 95 % confidence
 * @param matrix image counts, {@code [actual][predicted]}
 * @param classes each class by itself, in label order
 * @param mistakes the wrong predictions of highest confidence, the most confident first; not more than 60
 */
@JsonNaming(SnakeCaseStrategy.class)
public record PredictionsView(
        int images,
        int correct,
        WilsonInterval interval,
        int[][] matrix,
        List<ClassReport.Row> classes,
        List<Mistake> mistakes) {

    private static final int MAX_MISTAKES = 60;

    /** Copies the lists. */
    public PredictionsView {
        classes = List.copyOf(classes);
        mistakes = List.copyOf(mistakes);
    }

    /**
     * A wrong prediction.
     *
     * @param image the path below the data folder
     * @param label the class it is of
     * @param predicted the class it was taken for
     * @param confidence the probability of that class, in [0, 1]
     * @param labelProbability the probability of its own class, in [0, 1]
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Mistake(String image, String label, String predicted, double confidence, double labelProbability) {}

    /**
     * Makes the view of one trial's predictions.
     *
     * @param classes the class names, in label order
     * @param predictions what is recorded
     */
    public static PredictionsView of(List<String> classes, List<Prediction> predictions) {
        int[][] matrix = Confusion.of(predictions, classes.size());
        List<Prediction> wrong = predictions.stream()
                .filter(prediction -> prediction.label() != prediction.predicted())
                .toList();
        int correct = predictions.size() - wrong.size();
        return new PredictionsView(
                predictions.size(),
                correct,
                WilsonInterval.of(correct, predictions.size()),
                matrix,
                ClassReport.of(classes, matrix).rows(),
                wrong.stream()
                        .sorted(Comparator.comparingDouble(Prediction::confidence)
                                .reversed())
                        .limit(MAX_MISTAKES)
                        .map(prediction -> new Mistake(
                                prediction.image(),
                                classes.get(prediction.label()),
                                classes.get(prediction.predicted()),
                                prediction.confidence(),
                                prediction.labelProbability()))
                        .toList());
    }
}
