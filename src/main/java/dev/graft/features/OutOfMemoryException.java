package dev.graft.features;

import java.util.List;

/** Reports that a pass of the frozen base ran out of memory; a smaller batch may fit. */
public final class OutOfMemoryException extends RuntimeException {

    /** What native libraries say; they have no exception of their own for it. */
    private static final List<String> NATIVE =
            List.of("Failed to allocate memory", "bad_alloc", "bad allocation", "BFCArena");

    private static final int DEEPEST_CAUSE = 20;

    private OutOfMemoryException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Says what ran out at what batch of images of what size. */
    static OutOfMemoryException of(Throwable cause, int batch, int imageSize) {
        return new OutOfMemoryException(
                "the frozen base ran out of memory with batches of " + batch + " images of " + imageSize + " x "
                        + imageSize + " pixels (" + cause.getMessage() + ")",
                cause);
    }

    /** Says whether memory, on the heap or outside, is what was missing. */
    static boolean isBehind(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            // JavaCPP throws this error, too, at its own limits.
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
            String message = String.valueOf(cause.getMessage());
            if (NATIVE.stream().anyMatch(message::contains)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
