package dev.graft.spec;

import java.util.List;

/** The values one parameter may take; numbers are {@link Long} or {@link Double}, lists are {@link List}. */
public sealed interface ParameterSpace {

    /**
     * A fixed list of values; a constant is a list of one.
     *
     * @param values at least one, no two equal
     * @param probabilities empty, or one weight per value that sum to 1 (random search only)
     */
    record Choice(List<Object> values, List<Double> probabilities) implements ParameterSpace {

        /** Copies the lists. */
        public Choice {
            values = List.copyOf(values);
            probabilities = List.copyOf(probabilities);
        }
    }

    /**
     * Whole numbers, each equally likely.
     *
     * @param min inclusive
     * @param max inclusive
     */
    record IntRange(long min, long max) implements ParameterSpace {}

    /**
     * Real numbers.
     *
     * @param min inclusive
     * @param max exclusive
     * @param log equally likely per factor rather than per difference; then {@code min > 0}
     * @param quantum values are rounded to multiples of it; 0 for no rounding
     */
    record RealRange(double min, double max, boolean log, double quantum) implements ParameterSpace {}
}
