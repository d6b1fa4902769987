package dev.graft.track;

/** Reports that the record could not be read or written, or does not hold what was asked for. */
public sealed class StoreException extends RuntimeException
        permits AnnotationException, DiskFullException, UnknownSweepException {

    /** Says what is wrong. */
    public StoreException(String message) {
        super(message);
    }

    /** Says what is wrong, and why. */
    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
