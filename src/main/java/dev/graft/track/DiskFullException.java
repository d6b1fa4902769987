package dev.graft.track;

/** Reports that a disk has no space left; the record is whole, and can be written again once there is some. */
public final class DiskFullException extends StoreException {

    /** Says which disk, and why. */
    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
