package dev.graft.dashboard;

/**
 * Reports a dashboard that cannot be started as asked: an unknown host, a port in use, or an address others can reach
 * without a token. The message says what to do about it.
 */
public final class DashboardException extends RuntimeException {

    /** Says what is wrong and what to do. */
    public DashboardException(String message) {
        super(message);
    }

    /** Says what is wrong and what to do, and why it happened. */
    public DashboardException(String message, Throwable cause) {
        super(message, cause);
    }
}
