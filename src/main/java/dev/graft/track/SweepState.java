package dev.graft.track;

import java.util.Locale;

/** Where a sweep stands. */
public enum SweepState {
    /** Its controller is at work. */
    RUNNING,
    /** Every trial ended; some may have failed. */
    FINISHED,
    /** The user stopped it. */
    CANCELLED,
    /** It ended early, for the recorded reason. */
    FAILED,
    /** Its controller died. */
    CRASHED;

    /** Returns the name as the record, the command line and the API write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
