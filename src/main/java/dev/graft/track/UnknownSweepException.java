package dev.graft.track;

/** Reports that a reference means no sweep or trial, or several; the user's fault. */
public final class UnknownSweepException extends StoreException {

    /** Says what was asked for, and what there is. */
    public UnknownSweepException(String message) {
        super(message);
    }
}
