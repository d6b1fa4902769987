package dev.graft.track;

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
    CRASHED
}
