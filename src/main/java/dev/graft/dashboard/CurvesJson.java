package dev.graft.dashboard;

import dev.graft.track.CurvePoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One metric of a page of a sweep's trials.
 *
 * @param metric the metric's name
 * @param curves by trial id, points of epoch, value and phase; a value that is not a number is written as null
 * @param page which trials these are
 */
record CurvesJson(String metric, Map<String, List<List<Object>>> curves, TrialPage page) {

    static CurvesJson of(String metric, Map<String, List<CurvePoint>> points, TrialPage page) {
        Map<String, List<List<Object>>> curves = new TreeMap<>();
        points.forEach((trial, curve) -> curves.put(
                trial,
                curve.stream()
                        .map(point -> List.<Object>of(point.epoch(), point.value(), point.phase()))
                        .toList()));
        return new CurvesJson(metric, curves, page);
    }
}
