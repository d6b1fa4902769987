package dev.graft.dashboard;

import dev.graft.data.Sha256;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says who may ask: under a name of this machine, with the token where one is set, and, for whatever could change
 * something, from the dashboard's own pages.
 */
final class Access {

    /** Not the port: through an SSH tunnel the browser sees another one. */
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Addresses cannot be made to lead elsewhere, as names can. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.%]+]");

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private static final String BEARER = "Bearer ";

    private final boolean loopback;
    private final Optional<byte[]> token;
    private final Set<String> names;

    /**
     * Sets the rules.
     *
     * @param loopback whether only this machine can reach the dashboard
     * @param names the names, beside those of loopback, under which it may be asked for
     */
    Access(boolean loopback, Optional<String> token, Collection<String> names) {
        this.loopback = loopback;
        this.token = token.map(Sha256::of);
        Set<String> all = new HashSet<>(LOOPBACK_NAMES);
        names.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        this.names = Set.copyOf(all);
    }

    /** Says whether the request may go on; otherwise it has been answered. */
    boolean allows(HttpServletRequest request, HttpServletResponse answer) throws IOException {
        // A page elsewhere can make its own name resolve to 127.0.0.1; its requests still carry that name.
        String name = hostName(request.getHeader("Host"));
        if (!names.contains(name) && (loopback || !ADDRESS.matcher(name).matches())) {
            return refuse(
                    answer,
                    403,
                    loopback
                            ? "this dashboard answers to localhost and 127.0.0.1 only, unless started with --allow-host"
                            : "this dashboard does not answer to this host name; start it with --allow-host NAME");
        }
        if (!mayChange(request)) {
            return refuse(answer, 403, "requests that change something must come from the dashboard's own pages");
        }
        if (!mayAsk(request)) {
            return refuse(
                    answer, 403, "the API answers to the dashboard's own pages and to programs, not to other pages");
        }
        if (token.isEmpty()) {
            return true;
        }
        // Not getParameter: it would read a body.
        String offered = request.getRequestURI().equals("/") ? tokenOf(request.getQueryString()) : null;
        if (offered != null && matches(offered)) {
            answer.addCookie(cookie(request, offered));
            answer.setHeader("Location", "/");
            answer.setStatus(303);
            return false;
        }
        if (matchesHeader(request.getHeader("Authorization")) || matchesCookie(request)) {
            return true;
        }
        answer.setHeader("WWW-Authenticate", "Bearer");
        return refuse(
                answer,
                401,
                "this dashboard needs its token: open the address that was printed when it started, with ?token=");
    }

    /**
     * Says whether a request reads only, or comes from a page of this dashboard. Browsers say where requests come from,
     * and pages cannot make them lie; a program that knows the token shows it in a header that no page of others can set.
     */
    private boolean mayChange(HttpServletRequest request) {
        if (READING.contains(request.getMethod()) || matchesHeader(request.getHeader("Authorization"))) {
            return true;
        }
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin")) {
            return false;
        }
        String origin = request.getHeader("Origin");
        String host = request.getHeader("Host");
        return origin == null
                ? site != null
                : host != null
                        && origin.toLowerCase(Locale.ROOT)
                                .matches("https?://" + Pattern.quote(host.toLowerCase(Locale.ROOT)));
    }

    /** Says whether a request of the API comes from elsewhere than a page of others, which could keep the server busy. */
    private boolean mayAsk(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return !request.getRequestURI().startsWith(Routes.API)
                || site == null
                || site.equals("same-origin")
                || site.equals("none")
                || matchesHeader(request.getHeader("Authorization"));
    }

    private boolean matchesHeader(@Nullable String header) {
        return header != null
                && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && matches(header.substring(BEARER.length()).strip());
    }

    private boolean matchesCookie(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies != null
                && Stream.of(cookies)
                        .anyMatch(cookie ->
                                cookie.getName().equals(cookieName(request)) && matches(decode(cookie.getValue())));
    }

    private boolean matches(String offered) {
        // Digests have one length, so that the comparison takes the same time whatever is offered.
        return token.isPresent() && MessageDigest.isEqual(token.get(), Sha256.of(offered));
    }

    private static Cookie cookie(HttpServletRequest request, String value) {
        Cookie cookie = new Cookie(cookieName(request), URLEncoder.encode(value, StandardCharsets.UTF_8));
        cookie.setPath("/");
        cookie.setHttpOnly(true);
        cookie.setSecure(request.isSecure());
        // Only pages of its own may change anything, so Lax is safe; Strict would drop the cookie when the address is
        // opened from a chat page.
        cookie.setAttribute("SameSite", "Lax");
        return cookie;
    }

    /** Cookies know no ports: two dashboards of one machine must not overwrite each other's. */
    private static String cookieName(HttpServletRequest request) {
        return "graft-token-" + request.getLocalPort();
    }

    private static @Nullable String tokenOf(@Nullable String query) {
        return query == null
                ? null
                : Stream.of(query.split("&"))
                        .filter(part -> part.startsWith("token="))
                        .map(part -> decode(part.substring("token=".length())))
                        .findFirst()
                        .orElse(null);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** Answers with an error and returns false. */
    static boolean refuse(HttpServletResponse answer, int status, String message) throws IOException {
        answer.setStatus(status);
        answer.setContentType(Answers.TYPE);
        answer.getOutputStream().write(Answers.bytes(Map.of("error", message)));
        return false;
    }

    private static String hostName(@Nullable String header) {
        if (header == null) {
            return "";
        }
        String host = header.toLowerCase(Locale.ROOT);
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
