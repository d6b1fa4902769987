package dev.graft.data;

/** Reports data that cannot be used; the fault lies with the files, not with the program. */
public final class DataException extends RuntimeException {

    /** Says what is wrong with which file or folder. */
    public DataException(String message) {
        super(message);
    }

    /** Says what is wrong with which file or folder, and why. */
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
