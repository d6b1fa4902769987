package dev.graft.export;

/** Reports that so much is being done already that no more is taken on; asking again later is right. */
public final class BusyException extends RuntimeException {

    /** Says what is busy. */
    public BusyException(String message) {
        super(message);
    }
}
