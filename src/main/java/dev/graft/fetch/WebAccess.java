package dev.graft.fetch;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How this machine reaches others, as its environment says.
 *
 * @param offline whether nothing may be fetched
 * @param environment the variables that name proxies and the mirror; looked into when something is fetched
 */
public record WebAccess(boolean offline, Map<String, String> environment) {

    private static final Set<String> NO = Set.of("", "0", "false", "no", "off");
    private static final String MIRROR = "GRAFT_MIRROR";

    /** Copies the map. */
    public WebAccess {
        environment = Map.copyOf(environment);
    }

    /** Reads {@code GRAFT_OFFLINE}; the option {@code --offline} overrules it. */
    public static WebAccess of(Map<String, String> environment, boolean offline) {
        String word = environment.getOrDefault("GRAFT_OFFLINE", "").strip().toLowerCase(Locale.ROOT);
        return new WebAccess(offline || !NO.contains(word), environment);
    }

    /**
     * Returns where an official file is fetched from: its address, or the same path below {@code GRAFT_MIRROR}.
     *
     * @throws FetchException when {@code GRAFT_MIRROR} is no http or https address; the user's fault
     */
    public URI mirrored(URI official) {
        String mirror = environment.getOrDefault(MIRROR, "").strip();
        if (mirror.isEmpty()) {
            return official;
        }
        if (!mirror.matches("(?i)https?://[^/?#]+(/[^?#]*)?")) {
            throw new FetchException(MIRROR + " must be http(s)://HOST[/PREFIX], but was " + mirror);
        }
        String prefix = mirror.replaceAll("/+$", "");
        String query = official.getRawQuery() == null ? "" : "?" + official.getRawQuery();
        try {
            return URI.create(prefix + official.getRawPath() + query);
        } catch (IllegalArgumentException e) {
            throw new FetchException(MIRROR + " must be http(s)://HOST[/PREFIX], but was " + mirror, e);
        }
    }
}
