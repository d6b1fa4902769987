package dev.graft.dashboard;

import dev.graft.track.TrackReader;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Where the routes of the API are put. An answer that depends on the record alone is known by the record's version: who
 * has it already is told so, at the price of reading one number.
 */
final class Routes {

    static final String API = "/api/v1";

    private final RoutesConfig routes;
    private final TrackReader reader;
    private final List<Put> put = new ArrayList<>();

    /** Answers of another Graft, or of another record at the same address, are not those of this one. */
    private final String start = UUID.randomUUID().toString().substring(0, 8);

    Routes(RoutesConfig routes, TrackReader reader) {
        this.routes = routes;
        this.reader = reader;
    }

    /**
     * Answers a read of the record.
     *
     * @param path below {@value #API}
     */
    void recorded(String path, Handler handler) {
        put.add(new Put(HandlerType.GET, path));
        routes.get(API + path, request -> {
            // Read before the data: who holds this version has seen everything up to it, and perhaps more.
            long version = reader.version();
            String tag = "W/\"" + start + "-" + version + "\"";
            request.header("Graft-Version", Long.toString(version));
            request.header("Cache-Control", "private, no-cache");
            request.header("ETag", tag);
            if (tag.equals(request.header("If-None-Match"))) {
                request.status(HttpStatus.NOT_MODIFIED);
                return;
            }
            handler.handle(request);
        });
    }

    /**
     * Answers any other request; what it answers is kept by nobody.
     *
     * @param path below {@value #API}
     */
    void add(HandlerType method, String path, Handler handler) {
        put.add(new Put(method, path));
        routes.addHttpHandler(method, API + path, handler);
    }

    /**
     * A route.
     *
     * @param path below {@value #API}
     */
    record Put(HandlerType method, String path) {}

    /** Returns what was put here so far. */
    List<Put> put() {
        return List.copyOf(put);
    }

    /** Returns a parameter of the request's query; the other where it is missing or blank. */
    static String parameter(Context request, String name, String otherwise) {
        String value = request.queryParam(name);
        return value == null || value.isBlank() ? otherwise : value;
    }
}
