package dev.graft.track;

import java.util.Locale;

/** Where a trial stands. */
public enum TrialState {
    /** Not begun. */
    WAITING,
    /** An attempt is under way. */
    RUNNING,
    /** Trained to its end. */
    FINISHED,
    /** Stopped because other trials do better. */
    PRUNED,
    /** Ended by its own fault: a NaN loss, out of memory, impossible parameters. */
    FAILED,
    /** Its process died. */
    CRASHED,
    /** The user stopped it. */
    CANCELLED;

    /** Returns the name as the record, the command line and the API write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Says whether the trial can still change. */
    public boolean isOpen() {
        return this == WAITING || this == RUNNING;
    }
}
