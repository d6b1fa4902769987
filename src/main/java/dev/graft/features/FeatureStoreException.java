package dev.graft.features;

import org.jspecify.annotations.Nullable;

/** Reports that features could not be stored or read back; the disk's fault. */
public final class FeatureStoreException extends RuntimeException {

    private final boolean diskFull;

    /** Says what failed. */
    public FeatureStoreException(String message) {
        super(message);
        this.diskFull = false;
    }

    /** Says what failed, and why. */
    public FeatureStoreException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private FeatureStoreException(String message, @Nullable Throwable cause, boolean diskFull) {
        super(message, cause);
        this.diskFull = diskFull;
    }

    /** Says that there is too little space. */
    static FeatureStoreException full(String message, @Nullable Throwable cause) {
        return new FeatureStoreException(message, cause, true);
    }

    /** Says whether nothing but space is missing, so that the same would work once some is free. */
    public boolean diskFull() {
        return diskFull;
    }
}
