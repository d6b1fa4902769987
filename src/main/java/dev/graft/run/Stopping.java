package dev.graft.run;

/** Whether, and how soon, a sweep is to stop. */
public enum Stopping {
    /** It goes on. */
    NO,
    /** Running trials end after their epoch, passes after their batch. */
    AFTER_EPOCH,
    /** Workers are killed. */
    NOW;

    /** Returns the more urgent of two wishes. */
    Stopping or(Stopping other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
