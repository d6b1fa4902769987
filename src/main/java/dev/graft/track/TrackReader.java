package dev.graft.track;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the record. Every call sees one consistent state; implementations are safe for use by several threads. */
public interface TrackReader extends AutoCloseable {

    /** Returns all sweeps, the newest first. */
    List<SweepRecord> sweeps();

    /**
     * Returns the sweep an id, a unique prefix of one, or {@code latest} means.
     *
     * @throws UnknownSweepException naming the candidates, when the reference means none or several; the user's fault
     */
    SweepRecord sweep(String reference);

    /** Returns the trials of a sweep by its id, in their order. */
    List<TrialRecord> trials(String sweepId);

    /** Returns all trials of a sweep in their order, no more of each than ranking takes. */
    default List<TrialLine> lines(SweepRecord sweep) {
        return trials(sweep.id()).stream()
                .map(trial -> TrialLine.of(sweep.metric(), trial))
                .toList();
    }

    /** Returns some trials by their ids, in the order of the ids; those that there are. */
    default List<TrialRecord> trials(List<String> trialIds) {
        return trialIds.stream().flatMap(id -> trial(id).stream()).toList();
    }

    /** Returns the combinations of parameters that the trials of a sweep have, in the order in which they first appear. */
    default List<Map<String, Object>> parameters(String sweepId) {
        return trials(sweepId).stream().map(TrialRecord::parameters).distinct().toList();
    }

    /** Returns a trial by its id, or empty. */
    Optional<TrialRecord> trial(String trialId);

    /**
     * Returns the ids of the trials that were trained to their end with a run key, the newest first; and of those that
     * took over the result of one that was deleted since.
     */
    List<String> finished(String runKey);

    /** Returns the attempts at a trial, in order; empty before the first. */
    List<AttemptRecord> attempts(String trialId);

    /** Returns the epochs of a trial's counting attempt, in order. */
    List<EpochRecord> epochs(String trialId);

    /** Returns the epochs of all trials of a sweep by trial id: for drawing many curves with one query. */
    Map<String, List<EpochRecord>> epochsOfSweep(String sweepId);

    /** Returns one metric of some trials' counting attempts by trial id, in the order of the ids: for drawing curves. */
    default Map<String, List<CurvePoint>> curves(List<String> trialIds, String metric) {
        Map<String, List<CurvePoint>> curves = new LinkedHashMap<>();
        for (String id : trialIds) {
            curves.put(
                    id,
                    epochs(id).stream()
                            .filter(epoch -> epoch.metrics().containsKey(metric))
                            .map(epoch -> new CurvePoint(
                                    epoch.epoch(),
                                    epoch.phase(),
                                    epoch.metrics().getOrDefault(metric, Double.NaN),
                                    Optional.empty()))
                            .toList());
        }
        return curves;
    }

    /** Returns the validation predictions of a trial's kept epoch, in image order; empty before there are any. */
    List<Prediction> predictions(String trialId);

    /** Returns the feature groups of a sweep. */
    List<FeatureGroupRecord> featureGroups(String sweepId);

    /** Returns what is noted about sweeps, by their ids; those about which anything is. */
    default Map<String, SweepAnnotation> sweepAnnotations() {
        return Map.of();
    }

    /** Returns what is noted about the trials of a sweep, by their ids; those about which anything is. */
    default Map<String, TrialAnnotation> trialAnnotations(String sweepId) {
        return Map.of();
    }

    /** Returns the attempts at all trials of a sweep, in the order of the trials: for drawing a timeline. */
    default List<AttemptLine> attemptLines(String sweepId) {
        return List.of();
    }

    /**
     * Returns a number that grows with every change to the record, of any process; readers poll it to learn of news
     * cheaply.
     */
    long version();

    @Override
    void close();
}
