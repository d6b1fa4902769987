package dev.graft.dashboard;

import dev.graft.analysis.ParetoFront;
import dev.graft.analysis.TrialFacts;
import dev.graft.analysis.TrialGroups;
import dev.graft.export.BusyException;
import dev.graft.spec.Metric;
import dev.graft.track.SweepAnnotation;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialState;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is asked of sweeps and of many trials at once. */
final class SweepRoutes {

    private static final int USUAL_TRIALS = 100;

    /** A page of trials is some 800 bytes for each. */
    private static final int MOST_TRIALS = 1000;

    /** More curves than these are a blot, and take their time to draw. */
    private static final int USUAL_CURVES = 200;

    private static final int MOST_CURVES = 500;

    private final TrackReader reader;
    private final SweepTrials trials;
    private final Importances importances = new Importances();

    SweepRoutes(TrackReader reader, SweepTrials trials) {
        this.reader = reader;
        this.trials = trials;
    }

    void addTo(Routes routes) {
        routes.recorded("/sweeps/{id}", this::sweep);
        routes.recorded("/sweeps/{id}/trials", this::trials);
        routes.recorded("/sweeps/{id}/trials.csv", request -> TrialTable.csv(request, selection(request)));
        routes.recorded("/sweeps/{id}/trials.json", request -> TrialTable.json(request, selection(request)));
        routes.recorded("/sweeps/{id}/matching", this::matching);
        routes.recorded("/sweeps/{id}/groups", this::groups);
        routes.recorded("/sweeps/{id}/curves", this::curves);
        routes.recorded("/sweeps/{id}/points", this::points);
        routes.recorded("/sweeps/{id}/importance", this::importance);
        routes.recorded("/sweeps/{id}/timeline", this::timeline);
    }

    private SweepRecord named(Context request) {
        return reader.sweep(request.pathParam("id"));
    }

    private TrialSelection selection(Context request) {
        SweepRecord sweep = named(request);
        return TrialSelection.of(request, sweep, trials.of(sweep));
    }

    private void sweep(Context request) {
        SweepRecord sweep = named(request);
        Answers.json(
                request,
                SweepJson.of(
                        sweep,
                        trials.of(sweep),
                        reader.featureGroups(sweep.id()),
                        reader.sweepAnnotations().getOrDefault(sweep.id(), SweepAnnotation.NONE)));
    }

    private void trials(Context request) {
        TrialSelection selection = selection(request);
        TrialPage.Cut cut =
                TrialPage.of(request, selection, selection.sorted(request, "number"), USUAL_TRIALS, MOST_TRIALS);
        Answers.json(
                request, new TrialsJson(cut.trials().stream().map(TrialRow::of).toList(), cut.page()));
    }

    /** Answers what a filter lets through, or what is wrong with it: a question, so that a bad one is no error. */
    private void matching(Context request) {
        try {
            TrialSelection selection = selection(request);
            Answers.json(
                    request,
                    new MatchingJson(
                            selection.chosen().size(),
                            selection.trials().records().size(),
                            selection.hidden(),
                            null));
        } catch (TrialSelection.RefusedFilterException e) {
            Answers.json(
                    request,
                    new MatchingJson(
                            0, 0, 0, new Problem(String.valueOf(e.getMessage()), e.parameter(), e.position())));
        }
    }

    /** How many trials a filter lets through; zeros where it cannot be read. */
    private record MatchingJson(
            int matching, int total, int hidden, @Nullable Problem problem) {}

    /** What is wrong with a filter, and at which of its characters, from 0. */
    private record Problem(String error, String parameter, int position) {}

    /** A page of trials. */
    private record TrialsJson(List<TrialRow> trials, TrialPage page) {}

    private void groups(Context request) {
        TrialSelection selection = selection(request);
        List<String> by = Stream.of(Routes.parameter(request, "by", "").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        if (by.isEmpty() || by.size() > 4) {
            throw new BadRequestResponse("by must name one to four parameters, with commas between them");
        }
        List<String> known = selection.trials().parameterNames();
        for (String name : by) {
            if (!known.contains(name)) {
                throw new BadRequestResponse("by must name parameters of the sweep, which " + name + " is not");
            }
        }
        Answers.json(request, TrialGroups.of(selection.sweep(), selection.records(), by, metric(request, selection)));
    }

    private void curves(Context request) {
        TrialSelection selection = selection(request);
        String metric = metric(request, selection);
        TrialPage.Cut cut =
                TrialPage.of(request, selection, selection.sorted(request, "rank"), USUAL_CURVES, MOST_CURVES);
        Answers.json(request, CurvesJson.of(metric, reader.curves(cut.ids(), metric), cut));
    }

    private void points(Context request) {
        TrialSelection selection = selection(request);
        Answers.json(
                request,
                PointsJson.of(
                        selection,
                        selection.trials().parameterNames(),
                        selection.trials().metrics(),
                        front(selection, Routes.parameter(request, "x", ""), Routes.parameter(request, "y", ""))));
    }

    private static List<String> front(TrialSelection selection, String x, String y) {
        if (x.isEmpty() || y.isEmpty()) {
            return List.of();
        }
        selection.requireKnown(x);
        selection.requireKnown(y);
        List<ParetoFront.Point> points = new ArrayList<>();
        for (TrialFacts facts : selection.chosen()) {
            boolean inTime = x.equals("seconds") || y.equals("seconds");
            // One that failed early took little time, and one that took over a result none.
            if (facts.trial().state() == TrialState.FINISHED
                    && (!inTime || facts.trial().sameAs().isEmpty())
                    && facts.value(x) instanceof Number a
                    && facts.value(y) instanceof Number b) {
                points.add(new ParetoFront.Point(facts.trial().id(), a.doubleValue(), b.doubleValue()));
            }
        }
        return ParetoFront.of(points, goal(selection, x), goal(selection, y)).stream()
                .map(ParetoFront.Point::id)
                .toList();
    }

    /** Of time, weights and parameters, less is better: they are what a result costs. */
    private static Metric.Goal goal(TrialSelection selection, String name) {
        return selection.trials().metrics().contains(name)
                        && !selection.trials().parameterNames().contains(name)
                ? TrialGroups.goal(selection.sweep(), name)
                : Metric.Goal.MINIMIZE;
    }

    private void importance(Context request) {
        TrialSelection selection = selection(request);
        try {
            Answers.json(request, importances.of(selection.records(), metric(request, selection)));
        } catch (BusyException e) {
            ImageRoutes.busy(request, e);
        }
    }

    private void timeline(Context request) {
        SweepRecord sweep = named(request);
        Answers.json(request, TimelineJson.of(sweep, trials.of(sweep).records(), reader.attemptLines(sweep.id())));
    }

    private static String metric(Context request, TrialSelection selection) {
        return Routes.parameter(request, "metric", selection.sweep().metric());
    }
}
