package dev.graft.analysis;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.track.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a trial is right as often as it is sure: the reliability diagram and the expected calibration error of Guo,
 * Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks" (2017), section 2.
 *
 * @param images how many predictions there are
 * @param accuracy the fraction that is right, in [0, 1]; null for none
 * @param meanConfidence the mean of the confidences, in [0, 1]; null for none
 * @param expectedError the mean distance of accuracy and confidence over the bins, weighed by their images, in [0, 1];
 *     null for none
 * @param largestError the largest such distance of a bin; null for none
 * @param bins of equal width from 0 to 1, those without images too
 * @param sentence what it means
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Calibration(
        int images,
        @Nullable Double accuracy,
        @Nullable Double meanConfidence,
        @Nullable Double expectedError,
        @Nullable Double largestError,
        List<Bin> bins,
        String sentence) {

    /** As many as in the paper. */
    private static final int BINS = 15;

    /** With fewer, chance alone makes errors of several per cent. */
    private static final int FEW = 100;

    /** Copies the list. */
    public Calibration {
        bins = List.copyOf(bins);
    }

    /**
     * Predictions of like confidence.
     *
     * @param low the confidences are above it
     * @param high and at most this
     * @param images how many there are
     * @param confidence their mean confidence; null for none
     * @param accuracy the fraction that is right; null for none
     * @param interval where that lies, with 95 % confidence; null for none
     */
    public record Bin(
            double low,
            double high,
            int images,
            @Nullable Double confidence,
            @Nullable Double accuracy,
            @Nullable WilsonInterval interval) {}

    /** Looks at predictions with the paper's 15 bins. */
    public static Calibration of(List<Prediction> predictions) {
        return of(predictions, BINS);
    }

    /**
     * Looks at predictions.
     *
     * @param count how many bins, at least 1
     */
    public static Calibration of(List<Prediction> predictions, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("there must be at least 1 bin, but there are " + count);
        }
        int[] images = new int[count];
        int[] correct = new int[count];
        double[] confidences = new double[count];
        int allCorrect = 0;
        double allConfidences = 0;
        for (Prediction prediction : predictions) {
            int bin = bin(prediction.confidence(), count);
            boolean right = prediction.label() == prediction.predicted();
            images[bin]++;
            correct[bin] += right ? 1 : 0;
            allCorrect += right ? 1 : 0;
            confidences[bin] += prediction.confidence();
            allConfidences += prediction.confidence();
        }
        List<Bin> bins = new ArrayList<>();
        double expected = 0;
        double largest = 0;
        for (int i = 0; i < count; i++) {
            double low = (double) i / count;
            double high = (i + 1.0) / count;
            if (images[i] == 0) {
                bins.add(new Bin(low, high, 0, null, null, null));
                continue;
            }
            double accuracy = (double) correct[i] / images[i];
            double confidence = confidences[i] / images[i];
            double error = Math.abs(accuracy - confidence);
            expected += error * images[i] / predictions.size();
            largest = Math.max(largest, error);
            bins.add(new Bin(low, high, images[i], confidence, accuracy, WilsonInterval.of(correct[i], images[i])));
        }
        int all = predictions.size();
        if (all == 0) {
            return new Calibration(0, null, null, null, null, bins, "There are no predictions to judge.");
        }
        double accuracy = (double) allCorrect / all;
        double confidence = allConfidences / all;
        return new Calibration(
                all, accuracy, confidence, expected, largest, bins, sentence(all, accuracy, confidence, expected));
    }

    /** Upper bounds belong to their bin, as in the paper. */
    private static int bin(double confidence, int count) {
        int bin = (int) Math.ceil(confidence * count) - 1;
        return Math.max(0, Math.min(count - 1, bin));
    }

    private static String sentence(int images, double accuracy, double confidence, double expected) {
        String figures = String.format(
                Locale.ROOT,
                "It is right about %.1f %% of the images and %.1f %% sure on average",
                100 * accuracy,
                100 * confidence);
        String judgement = Math.abs(confidence - accuracy) < 0.02
                ? "neither too sure nor too unsure on the whole"
                : confidence > accuracy ? "too sure of itself" : "less sure than it could be";
        return figures + ": " + judgement + "."
                + String.format(
                        Locale.ROOT,
                        " Its confidence and its accuracy are %.1f percentage points apart, averaged over the bins.",
                        100 * expected)
                + (images < FEW ? " With " + images + " images, chance alone can make such a difference." : "");
    }
}
