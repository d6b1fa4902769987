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

    /**
     * Records that an attempt at an open trial begins; epochs of earlier attempts are kept but no longer count. One that
     * still runs is recorded as crashed.
     *
     * @param worker who runs it: {@code worker 1, process 4711}; empty where it is not known
     */
    void startTrial(String trialId, String featureGroup, boolean cacheHit, String worker);

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
     * Records the end of a running trial's attempt; the trial waits to be tried again. The attempt's epochs are kept but
     * no longer count.
     *
     * @param state failed, crashed or cancelled
     * @param log the end of the worker's log; empty where there is none
     * @param counts whether the attempt is charged against {@code retry.max_attempts}
     */
    void endAttempt(String trialId, AttemptState state, String reason, String log, boolean counts);

    /**
     * Records the end of a trial and of its running attempt, which counts if the trial failed or crashed. A trial that
     * only waits gets no attempt by this, and cannot finish. A finished or pruned trial is never changed again; others
     * only by {@link #reopenSweep}.
     *
     * @param log the end of the worker's log; empty where there is none
     * @throws StoreException when it has ended already; a bug
     */
    void endTrial(String trialId, TrialState state, String reason, Map<String, Double> seconds, String log);

    /** Records the end of a sweep; trials still waiting or running are recorded as cancelled with the reason. */
    void endSweep(String sweepId, SweepState state, String reason);

    /**
     * Marks sweeps that are recorded as running, though their controller is gone, as crashed: their running trials
     * crashed, by no fault that counts, and their waiting ones are cancelled. One whose trials had all ended has
     * finished. Called by a controller that holds the directory's lock.
     *
     * @return the ids of those that crashed
     */
    List<String> sweepUp();

    /**
     * Lets an ended sweep run again, as this writer's own. Its cancelled trials wait again, and those that crashed
     * without their own fault: their latest attempt does not count. Finished and pruned trials stay as they are.
     *
     * @param failed whether all failed and crashed trials wait again, too, with all their attempts before them
     * @return how many trials wait now; with 0 there is nothing to run, and nothing has been changed
     * @throws StoreException when the sweep has not ended
     */
    int reopenSweep(String sweepId, boolean failed);

    /**
     * Gives a sweep a changed file and more trials; the file it had is kept. The sweep has ended, and runs again as this
     * writer's own if there are new trials; or it is this writer's own. Trials it has stay as they are: to run its open
     * ones again, too, reopen it first.
     *
     * @param trials waiting ones, numbered on from the last there is
     * @throws StoreException when the numbers do not follow, or the sweep is another's and has not ended
     */
    void extendSweep(String sweepId, String fileName, String fileText, List<TrialRecord> trials);

    /**
     * Deletes an ended sweep with its trials and all that is recorded or noted of them; there is no way back. Paths of
     * images stay, which other sweeps may name. The file keeps its size and uses the space again.
     *
     * @return how many rows are gone
     * @throws StoreException when there is no such sweep, or it has not ended
     */
    long deleteSweep(String sweepId);

    @Override
    void close();
}
