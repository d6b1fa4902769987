package dev.graft.analysis;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The 95 % confidence interval of the mean of differences between pairs, by the percentile bootstrap (Efron 1979): the
 * differences are drawn with replacement, many times, and the interval leaves out the extreme 2.5 % of the means at either
 * end. Equal seeds give equal intervals.
 *
 * @param mean the mean of the differences
 * @param low the lower bound
 * @param high the upper bound
 */
public record BootstrapInterval(double mean, double low, double high) {

    private static final int RESAMPLES = 10_000;
    private static final int LEAST_RESAMPLES = 1000;

    /** Draws in all: some tenths of a second. */
    private static final int WORK = 20_000_000;

    private static final double TAIL = 0.025;

    /**
     * Computes the interval.
     *
     * @param differences one for each pair, at least one
     */
    public static BootstrapInterval of(double[] differences, long seed) {
        if (differences.length == 0) {
            throw new IllegalArgumentException("there must be at least one difference");
        }
        int resamples = Math.max(LEAST_RESAMPLES, Math.min(RESAMPLES, WORK / differences.length));
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            double sum = 0;
            for (int j = 0; j < differences.length; j++) {
                sum += differences[random.nextInt(differences.length)];
            }
            means[i] = sum / differences.length;
        }
        Arrays.sort(means);
        return new BootstrapInterval(
                Arrays.stream(differences).average().orElseThrow(), quantile(means, TAIL), quantile(means, 1 - TAIL));
    }

    /** Interpolates between the two nearest, as R's type 7. */
    private static double quantile(double[] sorted, double fraction) {
        double place = fraction * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
