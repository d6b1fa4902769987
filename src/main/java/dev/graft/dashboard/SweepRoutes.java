package dev.graft.dashboard;

import dev.graft.analysis.SweepSummary;
import dev.graft.analysis.SweepView;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialLine;
import io.javalin.http.Context;
import java.util.List;

/** What is asked of sweeps. */
final class SweepRoutes {

    /** A page of trials is some 800 bytes for each. */
    private static final int MOST_TRIALS = 1000;

    /** More curves than these are a blot, and take their time to draw. */
    private static final int USUAL_CURVES = 200;

    private static final int MOST_CURVES = 500;

    private final TrackReader reader;

    SweepRoutes(TrackReader reader) {
        this.reader = reader;
    }

    void addTo(Routes routes) {
        routes.recorded("/sweeps", this::sweeps);
        routes.recorded("/sweeps/{id}", this::sweep);
        routes.recorded("/sweeps/{id}/curves", this::curves);
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
        String metric = Routes.parameter(request, "metric", sweep.metric());
        TrialPage page = TrialPage.of(request, sweep, reader.lines(sweep), "rank", USUAL_CURVES, MOST_CURVES);
        Answers.json(request, CurvesJson.of(metric, reader.curves(page.ids(), metric), page));
    }
}
