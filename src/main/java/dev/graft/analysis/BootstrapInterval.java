package dev.graft.analysis;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * The 95 % confidence interval of a statistic by the percentile bootstrap (Efron 1979): what it is of is drawn with
 * replacement, many times, and the interval leaves out the extreme 2.5 % of what the draws give at either end. Equal seeds
 * give equal intervals.
 *
 * @param value the statistic of what there is
 * @param low the lower bound
 * @param high the upper bound
 */
public record BootstrapInterval(double value, double low, double high) {

    private static final int RESAMPLES = 5000;
    private static final int LEAST_RESAMPLES = 1000;

    /** Draws in all: some hundredths of a second. */
    private static final int WORK = 2_000_000;

    private static final double TAIL = 0.025;

    /**
     * Computes the interval of the mean of differences between pairs.
     *
     * @param differences one for each pair, at least one
     */
    public static BootstrapInterval of(double[] differences, long seed) {
        return of(
                differences.length,
                drawn -> {
                    double sum = 0;
                    for (int each : drawn) {
                        sum += differences[each];
                    }
                    return sum / drawn.length;
                },
                seed);
    }

    /**
     * Computes the interval of any statistic.
     *
     * @param count how many things it is of, at least one
     * @param statistic of some of the things, by their indexes; the array is used again for the next ones
     */
    static BootstrapInterval of(int count, ToDoubleFunction<int[]> statistic, long seed) {
        if (count == 0) {
            throw new IllegalArgumentException("there must be at least one to draw");
        }
        int resamples = Math.max(LEAST_RESAMPLES, Math.min(RESAMPLES, WORK / count));
        SplittableRandom random = new SplittableRandom(seed);
        int[] drawn = new int[count];
        Arrays.setAll(drawn, i -> i);
        double whole = statistic.applyAsDouble(drawn);
        double[] found = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            for (int j = 0; j < count; j++) {
                drawn[j] = random.nextInt(count);
            }
            found[i] = statistic.applyAsDouble(drawn);
        }
        Arrays.sort(found);
        return new BootstrapInterval(whole, quantile(found, TAIL), quantile(found, 1 - TAIL));
    }

    /** Interpolates between the two nearest, as R's type 7. */
    private static double quantile(double[] sorted, double fraction) {
        double place = fraction * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
