package dev.graft.dashboard;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.graft.analysis.BestSoFar;
import dev.graft.analysis.SweepSummary;
import dev.graft.analysis.TimeLeft;
import dev.graft.track.FeatureGroupRecord;
import dev.graft.track.SweepAnnotation;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialLine;
import io.javalin.http.Context;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The list of sweeps. */
final class SweepList {

    private static final int MOST_STEPS = 40;

    private final TrackReader reader;
    private final SweepTrials trials;

    SweepList(TrackReader reader, SweepTrials trials) {
        this.reader = reader;
        this.trials = trials;
    }

    /**
     * A sweep.
     *
     * @param bases the bases of its feature groups
     * @param sparkline how its best value grew, trial by trial in the order in which they ended
     * @param etaSeconds how long it still takes, from when a trial last began or ended; null where that is not known
     * @param etaAt when it is likely to have ended, in ISO 8601
     */
    record Line(
            @JsonUnwrapped SweepSummary summary,
            List<String> bases,
            BestSoFar sparkline,
            @Nullable Double etaSeconds,
            @Nullable String etaAt) {}

    void addTo(Routes routes) {
        routes.recorded("/sweeps", this::sweeps);
    }

    private void sweeps(Context request) {
        Map<String, SweepAnnotation> annotations = reader.sweepAnnotations();
        Answers.json(
                request,
                reader.sweeps().stream()
                        .map(sweep -> line(sweep, annotations.getOrDefault(sweep.id(), SweepAnnotation.NONE)))
                        .toList());
    }

    private Line line(SweepRecord sweep, SweepAnnotation annotation) {
        List<TrialLine> lines = reader.lines(sweep);
        // Only one sweep of a record runs; all trials of the others are not needed.
        Optional<TimeLeft> left = sweep.state() == SweepState.RUNNING
                ? TimeLeft.of(sweep, trials.of(sweep).records())
                : Optional.empty();
        List<TrialLine> asEnded = lines.stream()
                .sorted(Comparator.comparing(TrialLine::endedAt).thenComparingInt(TrialLine::number))
                .toList();
        return new Line(
                SweepSummary.of(sweep, lines, annotation),
                reader.featureGroups(sweep.id()).stream()
                        .map(FeatureGroupRecord::base)
                        .distinct()
                        .toList(),
                BestSoFar.of(sweep, asEnded, MOST_STEPS),
                left.map(TimeLeft::seconds).orElse(null),
                left.map(each -> each.end().toString()).orElse(null));
    }
}
