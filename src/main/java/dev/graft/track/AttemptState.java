package dev.graft.track;

import java.util.Locale;

/** Where an attempt at a trial stands. */
public enum AttemptState {
    /** Under way. */
    RUNNING,
    /** Trained to its end. */
    FINISHED,
    /** Stopped because other trials do better. */
    PRUNED,
    /** Ended by the trial's own fault. */
    FAILED,
    /** Its process died. */
    CRASHED,
    /** The user stopped it. */
    CANCELLED;

    /** Returns the name as the record, the command line and the API write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
