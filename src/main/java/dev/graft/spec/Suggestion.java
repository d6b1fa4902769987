package dev.graft.spec;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Guesses which known word a misspelt one was meant to be. */
public final class Suggestion {

    /** Longer words are not compared: nobody misspells those, and the comparison takes quadratic time. */
    private static final int LONGEST = 60;

    private Suggestion() {}

    /** Returns {@code "; did you mean x?"}, or an empty text when nothing known is close. */
    public static String of(String word, Collection<String> known) {
        return closest(word, known).map(k -> "; did you mean " + k + "?").orElse("");
    }

    /** Returns the closest known word, an abbreviation counting as close, the first of equals; empty if none is close. */
    static Optional<String> closest(String word, Collection<String> known) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        String plain = word.toLowerCase(Locale.ROOT).replace('-', '_');
        int best = Math.max(1, plain.length() / 3) + 1;
        String found = null;
        for (String candidate : known) {
            int distance = alike(plain, candidate) ? 1 : distance(plain, candidate);
            if (distance < best) {
                best = distance;
                found = candidate;
            }
        }
        return Optional.ofNullable(found);
    }

    /** Says whether one is an abbreviation of the other, or the same parts in another order. */
    private static boolean alike(String word, String candidate) {
        return (word.length() >= 3 && candidate.startsWith(word)) || parts(word).equals(parts(candidate));
    }

    private static List<String> parts(String word) {
        return Arrays.stream(word.split("_")).sorted().toList();
    }

    /** Counts the insertions, deletions, replacements and swaps of neighbours between two words. */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
