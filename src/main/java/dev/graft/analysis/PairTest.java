package dev.graft.analysis;

import dev.graft.analysis.SeenImages.Seen;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A trial against the reference, on the images that both have predicted.
 *
 * @param images how many they are, 1 or more
 * @param test McNemar's test: first the reference, then the trial
 * @param difference of the accuracies, the reference's less the trial's
 * @param adjusted the test's probability, with regard to how many tests there are (Holm 1979)
 * @param tests how many there are
 */
record PairTest(int images, McNemar test, BootstrapInterval difference, double adjusted, int tests) {

    /** Returns whether the difference is more than chance explains. */
    boolean isDistinguishable() {
        return adjusted < McNemar.LEVEL;
    }

    private double probability() {
        return test.probability();
    }

    /**
     * Tests trials against the reference.
     *
     * @param trials how many there are, the reference among them
     * @param reference its place, from 0
     * @return the tests by the places of the trials; none of those that share no image with the reference
     */
    static Map<Integer, PairTest> of(SeenImages seen, int trials, int reference) {
        Map<Integer, PairTest> alone = new TreeMap<>();
        for (int i = 0; i < trials; i++) {
            int place = i;
            if (place != reference) {
                alone(seen.of(reference), seen.of(place)).ifPresent(test -> alone.put(place, test));
            }
        }
        return holm(alone);
    }

    /** Holm: the smallest times their number, the next times one less, and none below the one before. */
    private static Map<Integer, PairTest> holm(Map<Integer, PairTest> alone) {
        List<Map.Entry<Integer, PairTest>> ordered = alone.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.comparingDouble(PairTest::probability)))
                .toList();
        Map<Integer, PairTest> adjusted = new TreeMap<>();
        double least = 0;
        for (int i = 0; i < ordered.size(); i++) {
            PairTest one = ordered.get(i).getValue();
            least = Math.max(least, Math.min(1, one.probability() * (ordered.size() - i)));
            adjusted.put(
                    ordered.get(i).getKey(), new PairTest(one.images, one.test, one.difference, least, ordered.size()));
        }
        return adjusted;
    }

    private static Optional<PairTest> alone(Map<String, Seen> first, Map<String, Seen> second) {
        int firstOnly = 0;
        int secondOnly = 0;
        List<Double> differences = new ArrayList<>();
        for (Map.Entry<String, Seen> entry : first.entrySet()) {
            Seen other = second.get(entry.getKey());
            if (other == null) {
                continue;
            }
            boolean left = entry.getValue().right();
            boolean right = other.right();
            firstOnly += left && !right ? 1 : 0;
            secondOnly += right && !left ? 1 : 0;
            differences.add((left ? 1.0 : 0.0) - (right ? 1.0 : 0.0));
        }
        if (differences.isEmpty()) {
            return Optional.empty();
        }
        double[] all = differences.stream().mapToDouble(Double::doubleValue).toArray();
        McNemar test = McNemar.of(firstOnly, secondOnly);
        return Optional.of(
                new PairTest(all.length, test, BootstrapInterval.of(all, Comparison.SEED), test.probability(), 1));
    }
}
