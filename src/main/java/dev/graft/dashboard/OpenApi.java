package dev.graft.dashboard;

import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of the API for programs: {@code GET /openapi.json}. It is written by hand; a test holds the API to it. */
final class OpenApi {

    private static final String RESOURCE = "openapi.json";

    private final byte[] document;

    OpenApi() {
        try (InputStream in = OpenApi.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " must be beside the classes of the dashboard");
            }
            document = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " could not be read", e);
        }
    }

    void addTo(Routes routes) {
        routes.add(
                HandlerType.GET,
                "/openapi.json",
                request -> request.contentType(Answers.TYPE).result(document));
    }
}
