package dev.graft.dashboard;

import dev.graft.analysis.Comparison;
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

    /** Resampling takes some tenths of a second, which live pages must not ask for every second. */
    private static final int KEPT = 8;

    private final TrackReader reader;
    private final Map<Asked, CompareJson> known = new LatestUsed<>(KEPT);

    CompareRoutes(TrackReader reader) {
        this.reader = reader;
    }

    /** What an answer depends on: predictions and epochs do not change without their trial. */
    private record Asked(List<TrialRecord> trials, List<String> sweepNames, String reference) {}

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
        Answers.json(request, answer(trials, reference));
    }

    private CompareJson answer(List<TrialRecord> trials, String reference) {
        Map<String, SweepRecord> sweeps = new LinkedHashMap<>();
        trials.forEach(trial -> sweeps.computeIfAbsent(trial.sweepId(), reader::sweep));
        Asked asked = new Asked(
                trials, sweeps.values().stream().map(SweepRecord::name).toList(), reference);
        synchronized (known) {
            CompareJson answer = known.get(asked);
            if (answer != null) {
                return answer;
            }
        }
        CompareJson answer = CompareJson.of(reader, sweeps, trials, reference);
        synchronized (known) {
            known.put(asked, answer);
        }
        return answer;
    }
}
