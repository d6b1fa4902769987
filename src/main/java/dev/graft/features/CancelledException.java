package dev.graft.features;

/** Tells that the user stopped the work. */
public final class CancelledException extends RuntimeException {

    /** Makes one. */
    public CancelledException() {
        super("stopped by the user");
    }
}
