package dev.graft.run;

import dev.graft.plan.FrozenPass;
import dev.graft.search.Trial;
import dev.graft.track.TrialState;
import dev.graft.train.EpochResult;

/** Hears of a running sweep on the controller's thread; it must be quick. */
public interface SweepListener {

    /** The sweep is recorded and begins. */
    void sweepStarted(String sweepId, SweepSetup setup);

    /** A pass of the frozen base begins, or its features are found in the store. */
    void passStarted(FrozenPass pass);

    /** So many images of the pass are through. */
    void passProgress(FrozenPass pass, long done, long total);

    /** The pass' features are there; {@code computed} is false when all were in the store. */
    void passEnded(FrozenPass pass, boolean computed, double seconds);

    /** A trial begins. */
    void trialStarted(String trialId, Trial trial);

    /** A trial took over the result of another with the same run key, and is finished. */
    void trialRepeated(String trialId, Trial trial, String source);

    /** An epoch of the running trial ended. */
    void epochEnded(String trialId, EpochResult result);

    /** The running trial ended. */
    void trialEnded(String trialId, TrialState state, String reason);
}
