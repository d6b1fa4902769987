package dev.graft.dashboard;

import dev.graft.data.Sha256;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What every request passes, pages and streams alike: headers are put on the answer, then method, size and access are
 * checked. No header lets pages of others read anything. The page's import map is the one inline script, allowed by its
 * digest.
 */
final class Gate implements Filter {

    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    /** Not TRACE, which repeats headers to whoever asks. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");

    private final Access access;
    private final String policy;

    Gate(Access access, byte[] index) {
        this.access = access;
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

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletResponse answer = (HttpServletResponse) response;
        answer.setHeader("Content-Security-Policy", policy);
        answer.setHeader("X-Content-Type-Options", "nosniff");
        answer.setHeader("X-Frame-Options", "DENY");
        answer.setHeader("Referrer-Policy", "no-referrer");
        answer.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        answer.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        answer.setHeader("Cache-Control", "no-store");
        HttpServletRequest asked = (HttpServletRequest) request;
        if (!METHODS.contains(asked.getMethod())) {
            Access.refuse(answer, 405, "there is no method " + asked.getMethod());
        } else if (asked.getContentLengthLong() > Dashboard.MAX_BODY_BYTES) {
            answer.setHeader("Connection", "close");
            Access.refuse(answer, 413, "what is sent must not be larger than " + Dashboard.MAX_BODY_BYTES + " bytes");
        } else if (access.allows(asked, answer)) {
            chain.doFilter(request, response);
        }
    }

    private static String digest(String script) {
        return Base64.getEncoder().encodeToString(Sha256.of(script));
    }
}
