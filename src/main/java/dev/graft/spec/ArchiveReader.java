package dev.graft.spec;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code data.url} and {@code data.sha256}, and what {@code data.path} must be beside them. */
final class ArchiveReader {

    private static final String HOW =
            "as sha256sum FILE prints it (macOS: shasum -a 256 FILE; Windows: certutil" + " -hashfile FILE SHA256)";

    private final Problems problems;

    ArchiveReader(Problems problems) {
        this.problems = problems;
    }

    Optional<SweepData.Archive> read(Section data) {
        Optional<String> url = data.read("url").map(String.class::cast);
        Optional<String> sha256 = data.read("sha256").map(String.class::cast);
        if (!data.has("url")) {
            data.find("sha256")
                    .ifPresent(at -> problems.error(at, "is the digest of the archive at data.url, which is missing"));
            return Optional.empty();
        }
        if (!data.has("sha256")) {
            data.missing("sha256", "sha256: DIGEST, " + HOW);
        }
        url.filter(text -> !isWebAddress(text))
                .ifPresent(text -> data.find("url")
                        .ifPresent(at -> problems.error(
                                at, "must be an http or https address without a password, but was " + at.found())));
        sha256.filter(text -> !text.matches("[0-9a-fA-F]{64}"))
                .ifPresent(text -> data.find("sha256")
                        .ifPresent(at -> problems.error(
                                at, "must be a SHA-256 of 64 hex digits, " + HOW + ", but was " + at.found())));
        data.find("path")
                .filter(at -> at.content() instanceof String text && !isInside(text))
                .ifPresent(at ->
                        problems.error(at, "must be a folder inside the archive at data.url, but was " + at.found()));
        return url.flatMap(text -> sha256.map(digest -> new SweepData.Archive(text, digest.toLowerCase(Locale.ROOT))));
    }

    private static boolean isWebAddress(String text) {
        try {
            URI address = new URI(text);
            String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
            return (scheme.equals("http") || scheme.equals("https"))
                    && address.getHost() != null
                    && address.getRawUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isInside(String path) {
        String plain = path.replace('\\', '/');
        return !plain.startsWith("/")
                && !plain.contains(":")
                && Arrays.stream(plain.split("/")).noneMatch(".."::equals);
    }
}
