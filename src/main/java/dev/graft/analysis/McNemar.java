package dev.graft.analysis;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.BinomialTest;

/**
 * McNemar's test in its exact form: whether two trials differ in how many of the same images they get right. Only the
 * images that one gets right and the other wrong say anything about it; if both were equally good, each of those would
 * fall to either like a coin.
 *
 * @param firstOnly images that only the first gets right
 * @param secondOnly images that only the second gets right
 * @param probability the chance of a split at least as uneven if both were equally good, in (0, 1]: small says that they
 *     are not
 */
@JsonNaming(SnakeCaseStrategy.class)
public record McNemar(int firstOnly, int secondOnly, double probability) {

    /** Below it, a difference is called one. */
    static final double LEVEL = 0.05;

    /** Tests two counts, both at least 0. */
    public static McNemar of(int firstOnly, int secondOnly) {
        if (firstOnly < 0 || secondOnly < 0) {
            throw new IllegalArgumentException(
                    "counts must be at least 0, but were " + firstOnly + " and " + secondOnly);
        }
        int both = firstOnly + secondOnly;
        // With equal counts nothing can be less uneven, and without any nothing was seen.
        double probability = firstOnly == secondOnly
                ? 1
                : BinomialTest.withDefaults()
                        .with(AlternativeHypothesis.TWO_SIDED)
                        .test(both, firstOnly, 0.5)
                        .getPValue();
        return new McNemar(firstOnly, secondOnly, Math.min(1, probability));
    }

    /** Says whether the difference is more than chance explains, at the level of 5 %. */
    public boolean distinguishable() {
        return probability < LEVEL;
    }
}
