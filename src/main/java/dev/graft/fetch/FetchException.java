package dev.graft.fetch;

/**
 * Reports a download or an archive that cannot be used; the message names the address or the file, what went wrong, and
 * what to do. The fault lies with the network, the server, the archive or the disk.
 */
public final class FetchException extends RuntimeException {

    /** Says what cannot be fetched or unpacked, and why. */
    public FetchException(String message) {
        super(message);
    }

    /** Says what cannot be fetched or unpacked, and why. */
    public FetchException(String message, Throwable cause) {
        super(message, cause);
    }
}
