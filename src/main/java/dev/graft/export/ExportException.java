package dev.graft.export;

/** Reports that a model cannot be exported, or a bundle cannot be read. */
public final class ExportException extends RuntimeException {

    /** Says what is wrong. */
    public ExportException(String message) {
        super(message);
    }

    /** Says what is wrong, and why. */
    public ExportException(String message, Throwable cause) {
        super(message, cause);
    }
}
