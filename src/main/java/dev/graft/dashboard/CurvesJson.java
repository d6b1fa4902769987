package dev.graft.dashboard;

import dev.graft.analysis.Downsampled;
import dev.graft.track.CurvePoint;
import dev.graft.track.TrialRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One metric of a page of a sweep's trials.
 *
 * @param metric the metric's name
 * @param curves the trials in the order of the page
 * @param page which trials these are
 */
record CurvesJson(String metric, List<Curve> curves, TrialPage page) {

    private static final int MOST_POINTS = 120;

    /**
     * A trial's curve.
     *
     * @param parameters the trial's, to tell curves apart
     * @param points of epoch, value, phase and seconds since the trial began; a value that is not a number and a time that
     *     is not known are null. Of a long curve, as many points as can be told apart.
     */
    record Curve(
            String id,
            int number,
            Map<String, Object> parameters,
            boolean pinned,
            List<List<@Nullable Object>> points) {}

    static CurvesJson of(String metric, Map<String, List<CurvePoint>> points, TrialPage.Cut cut) {
        List<Curve> curves = new ArrayList<>();
        cut.trials().forEach(facts -> {
            TrialRecord trial = facts.trial();
            curves.add(new Curve(
                    trial.id(),
                    trial.number(),
                    new LinkedHashMap<>(trial.parameters()),
                    facts.pinned(),
                    points(points.getOrDefault(trial.id(), List.of()), trial.startedAt())));
        });
        return new CurvesJson(metric, curves, cut.page());
    }

    private static List<List<@Nullable Object>> points(List<CurvePoint> curve, Optional<Instant> began) {
        double[] heights = curve.stream().mapToDouble(CurvePoint::value).toArray();
        List<List<@Nullable Object>> points = new ArrayList<>();
        for (int place : Downsampled.places(heights, MOST_POINTS)) {
            CurvePoint point = curve.get(place);
            List<@Nullable Object> values = new ArrayList<>();
            values.add(point.epoch());
            values.add(Double.isFinite(point.value()) ? point.value() : null);
            values.add(point.phase());
            values.add(seconds(began, point.endedAt()));
            points.add(values);
        }
        return points;
    }

    private static @Nullable Double seconds(Optional<Instant> began, Optional<Instant> ended) {
        return began.isPresent() && ended.isPresent()
                ? Duration.between(began.get(), ended.get()).toMillis() / 1000.0
                : null;
    }
}
