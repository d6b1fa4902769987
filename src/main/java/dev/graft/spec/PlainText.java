package dev.graft.spec;

import java.util.regex.Pattern;

/**
 * User-made text for messages and terminals: what would move the cursor, change its colour, break the line or turn
 * letters around is written as an escape, such as {@code \u001B}, and so is visible and harmless.
 */
public final class PlainText {

    /** Controls, line separators, halves of pairs, and marks that turn text around or hide in it. */
    private static final Pattern UNSAFE = Pattern.compile(
            "[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}\\u061C\\u180E\\u200B\\u200E\\u200F\\u202A-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB"
                    + "\\x{E0000}-\\x{E007F}]");

    private static final Pattern UNSAFE_LINES = Pattern.compile("(?!\n)" + UNSAFE.pattern());

    private PlainText() {}

    /** Returns text that stays on its line. */
    public static String of(String text) {
        return escape(UNSAFE, text);
    }

    /** Returns text that may have several lines, as messages of several problems have. */
    public static String lines(String text) {
        return escape(UNSAFE_LINES, text);
    }

    private static String escape(Pattern unsafe, String text) {
        return unsafe.matcher(text)
                .replaceAll(found -> found.group()
                        .codePoints()
                        .mapToObj(c -> String.format(c > 0xFFFF ? "\\\\U%08X" : "\\\\u%04X", c))
                        .findFirst()
                        .orElse(""));
    }
}
