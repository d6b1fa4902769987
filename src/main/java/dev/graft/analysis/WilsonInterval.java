package dev.graft.analysis;

/**
 * The 95 % confidence interval of a proportion by Wilson's score method, without continuity correction. It stays within
 * [0, 1] and holds its level for few images and for accuracies near 0 and 1, where the textbook interval does not.
 *
 * @param low the lower bound, in [0, 1]
 * @param high the upper bound, in [0, 1]
 */
public record WilsonInterval(double low, double high) {

    /** The 97.5 % quantile of the standard normal distribution. */
    private static final double Z = 1.959963984540054;

    /**
     * Computes the interval of an accuracy.
     *
     * @param correct images predicted rightly, from 0 to {@code images}
     * @param images images in all; for none the interval is [0, 1]
     */
    public static WilsonInterval of(long correct, long images) {
        if (correct < 0 || correct > images) {
            throw new IllegalArgumentException(
                    "correct must be in [0, images], but " + correct + " of " + images + " are");
        }
        if (images == 0) {
            return new WilsonInterval(0, 1);
        }
        double proportion = (double) correct / images;
        double square = Z * Z / images;
        double centre = proportion + square / 2;
        double reach = Math.sqrt(square * (proportion * (1 - proportion) + square / 4));
        // At the ends the bound is exact; rounding must not carry it past them.
        double low = correct == 0 ? 0 : (centre - reach) / (1 + square);
        double high = correct == images ? 1 : (centre + reach) / (1 + square);
        return new WilsonInterval(low, high);
    }
}
