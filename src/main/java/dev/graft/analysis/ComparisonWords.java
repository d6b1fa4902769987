package dev.graft.analysis;

import dev.graft.analysis.Comparison.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is said of trials side by side. */
final class ComparisonWords {

    private ComparisonWords() {}

    /** Returns what sentences call the trials: with their sweeps where these differ. */
    static List<String> names(List<Side> sides) {
        long sweeps = sides.stream().map(side -> side.sweep().id()).distinct().count();
        boolean namesDiffer = sides.stream().map(Side::sweepName).distinct().count() == sweeps;
        return sides.stream()
                .map(side -> "trial " + side.trial().number()
                        + (sweeps == 1
                                ? ""
                                : " of \u201c"
                                        + (namesDiffer
                                                ? side.sweepName()
                                                : side.sweep().id())
                                        + '\u201d'))
                .toList();
    }

    /** Says what the trials are compared on. */
    static String images(List<String> names, SeenImages seen) {
        int shared = seen.shared();
        List<String> without = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (seen.of(i).isEmpty()) {
                without.add(names.get(i));
            }
        }
        String missing = without.isEmpty()
                ? ""
                : " " + capital(enumeration(without)) + (without.size() == 1 ? " has" : " have")
                        + " no predictions, and cannot be compared image by image.";
        if (names.size() - without.size() < 2) {
            return without.size() == names.size()
                    ? "None of the trials has predictions: nothing can be compared image by image."
                    : "Only one of the trials has predictions: nothing can be compared image by image." + missing;
        }
        if (shared == 0) {
            return "These trials have no validation image in common: nothing can be compared image by image." + missing;
        }
        if (seen.areTheSame()) {
            return "Compared on the same " + images(shared) + "." + missing;
        }
        return "Compared on the " + images(shared) + " that all of them were validated on, of up to " + seen.most()
                + "; images are the same where path and class are." + missing;
    }

    /** Says what a test means. */
    static String verdict(PairTest pair, String referenceName, String name) {
        int images = pair.images();
        McNemar test = pair.test();
        BootstrapInterval difference = pair.difference();
        if (test.firstOnly() + test.secondOnly() == 0) {
            return "No difference on " + images(images) + ": " + referenceName + " and " + name
                    + " are right about the same ones.";
        }
        String counts = referenceName + " alone is right about " + test.firstOnly() + ", " + name + " alone about "
                + test.secondOnly();
        String chance = "p\u00a0" + probability(test.probability(), "=\u00a0")
                + (pair.tests() > 1 && pair.adjusted() >= 0.001
                        ? "; " + probability(pair.adjusted(), "") + " as one of " + pair.tests() + " tests"
                        : "");
        String interval = points(difference.low()) + " to " + points(difference.high());
        boolean ahead = test.firstOnly() > test.secondOnly();
        if (!pair.isDistinguishable() && (difference.low() > 0 || difference.high() < 0)) {
            return "Not distinguishable for certain on " + images(images) + ": " + counts + " (" + chance
                    + "). It is a close thing: the interval, taken alone, has "
                    + (ahead ? referenceName : name) + " ahead by "
                    + (ahead ? interval : points(-difference.high()) + " to " + points(-difference.low()))
                    + " percentage points.";
        }
        if (!pair.isDistinguishable()) {
            return "Not distinguishable on " + images(images) + ": " + counts + " (" + chance
                    + "). The accuracy of " + referenceName + " may be anything from " + interval
                    + " percentage points above that of " + name + ".";
        }
        return capital(ahead ? referenceName : name) + " is better than " + (ahead ? name : referenceName) + " on "
                + images(images) + ": " + counts + " (" + chance + "). Its accuracy is "
                + points(Math.abs(difference.value())) + " percentage points higher, with 95 % confidence "
                + (ahead ? interval : points(-difference.high()) + " to " + points(-difference.low())) + ".";
    }

    /** Says why there is no test. */
    static String noVerdict(Side reference, Side side, String referenceName, String name) {
        String why;
        if (side.predictions().isEmpty()) {
            why = "there are no predictions of " + name;
        } else if (reference.predictions().isEmpty()) {
            why = "there are no predictions of " + referenceName;
        } else {
            why = "they share no validation image";
        }
        return "Not to be compared image by image: " + why + ".";
    }

    /** A real minus sign, and no minus before what rounds to nothing. */
    private static String points(double difference) {
        String text = String.format(Locale.ROOT, "%.1f", 100 * Math.abs(difference));
        return difference < 0 && !text.equals("0.0") ? "\u2212" + text : text;
    }

    private static String probability(double value, String sign) {
        return value < 0.001
                ? "below\u00a00.001"
                : sign + String.format(Locale.ROOT, value < 0.1 ? "%.3f" : "%.2f", value);
    }

    private static String images(int count) {
        return count == 1 ? "1 image" : count + " images";
    }

    private static String enumeration(List<String> words) {
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
