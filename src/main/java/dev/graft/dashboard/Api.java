package dev.graft.dashboard;

import dev.graft.analysis.SweepSummary;
import dev.graft.analysis.SweepView;
import dev.graft.track.StoreException;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import dev.graft.track.UnknownSweepException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes under {@code /api/v1}: reads only, every answer JSON, errors as {@code {"error": ...}}. */
final class Api {

    private static final Logger log = LoggerFactory.getLogger(Api.class);

    /** A page of trials is some 800 bytes for each. */
    private static final int MOST_TRIALS = 1000;

    /** More curves than these are a blot, and take their time to draw. */
    private static final int USUAL_CURVES = 200;

    private static final int MOST_CURVES = 500;

    private final TrackReader reader;

    Api(TrackReader reader) {
        this.reader = reader;
    }

    void addTo(RoutesConfig routes) {
        routes.before("/api/*", this::putVersion);
        routes.get("/api/v1/sweeps", this::sweeps);
        routes.get("/api/v1/sweeps/{id}", this::sweep);
        routes.get("/api/v1/sweeps/{id}/curves", this::curves);
        routes.get("/api/v1/trials/{id}", this::trial);
        routes.exception(
                HttpResponseException.class,
                (e, request) -> Answers.error(request, HttpStatus.forStatus(e.getStatus()), text(e)));
        routes.exception(
                UnknownSweepException.class, (e, request) -> Answers.error(request, HttpStatus.NOT_FOUND, text(e)));
        routes.exception(StoreException.class, (e, request) -> {
            log.warn("{} could not be answered: {}", request.path(), text(e));
            log.debug("why {} could not be answered", request.path(), e);
            Answers.error(request, HttpStatus.SERVICE_UNAVAILABLE, "the record could not be read: " + text(e));
        });
        routes.exception(Exception.class, (e, request) -> {
            log.error("{} could not be answered", request.path(), e);
            Answers.error(request, HttpStatus.INTERNAL_SERVER_ERROR, "this is a bug in Graft; its log has the details");
        });
    }

    /** Read before the data: a page that holds this version has seen everything up to it, and perhaps more. */
    private void putVersion(Context request) {
        request.header("Graft-Version", Long.toString(reader.version()));
    }

    private void sweeps(Context request) {
        Answers.json(
                request,
                reader.sweeps().stream()
                        .map(sweep -> SweepSummary.of(sweep, reader.lines(sweep)))
                        .toList());
    }

    private void sweep(Context request) {
        SweepRecord sweep = reader.sweep(request.pathParam("id"));
        List<TrialLine> lines = reader.lines(sweep);
        TrialPage page = TrialPage.of(request, sweep, lines, "number", MOST_TRIALS, MOST_TRIALS);
        Answers.json(
                request,
                new SweepJson(
                        SweepView.of(sweep, lines, reader.trials(page.ids()), reader.featureGroups(sweep.id())), page));
    }

    private void curves(Context request) {
        SweepRecord sweep = reader.sweep(request.pathParam("id"));
        String named = request.queryParam("metric");
        String metric = named == null || named.isBlank() ? sweep.metric() : named;
        TrialPage page = TrialPage.of(request, sweep, reader.lines(sweep), "rank", USUAL_CURVES, MOST_CURVES);
        Answers.json(request, CurvesJson.of(metric, reader.curves(page.ids(), metric), page));
    }

    private void trial(Context request) {
        String id = request.pathParam("id");
        TrialRecord trial = reader.trial(id)
                .orElseThrow(() -> new NotFoundResponse("there is no trial " + id
                        + "; a trial is named by its sweep and its number, for example k3v9x2ab-7"));
        SweepRecord sweep = reader.sweep(trial.sweepId());
        List<TrialLine> lines = reader.lines(sweep);
        Answers.json(
                request,
                TrialJson.of(
                        SweepView.of(sweep, lines, List.of(trial), reader.featureGroups(sweep.id())),
                        lines,
                        reader.epochs(id),
                        reader.predictions(id),
                        reader.attempts(id)));
    }

    private static String text(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
