package dev.graft.dashboard;

import dev.graft.track.EpochRecord;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One metric of all trials of a sweep.
 *
 * @param metric the metric's name
 * @param curves by trial id, points of epoch, value and phase; a value that is not a number is written as null
 */
record CurvesJson(String metric, Map<String, List<List<Object>>> curves) {

    static CurvesJson of(String metric, Map<String, List<EpochRecord>> epochs) {
        Map<String, List<List<Object>>> curves = new TreeMap<>();
        epochs.forEach((trial, records) -> curves.put(
                trial,
                records.stream()
                        .filter(epoch -> epoch.metrics().containsKey(metric))
                        .map(epoch -> List.<Object>of(
                                epoch.epoch(), epoch.metrics().getOrDefault(metric, Double.NaN), epoch.phase()))
                        .toList()));
        return new CurvesJson(metric, curves);
    }
}
