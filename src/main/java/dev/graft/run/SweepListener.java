package dev.graft.run;

import dev.graft.plan.FrozenPass;
import dev.graft.search.Trial;
import dev.graft.track.EpochRecord;
import dev.graft.track.TrialState;
import java.util.List;
import java.util.OptionalDouble;

/** Hears of a running sweep on the controller's thread; it must be quick. What it does not care for it leaves out. */
public interface SweepListener {

    /**
     * The sweep is recorded and begins, or goes on.
     *
     * @param waiting the trials that are still to be run
     */
    default void sweepStarted(String sweepId, SweepSetup setup, List<Trial> waiting) {}

    /** A pass of the frozen base begins, or its features are looked for in the store. */
    default void passStarted(FrozenPass pass) {}

    /** So many images of the pass are through. */
    default void passProgress(FrozenPass pass, long done, long total) {}

    /** The pass' features are there; {@code computed} is false when all were in the store. */
    default void passEnded(FrozenPass pass, boolean computed, double seconds, int trials) {}

    /** The pass was cut off, and begins again. */
    default void passRepeated(FrozenPass pass, String reason) {}

    /** A trial begins. */
    default void trialStarted(String trialId, Trial trial) {}

    /** A trial took over the result of another with the same run key, and is finished. */
    default void trialRepeated(String trialId, Trial trial, String source) {}

    /** An epoch of a running trial ended. */
    default void epochEnded(String trialId, Trial trial, EpochRecord epoch) {}

    /** An attempt at a trial came to nothing, and the trial waits for another. */
    default void attemptEnded(String trialId, Trial trial, String reason) {}

    /** A trial ended. */
    default void trialEnded(String trialId, Trial trial, TrialState state, String reason) {}

    /** The sweep will take about so many seconds more, at least 0; empty while too little is known to say. */
    default void timeLeft(OptionalDouble seconds) {}

    /** Something is amiss that ends nothing: a damaged feature file, a limit that is too small. */
    default void warned(String text) {}

    /** A worker gets no more work. */
    default void workerRetired(int worker, String reason) {}

    /** The sweep is asked to stop, here or from elsewhere. */
    default void stopping(Stopping how) {}
}
