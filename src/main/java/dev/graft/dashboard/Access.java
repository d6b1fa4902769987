package dev.graft.dashboard;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HttpStatus;
import io.javalin.http.SameSite;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets a request pass or ends it: the right host name where only this machine may ask, the token where one is set. */
final class Access {

    /** Not the port: through an SSH tunnel the browser sees another one. */
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final String BEARER = "Bearer ";

    private final boolean loopback;
    private final Optional<byte[]> token;

    Access(boolean loopback, Optional<String> token) {
        this.loopback = loopback;
        this.token = token.map(Access::digest);
    }

    void check(Context request) {
        // A page elsewhere can make its own name resolve to 127.0.0.1; its requests still carry that name.
        if (loopback && !LOOPBACK_NAMES.contains(hostName(request.header("Host")))) {
            refuse(request, HttpStatus.FORBIDDEN, "this dashboard answers to localhost and 127.0.0.1 only");
            return;
        }
        if (token.isEmpty()) {
            return;
        }
        String offered = request.queryParam("token");
        if (offered != null && request.path().equals("/") && matches(offered)) {
            request.cookie(cookie(request, offered));
            request.redirect("/", HttpStatus.SEE_OTHER);
            request.skipRemainingHandlers();
            return;
        }
        String header = request.header("Authorization");
        boolean byHeader = header != null
                && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && matches(header.substring(BEARER.length()).strip());
        String kept = request.cookie(cookieName(request));
        boolean byCookie = kept != null && matches(kept);
        if (!byHeader && !byCookie) {
            request.header("WWW-Authenticate", "Bearer");
            refuse(
                    request,
                    HttpStatus.UNAUTHORIZED,
                    "this dashboard needs its token: open the address that was printed when it started, with ?token=");
        }
    }

    private boolean matches(String offered) {
        // Digests have one length, so that the comparison takes the same time whatever is offered.
        return token.isPresent() && MessageDigest.isEqual(token.get(), digest(offered));
    }

    private static Cookie cookie(Context request, String value) {
        Cookie cookie = new Cookie(cookieName(request), value);
        cookie.setHttpOnly(true);
        cookie.setSecure(request.scheme().equals("https"));
        // Reads only, so Lax is safe; Strict would drop the cookie when the address is opened from a chat page.
        cookie.setSameSite(SameSite.LAX);
        return cookie;
    }

    /** Cookies know no ports: two dashboards of one machine must not overwrite each other's. */
    private static String cookieName(Context request) {
        return "graft-token-" + request.req().getLocalPort();
    }

    private static void refuse(Context request, HttpStatus status, String message) {
        Answers.error(request, status, message);
        request.skipRemainingHandlers();
    }

    private static String hostName(@Nullable String header) {
        if (header == null) {
            return "";
        }
        String host = header.toLowerCase(Locale.ROOT);
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
