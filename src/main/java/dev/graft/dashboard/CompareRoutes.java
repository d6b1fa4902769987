package dev.graft.dashboard;

import dev.graft.analysis.Comparison;
import dev.graft.export.BusyException;
import dev.graft.track.SweepAnnotation;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialRecord;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares trials: {@code GET /compare?trials=ID,ID&reference=ID}. */
final class CompareRoutes {

    private static final String EXAMPLE = "for example trials=k3v9x2ab-1,k3v9x2ab-7";

    /** Resampling takes a second and more for many images, which live pages must not ask for every second. */
    private static final int KEPT = 8;

    private final TrackReader reader;
    private final WorkedOut<Asked, CompareJson> known =
            new WorkedOut<>(KEPT, "several comparisons are being worked out already; ask again in a moment");

    CompareRoutes(TrackReader reader) {
        this.reader = reader;
    }

    /**
     * What an answer depends on: predictions and epochs do not change without their trial, and no trial becomes again
     * what it was, so that an answer may be newer than its question but is never older.
     */
    private record Asked(List<TrialRecord> trials, Map<String, String> sweepNames, String reference) {}

    void addTo(Routes routes) {
        routes.recorded("/compare", this::compare);
    }

    private void compare(Context request) {
        List<String> ids = Arrays.stream(Routes.parameter(request, "trials", "").split(","))
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .distinct()
                .toList();
        if (ids.size() < Comparison.FEWEST || ids.size() > Comparison.MOST) {
            throw new BadRequestResponse("trials must name " + Comparison.FEWEST + " to " + Comparison.MOST
                    + " different trials, " + EXAMPLE + ", but names " + (ids.isEmpty() ? "none" : ids.size()));
        }
        List<TrialRecord> trials = reader.trials(ids);
        if (trials.size() < ids.size()) {
            List<String> found = trials.stream().map(TrialRecord::id).toList();
            List<String> missing =
                    ids.stream().filter(id -> !found.contains(id)).toList();
            throw new NotFoundResponse((missing.size() == 1 ? "there is no trial " : "there are no trials ")
                    + String.join(", ", missing) + "; a trial is named by its sweep and its number, " + EXAMPLE);
        }
        String reference = Routes.parameter(request, "reference", "");
        if (!reference.isEmpty() && !ids.contains(reference)) {
            throw new BadRequestResponse(
                    "reference must be one of the trials " + String.join(", ", ids) + ", but was " + reference);
        }
        try {
            Answers.json(request, answer(trials, reference));
        } catch (BusyException e) {
            ImageRoutes.busy(request, e);
        }
    }

    private CompareJson answer(List<TrialRecord> trials, String reference) {
        Map<String, SweepRecord> sweeps = new LinkedHashMap<>();
        trials.forEach(trial -> sweeps.computeIfAbsent(trial.sweepId(), reader::sweep));
        Map<String, SweepAnnotation> said = reader.sweepAnnotations();
        Map<String, String> names = new LinkedHashMap<>();
        sweeps.forEach((id, sweep) ->
                names.put(id, said.getOrDefault(id, SweepAnnotation.NONE).nameOf(sweep)));
        Asked asked = new Asked(trials, names, reference);
        return known.of(asked, () -> CompareJson.of(reader, sweeps, names, trials, reference));
    }
}
