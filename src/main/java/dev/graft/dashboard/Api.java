package dev.graft.dashboard;

import dev.graft.analysis.SweepSummary;
import dev.graft.analysis.SweepView;
import dev.graft.analysis.TrialView;
import dev.graft.track.StoreException;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialRecord;
import dev.graft.track.UnknownSweepException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes under {@code /api/v1}: reads only, every answer JSON, errors as {@code {"error": ...}}. */
final class Api {

    private static final Logger log = LoggerFactory.getLogger(Api.class);

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
                        .map(sweep -> SweepSummary.of(sweep, reader.trials(sweep.id())))
                        .toList());
    }

    private void sweep(Context request) {
        Answers.json(request, view(reader.sweep(request.pathParam("id"))));
    }

    private void curves(Context request) {
        SweepRecord sweep = reader.sweep(request.pathParam("id"));
        String metric = request.queryParam("metric");
        Answers.json(
                request,
                CurvesJson.of(
                        metric == null || metric.isBlank() ? sweep.metric() : metric,
                        reader.epochsOfSweep(sweep.id())));
    }

    private void trial(Context request) {
        String id = request.pathParam("id");
        String sweepId = reader.trial(id)
                .map(TrialRecord::sweepId)
                .orElseThrow(() -> new NotFoundResponse("there is no trial " + id
                        + "; a trial is named by its sweep and its number, for example k3v9x2ab-7"));
        SweepView sweep = view(reader.sweep(sweepId));
        for (TrialView trial : sweep.trials()) {
            if (trial.id().equals(id)) {
                Answers.json(
                        request,
                        TrialJson.of(sweep, trial, reader.epochs(id), reader.predictions(id), reader.attempts(id)));
                return;
            }
        }
        throw new StoreException("the trials of sweep " + sweepId + " lack " + id);
    }

    private SweepView view(SweepRecord sweep) {
        return SweepView.of(sweep, reader.trials(sweep.id()), reader.featureGroups(sweep.id()));
    }

    private static String text(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
