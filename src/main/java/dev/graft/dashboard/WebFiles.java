package dev.graft.dashboard;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** The pages and their libraries, from the class path. Page addresses are all answered with the one HTML file. */
final class WebFiles {

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "svg", "image/svg+xml");

    /** Names that cannot leave their folder: no part begins with a dot. */
    private static final Pattern SAFE = Pattern.compile("[\\w@][\\w@.-]*(/[\\w@][\\w@.-]*)*");

    private static final String LIBRARIES = "META-INF/resources/webjars/";

    private final Map<String, WebFile> files = new ConcurrentHashMap<>();

    void addTo(RoutesConfig routes) {
        routes.get("/", this::page);
        routes.get("/sweeps/{id}", this::page);
        routes.get("/trials/{id}", this::page);
        routes.get("/compare", this::page);
        routes.get("/webjars/<path>", this::library);
        routes.get("/<path>", this::own);
    }

    byte[] index() {
        return find("web/index.html").orElseThrow().bytes();
    }

    private void page(Context request) {
        send(request, find("web/index.html").orElseThrow());
    }

    private void own(Context request) {
        String path = request.pathParam("path");
        Optional<WebFile> file = find("web/" + path);
        if (file.isPresent()) {
            send(request, file.get());
        } else if (path.contains(".") || path.startsWith("api/")) {
            Answers.error(request, HttpStatus.NOT_FOUND, "there is nothing at /" + path);
        } else {
            request.status(HttpStatus.NOT_FOUND);
            page(request);
        }
    }

    private void library(Context request) {
        String path = request.pathParam("path");
        Optional<WebFile> file = find(LIBRARIES + path);
        if (file.isEmpty()) {
            Answers.error(request, HttpStatus.NOT_FOUND, "there is no library file " + path);
            return;
        }
        // The version is part of the path, so what is there never changes.
        request.header("Cache-Control", "private, max-age=31536000, immutable");
        request.contentType(file.get().type()).result(file.get().bytes());
    }

    private static void send(Context request, WebFile file) {
        request.header("Cache-Control", "no-cache");
        request.header("ETag", file.tag());
        if (file.tag().equals(request.header("If-None-Match"))) {
            request.status(HttpStatus.NOT_MODIFIED);
            return;
        }
        request.contentType(file.type()).result(file.bytes());
    }

    private Optional<WebFile> find(String resource) {
        String extension = resource.substring(resource.lastIndexOf('.') + 1);
        String type = TYPES.get(extension);
        if (type == null || !SAFE.matcher(resource).matches()) {
            return Optional.empty();
        }
        WebFile known = files.get(resource);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<WebFile> read = read(resource, type);
        read.ifPresent(file -> files.put(resource, file));
        return read;
    }

    private static Optional<WebFile> read(String resource, String type) {
        try (InputStream in = WebFiles.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] bytes = in.readAllBytes();
            CRC32 sum = new CRC32();
            sum.update(bytes);
            // Weak: compression changes the bytes that are sent.
            String tag = "W/\"" + Long.toHexString(sum.getValue()) + "-" + bytes.length + "\"";
            return Optional.of(new WebFile(bytes, type, tag));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody, and never changed.
    private record WebFile(byte[] bytes, String type, String tag) {}
}
