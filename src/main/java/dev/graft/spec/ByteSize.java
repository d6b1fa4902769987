package dev.graft.spec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 500 MB}, {@code 1.5 GiB}, or a bare number of bytes. */
public final class ByteSize {

    /** What {@link #parse} takes, for messages. */
    public static final String EXAMPLES = "a size such as 20 GB, 500 MiB or 1000000 bytes";

    /** The same as a regular expression that editors understand. */
    static final String PATTERN = "^[0-9]{1,19}([.][0-9]{1,19})?( ?([kKmMgGtT][iI]?)?[bB])?$";

    private static final Pattern FORM =
            Pattern.compile("([0-9]{1,19}(?:[.][0-9]{1,19})?)\\s*(?:([kmgt]?)(i?)b)?", Pattern.CASE_INSENSITIVE);
    private static final String PREFIXES = "kmgt";

    private ByteSize() {}

    /**
     * Reads a number with an optional unit: B, kB, MB, GB and TB (powers of 1000), KiB, MiB, GiB and TiB (powers of
     * 1024), in whatever case. Fractions of a byte are dropped.
     *
     * @return at least 1; empty when the text is no size, or less than a byte, or more than a {@code long} holds
     */
    public static OptionalLong parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return OptionalLong.empty();
        }
        String prefix = form.group(2) == null ? "" : form.group(2).toLowerCase(Locale.ROOT);
        boolean binary = form.group(3) != null && !form.group(3).isEmpty();
        if (binary && prefix.isEmpty()) {
            return OptionalLong.empty();
        }
        BigDecimal unit = BigDecimal.valueOf(binary ? 1024 : 1000).pow(PREFIXES.indexOf(prefix) + 1);
        if (prefix.isEmpty()) {
            unit = BigDecimal.ONE;
        }
        BigDecimal bytes = new BigDecimal(form.group(1)).multiply(unit).setScale(0, RoundingMode.DOWN);
        boolean fits = bytes.signum() > 0 && bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
        return fits ? OptionalLong.of(bytes.longValueExact()) : OptionalLong.empty();
    }
}
