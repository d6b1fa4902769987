package dev.graft.features;

import org.jspecify.annotations.Nullable;

/** Reports that features could not be stored or read back; the disk's fault. */
public final class FeatureStoreException extends RuntimeException {

    /** What the failure says about the store. */
    private enum Store {
        FULL,
        READ_ONLY,
        OTHER
    }

    private final Store store;

    /** Says what failed. */
    public FeatureStoreException(String message) {
        this(message, null, Store.OTHER);
    }

    /** Says what failed, and why. */
    public FeatureStoreException(String message, Throwable cause) {
        this(message, cause, Store.OTHER);
    }

    private FeatureStoreException(String message, @Nullable Throwable cause, Store store) {
        super(message, cause);
        this.store = store;
    }

    /** Says that there is too little space. */
    static FeatureStoreException full(String message, @Nullable Throwable cause) {
        return new FeatureStoreException(message, cause, Store.FULL);
    }

    /** Says that nothing can be written to the store, whatever it is. */
    static FeatureStoreException readOnly(String message, Throwable cause) {
        return new FeatureStoreException(message, cause, Store.READ_ONLY);
    }

    /** Says whether nothing but space is missing, so that the same would work once some is free. */
    public boolean diskFull() {
        return store == Store.FULL;
    }

    /** Says whether nothing else could be stored either: the disk is full, or the store cannot be written to. */
    public boolean unusable() {
        return store != Store.OTHER;
    }
}
