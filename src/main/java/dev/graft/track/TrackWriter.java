package dev.graft.track;

import java.util.List;
import java.util.Map;

/**
 * Writes the record, each call durably and at once. One writer per results directory; calls may come from several
 * threads and are put in order.
 */
public interface TrackWriter extends AutoCloseable {

    /** Records a new running sweep and its waiting trials, all or nothing. */
    void createSweep(SweepRecord sweep, List<TrialRecord> trials);

    /** Records or replaces what is known of a feature group of a sweep. */
    void putFeatureGroup(String sweepId, FeatureGroupRecord group);

    /** Adds to a sweep's provenance. */
    void addProvenance(String sweepId, Map<String, String> provenance);

    /** Records the passes of the frozen base a sweep did and saved. */
    void setFrozenPasses(String sweepId, int done, int saved);

    /** Records that an attempt at a trial begins; epochs of earlier attempts are kept but no longer count. */
    void startTrial(String trialId, String featureGroup, boolean cacheHit);

    /** Records an epoch of a running trial and brings its best, last, minimum and maximum up to date. */
    void addEpoch(String trialId, EpochRecord epoch);

    /** Replaces the predictions of a running trial's kept epoch. */
    void putPredictions(String trialId, int keptEpoch, List<Prediction> predictions);

    /**
     * Records a waiting trial as finished with the result of another that has the same run key: its epochs, predictions
     * and kept epoch.
     *
     * @param source a finished trial
     */
    void repeatTrial(String trialId, String source, String featureGroup, String reason);

    /**
     * Records the end of a trial. A trial that has ended is never changed again.
     *
     * @throws StoreException when it has ended already; a bug
     */
    void endTrial(String trialId, TrialState state, String reason, Map<String, Double> seconds);

    /** Records the end of a sweep; trials still waiting or running are recorded as cancelled with the reason. */
    void endSweep(String sweepId, SweepState state, String reason);

    /**
     * Marks sweeps that are recorded as running, though their controller is gone, as crashed, with their open trials.
     * Called by a controller that holds the directory's lock.
     *
     * @return the ids of those sweeps
     */
    List<String> sweepUp();

    @Override
    void close();
}
