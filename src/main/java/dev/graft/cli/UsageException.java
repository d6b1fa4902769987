package dev.graft.cli;

/** Reports that a command was asked for something it cannot do; the user's fault. */
final class UsageException extends RuntimeException {

    UsageException(String message) {
        super(message);
    }
}
