package dev.graft.dashboard;

import dev.graft.analysis.SweepView;
import dev.graft.track.SweepAnnotation;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.List;

/** What is asked of one trial. */
final class TrialRoutes {

    private final TrackReader reader;
    private final SweepTrials trials;

    TrialRoutes(TrackReader reader, SweepTrials trials) {
        this.reader = reader;
        this.trials = trials;
    }

    void addTo(Routes routes) {
        routes.recorded("/trials/{id}", this::trial);
    }

    private void trial(Context request) {
        TrialRecord trial = named(reader, request);
        SweepRecord sweep = reader.sweep(trial.sweepId());
        List<TrialLine> lines = reader.lines(sweep);
        Answers.json(
                request,
                TrialJson.of(
                        SweepView.of(sweep, lines, List.of(trial), reader.featureGroups(sweep.id())),
                        reader.sweepAnnotations()
                                .getOrDefault(sweep.id(), SweepAnnotation.NONE)
                                .nameOf(sweep),
                        lines,
                        TrialKin.of(sweep, trial, trials.of(sweep).records()),
                        reader.epochs(trial.id()),
                        reader.predictions(trial.id()),
                        reader.attempts(trial.id())));
    }

    /**
     * Returns the trial that a request names in its path.
     *
     * @throws NotFoundResponse when there is none; the asker's fault
     */
    static TrialRecord named(TrackReader reader, Context request) {
        String id = request.pathParam("id");
        return reader.trial(id)
                .orElseThrow(() -> new NotFoundResponse("there is no trial " + id
                        + "; a trial is named by its sweep and its number, for example k3v9x2ab-7"));
    }
}
