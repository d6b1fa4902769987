package dev.graft.dashboard;

import dev.graft.track.EpochRecord;
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

    static CurvesJson of(String metric, Map<String, List<EpochRecord>> epochs, TrialPage page) {
        Map<String, List<List<Object>>> curves = new TreeMap<>();
        epochs.forEach((trial, records) -> curves.put(
                trial,
                records.stream()
                        .filter(epoch -> epoch.metrics().containsKey(metric))
                        .map(epoch -> List.<Object>of(
                                epoch.epoch(), epoch.metrics().getOrDefault(metric, Double.NaN), epoch.phase()))
                        .toList()));
        return new CurvesJson(metric, curves, page);
    }
}
