package dev.graft.fetch;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The space that is left for files, and what systems say where they cannot be written. */
public final class DiskSpace {

    /** Left free, for everything else that runs. */
    private static final long SPARE_BYTES = 32L << 20;

    /** Below this, writers of a record stop while they can still say so in it. */
    private static final long ALMOST_FULL_BYTES = 8L << 20;

    /** What a user can do; the end of a sentence. */
    public static final String ADVICE = "; free some, or set GRAFT_HOME to a larger disk";

    /** What systems say, in the words that reach Java: Linux and macOS, quotas of both, Windows. */
    private static final List<String> FULL =
            List.of("No space left on device", "Disk quota exceeded", "not enough space on the disk");

    /** What they say where space is left, but not for one file: a limit of the process, or of the file system. */
    private static final String TOO_LARGE = "File too large";

    private static final List<String> READ_ONLY =
            List.of("Read-only file system", "Permission denied", "Operation not permitted");

    private DiskSpace() {}

    /** Says whether a write failed for want of space, going by the system's own words; a file's limit counts as one. */
    public static boolean isFull(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return FULL.stream().anyMatch(message::contains) || isTooLarge(failure);
    }

    /** Says whether a write failed because a file would have become larger than any may. */
    public static boolean isTooLarge(IOException failure) {
        return String.valueOf(failure.getMessage()).contains(TOO_LARGE);
    }

    /** Says whether a write failed because nothing can be written there, whatever it is. */
    public static boolean isReadOnly(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof AccessDeniedException || READ_ONLY.stream().anyMatch(message::contains);
    }

    /** Returns what a user can do where {@link #isFull} says so, the end of a sentence; else nothing. */
    public static String advice(IOException failure) {
        return isTooLarge(failure)
                ? "; raise the limit on the size of files (ulimit -f), or set GRAFT_HOME to a disk that takes larger ones"
                : isFull(failure) ? ADVICE : "";
    }

    /**
     * Returns a failure's message, with the reason that some exceptions have in their names alone: {@code access denied}
     * for an {@code AccessDeniedException}, whose message is a path.
     */
    public static String reason(IOException failure) {
        return failure.getMessage()
                + (failure.getClass() == IOException.class
                        ? ""
                        : ", "
                                + failure.getClass()
                                        .getSimpleName()
                                        .replace("Exception", "")
                                        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                                        .toLowerCase(Locale.ROOT));
    }

    /** Returns the bytes that are free at an existing place for everyone; 0 where that cannot be told. */
    public static long free(Path place) {
        try {
            return Files.getFileStore(place).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * Looks whether a disk is about to fill up under what is written little by little, such as a record.
     *
     * @param place an existing folder
     * @return empty while there is room, else what is wrong and what to do
     */
    public static Optional<String> almostFull(Path place) throws IOException {
        long free = Files.getFileStore(place).getUsableSpace();
        return free >= ALMOST_FULL_BYTES
                ? Optional.empty()
                : Optional.of("only " + (free >> 20) + " MiB are free on the disk of " + place.toAbsolutePath()
                        + ", and at least " + (ALMOST_FULL_BYTES >> 20) + " must be: free some");
    }

    /**
     * Looks whether so many bytes more fit beside others.
     *
     * @param place an existing folder, or an existing file of one
     * @param bytes 0 where the number is unknown
     * @return empty where they do, else what is wrong and what to do; the verb and what follows
     */
    public static Optional<String> shortage(Path place, long bytes) throws IOException {
        Path folder = Files.isDirectory(place) ? place : place.toAbsolutePath().getParent();
        long free = Files.getFileStore(place).getUsableSpace() - SPARE_BYTES;
        if (bytes <= free) {
            return Optional.empty();
        }
        return Optional.of((bytes == 0
                        ? "needs more space in " + folder + ", but none is free"
                        : "needs " + bytes + " bytes more in " + folder + ", but only " + Math.max(0, free)
                                + " are free")
                + ADVICE);
    }
}
