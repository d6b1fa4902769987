package dev.graft.fetch;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The proxies of this machine: those of Java's system properties where any is set, else those of the environment
 * variables {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy}, in either case.
 */
final class Proxies extends ProxySelector {

    private static final List<String> PROPERTIES =
            List.of("http.proxyHost", "https.proxyHost", "java.net.useSystemProxies");
    private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

    private final Optional<ProxySelector> system;
    private final Map<String, Server> byScheme = new HashMap<>();
    /** Why the proxy of a scheme cannot be used; it matters only once something is fetched through it. */
    private final Map<String, String> unusable = new HashMap<>();

    private final List<String> direct;
    private final Map<String, PasswordAuthentication> passwords = new HashMap<>();

    private record Server(String host, int port) {}

    private Proxies(Optional<ProxySelector> system, List<String> direct) {
        this.system = system;
        this.direct = List.copyOf(direct);
    }

    /** Finds them. */
    static Proxies of(Map<String, String> environment) {
        boolean properties = PROPERTIES.stream()
                .anyMatch(name -> !System.getProperty(name, "").isEmpty());
        String bypassed = variable(environment, "no_proxy");
        Proxies proxies = new Proxies(
                properties ? Optional.ofNullable(ProxySelector.getDefault()) : Optional.empty(),
                Arrays.stream(bypassed.split("[,\\s]+"))
                        .filter(s -> !s.isEmpty())
                        .toList());
        for (String scheme : List.of("http", "https")) {
            if (properties) {
                proxies.addPassword(
                        System.getProperty(scheme + ".proxyHost", ""),
                        Integer.getInteger(scheme + ".proxyPort", scheme.equals("http") ? 80 : 443),
                        System.getProperty(scheme + ".proxyUser", ""),
                        System.getProperty(scheme + ".proxyPassword", ""));
            } else {
                String named = variable(environment, scheme + "_proxy");
                String value = named.isEmpty() ? variable(environment, "all_proxy") : named;
                if (!value.isEmpty()) {
                    proxies.add(scheme, named.isEmpty() ? "all_proxy" : scheme + "_proxy", value);
                }
            }
        }
        return proxies;
    }

    private static String variable(Map<String, String> environment, String name) {
        String lower = environment.getOrDefault(name, "").strip();
        return lower.isEmpty()
                ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "").strip()
                : lower;
    }

    private void add(String scheme, String variable, String value) {
        URI address;
        try {
            address = URI.create(value.contains("://") ? value : "http://" + value);
        } catch (IllegalArgumentException e) {
            unusable.put(scheme, wrong(variable, value));
            return;
        }
        if (!"http".equalsIgnoreCase(address.getScheme()) || address.getHost() == null) {
            unusable.put(scheme, wrong(variable, value));
            return;
        }
        int port = address.getPort() < 0 ? 80 : address.getPort();
        byScheme.put(scheme, new Server(address.getHost(), port));
        String user = address.getRawUserInfo();
        if (user != null) {
            int colon = user.indexOf(':');
            addPassword(
                    address.getHost(),
                    port,
                    decode(colon < 0 ? user : user.substring(0, colon)),
                    colon < 0 ? "" : decode(user.substring(colon + 1)));
        }
    }

    private static String decode(String text) {
        // In addresses, unlike in forms, a plus is a plus.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private void addPassword(String host, int port, String user, String password) {
        if (!host.isEmpty() && !user.isEmpty()) {
            passwords.put(key(host, port), new PasswordAuthentication(user, password.toCharArray()));
        }
    }

    private static String key(String host, int port) {
        return host.toLowerCase(Locale.ROOT) + ":" + port;
    }

    private static String wrong(String variable, String value) {
        return variable + " must be http://[USER:PASSWORD@]HOST[:PORT], but was "
                + value.replaceAll("//[^@/]*@", "//...@");
    }

    /** Says who the proxies are to be told that the user is; empty where none wants to know. */
    Optional<Authenticator> authenticator() {
        return passwords.isEmpty()
                ? Optional.empty()
                : Optional.of(new Authenticator() {
                    @Override
                    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
                        return getRequestorType() == RequestorType.PROXY
                                ? passwords.get(key(getRequestingHost(), getRequestingPort()))
                                : null;
                    }
                });
    }

    /**
     * Returns the proxy for an address, or none.
     *
     * @throws FetchException when the variable that counts for it does not name a proxy; the user's fault
     */
    @Override
    public List<Proxy> select(URI address) {
        if (system.isPresent()) {
            return system.get().select(address);
        }
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        if (bypassed(address)) {
            return DIRECT;
        }
        String wrong = unusable.get(scheme);
        if (wrong != null) {
            throw new FetchException(wrong);
        }
        Server server = byScheme.get(scheme);
        return server == null
                ? DIRECT
                : List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(server.host(), server.port())));
    }

    /** Returns the proxy for an address as {@code HOST:PORT}, or empty where there is none. */
    Optional<String> shown(URI address) {
        return select(address).stream()
                .filter(proxy -> proxy.address() instanceof InetSocketAddress)
                .map(proxy -> (InetSocketAddress) proxy.address())
                .map(at -> at.getHostString() + ":" + at.getPort())
                .findFirst();
    }

    private boolean bypassed(URI address) {
        String host = address.getHost().toLowerCase(Locale.ROOT);
        int port = address.getPort() >= 0 ? address.getPort() : "https".equals(address.getScheme()) ? 443 : 80;
        // As Java does: this machine is reached without a proxy.
        if (host.equals("localhost") || host.equals("[::1]") || host.startsWith("127.")) {
            return true;
        }
        for (String entry : direct) {
            String name = entry.toLowerCase(Locale.ROOT);
            int colon = name.lastIndexOf(':');
            if (colon >= 0 && name.indexOf(':') == colon) {
                if (!name.substring(colon + 1).equals(String.valueOf(port))) {
                    continue;
                }
                name = name.substring(0, colon);
            }
            name = name.replaceFirst("^\\*?\\.", "");
            if (name.equals("*") || host.equals(name) || host.endsWith("." + name)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException e) {
        // The exception reaches whoever fetches.
    }
}
