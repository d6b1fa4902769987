package dev.graft.spec;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a base says: {@code mobilenet}, {@code mobilenet_0.25}, {@code mobilenet_v2:my.h5}. Such names are
 * what trials, records and leaderboards hold, whichever form the sweep file has.
 *
 * @param architecture the network; never ends in an underscore and a number
 * @param alpha the factor of all its widths; 1 where it has none
 * @param weights a weight file or an exported bundle's folder as the file names it; empty for the official weights
 */
public record BaseName(String architecture, double alpha, Optional<String> weights) {

    private static final Pattern WIDTH = Pattern.compile("(.+)_([0-9]++(?:\\.[0-9]++)?)");

    /** Takes a name apart; any text will do. */
    public static BaseName parse(String name) {
        int colon = name.indexOf(':');
        String network = colon < 0 ? name : name.substring(0, colon);
        // Only the first colon counts, so that the rest may be a path like C:\weights\my.h5.
        Optional<String> weights = colon < 0 ? Optional.empty() : Optional.of(name.substring(colon + 1));
        Matcher width = WIDTH.matcher(network);
        return width.matches()
                ? new BaseName(width.group(1), Double.parseDouble(width.group(2)), weights)
                : new BaseName(network, 1, weights);
    }

    /** Returns the name in its one canonical form. */
    @Override
    public String toString() {
        String width = alpha == 1 ? "" : "_" + Rule.plain(alpha);
        return architecture + width + weights.map(w -> ":" + w).orElse("");
    }
}
