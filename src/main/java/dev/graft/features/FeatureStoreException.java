package dev.graft.features;

/** Reports that features could not be stored or read back; the disk's fault. */
public final class FeatureStoreException extends RuntimeException {

    /** Says what failed. */
    public FeatureStoreException(String message) {
        super(message);
    }

    /** Says what failed, and why. */
    public FeatureStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
