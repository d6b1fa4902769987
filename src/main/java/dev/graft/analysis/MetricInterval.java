package dev.graft.analysis;

import dev.graft.analysis.Comparison.Side;
import dev.graft.track.Prediction;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Where a trial's metric would lie on other images of the kind: only what its predictions give again is judged by them. */
final class MetricInterval {

    private MetricInterval() {}

    /** Returns the interval of a metric's value; null where the predictions do not give that value again. */
    static Comparison.@Nullable Interval of(String name, Side side, double value) {
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
        BootstrapInterval interval = BootstrapInterval.of(images, statistic, Comparison.SEED);
        return new Comparison.Interval(interval.low(), interval.high());
    }

    private static boolean near(double value, double other) {
        return Math.abs(value - other) <= 0.005 * Math.max(1, Math.abs(value));
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
