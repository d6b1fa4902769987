package dev.graft.spec;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides what an unquoted scalar is, by the core schema of YAML 1.2. */
final class CoreScalars {

    private static final Pattern NULL = Pattern.compile("null|Null|NULL|~|");
    private static final Pattern TRUE = Pattern.compile("true|True|TRUE");
    private static final Pattern FALSE = Pattern.compile("false|False|FALSE");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]++");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]++");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]++");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]++|[0-9]++(\\.[0-9]*+)?)([eE][-+]?[0-9]++)?");
    private static final Pattern INFINITE = Pattern.compile("[-+]?\\.(inf|Inf|INF)");
    private static final Pattern NAN = Pattern.compile("\\.(nan|NaN|NAN)");

    private CoreScalars() {}

    /** Returns null, a {@link Boolean}, {@link Long}, {@link Double} or the text itself. */
    static @Nullable Object resolve(String text) {
        if (NULL.matcher(text).matches()) {
            return null;
        }
        if (TRUE.matcher(text).matches()) {
            return true;
        }
        if (FALSE.matcher(text).matches()) {
            return false;
        }
        if (DECIMAL.matcher(text).matches()) {
            return whole(text, text, 10);
        }
        if (OCTAL.matcher(text).matches()) {
            return whole(text, text.substring(2), 8);
        }
        if (HEXADECIMAL.matcher(text).matches()) {
            return whole(text, text.substring(2), 16);
        }
        if (FLOAT.matcher(text).matches()) {
            return Double.valueOf(text);
        }
        if (INFINITE.matcher(text).matches()) {
            return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return NAN.matcher(text).matches() ? (Object) Double.NaN : text;
    }

    private static Object whole(String text, String digits, int radix) {
        try {
            return Long.valueOf(digits, radix);
        } catch (NumberFormatException e) {
            // Beyond a long: as a double it still breaks the bound of every rule, which then quotes the text.
            return radix == 10 ? Double.valueOf(text) : Double.POSITIVE_INFINITY;
        }
    }
}
