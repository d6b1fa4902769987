package dev.graft.dashboard;

import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Headers of every answer. The page's import map is the one inline script, allowed by its digest. */
final class SecurityHeaders {

    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    private final String policy;

    SecurityHeaders(byte[] index) {
        Matcher map = IMPORT_MAP.matcher(new String(index, StandardCharsets.UTF_8));
        if (!map.find()) {
            throw new IllegalStateException("web/index.html must have an import map");
        }
        policy = String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self' 'sha256-" + digest(map.group(1)) + "'",
                "style-src 'self'",
                "img-src 'self' data:",
                "connect-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'");
    }

    void put(Context answer) {
        answer.header("Content-Security-Policy", policy);
        answer.header("X-Content-Type-Options", "nosniff");
        answer.header("X-Frame-Options", "DENY");
        answer.header("Referrer-Policy", "no-referrer");
        answer.header("Cross-Origin-Resource-Policy", "same-origin");
        answer.header("Cross-Origin-Opener-Policy", "same-origin");
        answer.header("Cache-Control", "no-store");
    }

    private static String digest(String script) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
