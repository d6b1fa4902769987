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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says who may ask: the right host name where only this machine may, who has the token where one is set. */
final class Access {

    /** Not the port: through an SSH tunnel the browser sees another one. */
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final String BEARER = "Bearer ";

    private final boolean loopback;
    private final Optional<byte[]> token;

    Access(boolean loopback, Optional<String> token) {
        this.loopback = loopback;
        this.token = token.map(Sha256::of);
    }

    /** Says whether the request may go on; otherwise it has been answered. */
    boolean allows(HttpServletRequest request, HttpServletResponse answer) throws IOException {
        // A page elsewhere can make its own name resolve to 127.0.0.1; its requests still carry that name.
        if (loopback && !LOOPBACK_NAMES.contains(hostName(request.getHeader("Host")))) {
            return refuse(answer, 403, "this dashboard answers to localhost and 127.0.0.1 only");
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
        // Reads only, so Lax is safe; Strict would drop the cookie when the address is opened from a chat page.
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

    private static boolean refuse(HttpServletResponse answer, int status, String message) throws IOException {
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
