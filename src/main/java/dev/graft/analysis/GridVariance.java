package dev.graft.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.statistics.distribution.FDistribution;

/**
 * The exact functional analysis of variance of a complete balanced grid: every combination of levels occurs equally
 * often. The total sum of squares then falls into parts that do not overlap.
 *
 * @param total the sum of squares of the differences from the mean
 * @param mains one for each factor
 * @param pairs what two factors do together beyond what each does alone; for each pair of factors, the first before the
 *     second, in the order of the first
 * @param higher what three and more do together
 * @param repeats the differences between observations with equal levels
 */
record GridVariance(double total, List<Part> mains, List<Part> pairs, Part higher, Part repeats) {

    /** More cells than these are no grid that anybody has run. */
    private static final long MOST_CELLS = 1_000_000;

    GridVariance {
        mains = List.copyOf(mains);
        pairs = List.copyOf(pairs);
    }

    /**
     * A part of the variance.
     *
     * @param squares its sum of squares
     * @param freedom its degrees of freedom
     */
    record Part(double squares, long freedom) {

        /** Returns the chance of a part at least as large where only the error makes differences; empty without one. */
        Optional<Double> probability(Part error) {
            if (freedom == 0 || error.freedom == 0) {
                return Optional.empty();
            }
            if (error.squares <= 0) {
                return Optional.of(squares > 0 ? 0.0 : 1.0);
            }
            double ratio = (squares / freedom) / (error.squares / error.freedom);
            return Optional.of(
                    FDistribution.of((double) freedom, (double) error.freedom).survivalProbability(ratio));
        }
    }

    /**
     * Takes the variance apart.
     *
     * @param counts how many levels each factor has, at least 2
     * @param levels the level of each observation and factor, {@code [observation][factor]}, from 0
     * @param values one for each observation
     * @return empty where the observations are no complete balanced grid
     */
    static Optional<GridVariance> of(int[] counts, int[][] levels, double[] values) {
        long cells = 1;
        for (int count : counts) {
            cells *= count;
            if (cells > MOST_CELLS) {
                return Optional.empty();
            }
        }
        if (values.length == 0 || values.length % cells != 0) {
            return Optional.empty();
        }
        int[] all = new int[counts.length];
        for (int factor = 0; factor < all.length; factor++) {
            all[factor] = factor;
        }
        Means cellMeans = Means.of(all, counts, levels, values);
        for (int count : cellMeans.counts) {
            if (count != values.length / cells) {
                return Optional.empty();
            }
        }
        return Optional.of(decompose(counts, levels, values, cellMeans));
    }

    private static GridVariance decompose(int[] counts, int[][] levels, double[] values, Means cellMeans) {
        int factors = counts.length;
        double mean = Means.of(new int[0], counts, levels, values).means[0];
        Means[] single = new Means[factors];
        List<Part> mains = new ArrayList<>();
        for (int factor = 0; factor < factors; factor++) {
            single[factor] = Means.of(new int[] {factor}, counts, levels, values);
            double squares = 0;
            for (double level : single[factor].means) {
                squares += square(level - mean);
            }
            mains.add(new Part(squares * values.length / counts[factor], counts[factor] - 1L));
        }
        List<Part> pairs = new ArrayList<>();
        for (int a = 0; a < factors; a++) {
            for (int b = a + 1; b < factors; b++) {
                Means both = Means.of(new int[] {a, b}, counts, levels, values);
                double squares = 0;
                for (int cell = 0; cell < both.means.length; cell++) {
                    double first = single[a].means[cell / counts[b]];
                    double second = single[b].means[cell % counts[b]];
                    squares += square(both.means[cell] - first - second + mean);
                }
                pairs.add(new Part(squares * values.length / both.means.length, (counts[a] - 1L) * (counts[b] - 1L)));
            }
        }
        double total = 0;
        double within = 0;
        for (int i = 0; i < values.length; i++) {
            total += square(values[i] - mean);
            within += square(values[i] - cellMeans.means[cellMeans.cell(levels[i])]);
        }
        double known = within;
        long freedom = values.length - 1L - (values.length - cellMeans.means.length);
        for (Part part : mains) {
            known += part.squares();
            freedom -= part.freedom();
        }
        for (Part part : pairs) {
            known += part.squares();
            freedom -= part.freedom();
        }
        // What is left of the rounding must not look like an effect.
        double higher = freedom == 0 || total - known < 1e-12 * total ? 0 : total - known;
        return new GridVariance(
                total,
                mains,
                pairs,
                new Part(higher, freedom),
                new Part(within, values.length - cellMeans.means.length));
    }

    private static double square(double value) {
        return value * value;
    }

    /** Means over all observations that share the levels of some factors; the last factor varies fastest. */
    private static final class Means {
        private final int[] factors;
        private final int[] sizes;
        private final double[] means;
        private final int[] counts;

        private Means(int[] factors, int[] sizes, int cells) {
            this.factors = factors;
            this.sizes = sizes;
            this.means = new double[cells];
            this.counts = new int[cells];
        }

        static Means of(int[] factors, int[] sizes, int[][] levels, double[] values) {
            int cells = 1;
            for (int factor : factors) {
                cells *= sizes[factor];
            }
            Means means = new Means(factors, sizes, cells);
            for (int i = 0; i < values.length; i++) {
                int cell = means.cell(levels[i]);
                means.counts[cell]++;
                means.means[cell] += (values[i] - means.means[cell]) / means.counts[cell];
            }
            return means;
        }

        int cell(int[] levels) {
            int cell = 0;
            for (int factor : factors) {
                cell = cell * sizes[factor] + levels[factor];
            }
            return cell;
        }
    }
}
