package dev.graft.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Numbers and times as people say them. */
final class Words {

    private Words() {}

    /** Returns {@code 850 ms}, {@code 12.3 s}, {@code 4 min 05 s} or {@code 2 h 10 min}. */
    static String seconds(double seconds) {
        if (!Double.isFinite(seconds) || seconds < 0) {
            return "?";
        }
        if (seconds < 1) {
            return Math.round(seconds * 1000) + " ms";
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        Duration duration = Duration.ofSeconds(Math.round(seconds));
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%d min %02d s", duration.toMinutes(), duration.toSecondsPart());
        }
        return String.format(Locale.ROOT, "%d h %02d min", duration.toHours(), duration.toMinutesPart());
    }

    /** Returns an expected time with as many digits as mean something: {@code 8 s}, {@code 45 s}, {@code 4 min 10 s}. */
    static String about(double seconds) {
        if (!Double.isFinite(seconds) || seconds < 0) {
            return "?";
        }
        long whole = Math.round(seconds);
        if (whole < 10) {
            return whole == 0 && seconds > 0 ? "under 1 s" : whole + " s";
        }
        long rounded = nearest(seconds, seconds < 60 ? 5 : seconds < 600 ? 10 : seconds < 3600 ? 60 : 600);
        if (rounded < 60) {
            return rounded + " s";
        }
        long minutes = rounded / 60;
        long rest = rounded % 60;
        if (rounded < 3600) {
            return minutes + " min" + (rest == 0 ? "" : String.format(Locale.ROOT, " %02d s", rest));
        }
        return minutes / 60 + " h" + (minutes % 60 == 0 ? "" : String.format(Locale.ROOT, " %02d min", minutes % 60));
    }

    private static long nearest(double value, long step) {
        return Math.round(value / step) * step;
    }

    /** Returns {@code 512 B}, {@code 17.3 MB} and so on, in powers of 1000. */
    static String bytes(long bytes) {
        double value = bytes;
        for (String unit : List.of("B", "kB", "MB", "GB")) {
            if (value < 1000) {
                return unit.equals("B") ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, unit);
            }
            value /= 1000;
        }
        return String.format(Locale.ROOT, "%.1f TB", value);
    }

    /** Returns a metric with as many digits as mean something: accuracies and F1 in per cent, losses with four digits. */
    static String metric(String name, double value) {
        if (!Double.isFinite(value)) {
            return String.valueOf(value);
        }
        return name.endsWith("accuracy") || name.endsWith("f1")
                ? String.format(Locale.ROOT, "%.1f %%", 100 * value)
                : String.format(Locale.ROOT, "%.4g", value);
    }

    /** Returns a parameter's value as a sweep file would say it. */
    static String value(Object value) {
        if (value instanceof Double number && Double.isFinite(number)) {
            // Drawn values have more digits than anyone reads; the record keeps them all.
            BigDecimal exact =
                    BigDecimal.valueOf(number).round(new MathContext(6)).stripTrailingZeros();
            return number == 0 || (Math.abs(number) >= 1e-4 && Math.abs(number) < 1e15)
                    ? exact.toPlainString()
                    : exact.unscaledValue().abs().equals(BigInteger.ONE)
                            ? (number < 0 ? "-1e" : "1e") + -exact.scale()
                            : String.valueOf(exact.doubleValue()).replace("E", "e");
        }
        return TextTable.oneLine(String.valueOf(value));
    }

    /** Returns a path as a shell takes it for one word. */
    static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[\\p{Alnum}_./~+@%=:,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    static String plural(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : noun.endsWith("s") ? "es" : "s");
    }
}
