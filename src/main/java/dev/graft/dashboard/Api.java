package dev.graft.dashboard;

import dev.graft.track.StoreException;
import dev.graft.track.UnknownSweepException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.time.InstantSource;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The API under {@code /api/v1}: answers are JSON unless they are files, errors {@code {"error": ...}}. */
final class Api {

    private static final Logger log = LoggerFactory.getLogger(Api.class);

    private final Content content;

    Api(Content content) {
        this.content = content;
    }

    /** Adds its routes, and returns them. */
    Routes addTo(RoutesConfig config) {
        Routes routes = new Routes(config, content.reader());
        SweepTrials trials = new SweepTrials(content.reader());
        new SweepRoutes(content.reader(), trials).addTo(routes);
        new CompareRoutes(content.reader()).addTo(routes);
        new TrialRoutes(content.reader(), trials).addTo(routes);
        new ImageRoutes(content.reader()).addTo(routes);
        new ModelRoutes(content.reader(), content.bundles()).addTo(routes);
        new SweepList(content.reader(), trials).addTo(routes);
        new AnnotationRoutes(content, InstantSource.system()).addTo(routes);
        new OpenApi().addTo(routes);
        config.exception(
                HttpResponseException.class,
                (e, request) -> Answers.error(request, HttpStatus.forStatus(e.getStatus()), text(e)));
        config.exception(
                UnknownSweepException.class, (e, request) -> Answers.error(request, HttpStatus.NOT_FOUND, text(e)));
        config.exception(
                TrialSelection.RefusedFilterException.class,
                (e, request) -> Answers.error(
                        request,
                        HttpStatus.BAD_REQUEST,
                        Map.of("error", text(e), "parameter", e.parameter(), "position", e.position())));
        config.exception(StoreException.class, (e, request) -> {
            log.warn("{} could not be answered: {}", request.path(), text(e));
            log.debug("why {} could not be answered", request.path(), e);
            Answers.error(request, HttpStatus.SERVICE_UNAVAILABLE, "the record could not be read: " + text(e));
        });
        config.exception(Exception.class, (e, request) -> {
            if (request.res().isCommitted()) {
                // The reader has gone, or what was being sent is no longer there; an answer cannot be begun twice.
                log.debug("{} was not answered to its end", request.path(), e);
                return;
            }
            log.error("{} could not be answered", request.path(), e);
            Answers.error(request, HttpStatus.INTERNAL_SERVER_ERROR, "this is a bug in Graft; its log has the details");
        });
        return routes;
    }

    private static String text(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
