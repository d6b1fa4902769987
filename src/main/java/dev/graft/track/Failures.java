package dev.graft.track;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** Says what a failure of SQLite or of a directory means to the user. */
final class Failures {

    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int READONLY = 8;
    private static final int READONLY_MOVED = 1032;
    private static final int IOERR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int CONSTRAINT = 19;
    private static final int NOTADB = 26;

    /** With less than this a disk counts as full: SQLite asks for some pages at a time, and for 32 KiB of index. */
    private static final long FULL_BYTES = 128 << 10;

    private Failures() {}

    /** Returns the exception to throw for one about the record in a file. */
    static StoreException of(Path file, SQLException e) {
        int code = e.getErrorCode() & 0xff;
        // With no space for its index file, SQLite reports that it cannot be opened or read.
        if (code == FULL || ((code == IOERR || code == CANTOPEN) && isFull(file))) {
            return full(file, e);
        }
        return new StoreException(meaning(file, e), e);
    }

    /**
     * Returns the exception to throw for one about a directory or a file in it.
     *
     * @param what what could not be done, without the reason
     */
    static StoreException of(Path directory, String what, IOException e) {
        if (isFull(directory)) {
            return full(directory, e);
        }
        if (Files.exists(directory) && !Files.isWritable(directory)) {
            return new StoreException(
                    what + ": it can only be read; make it writable, or choose another results directory", e);
        }
        return new StoreException(what + ": " + e, e);
    }

    /** Says whether a failure is about what a database holds, or who uses it; not about space and permissions. */
    static boolean isOfContent(SQLException e) {
        return switch (e.getErrorCode() & 0xff) {
            case BUSY, LOCKED, CORRUPT, NOTADB -> true;
            default -> false;
        };
    }

    private static DiskFullException full(Path place, Exception e) {
        return new DiskFullException(
                "no space is left on the disk of " + place + ": free some, then graft resume continues", e);
    }

    /** Says whether next to nothing can be written beside a file, or in a directory. */
    private static boolean isFull(Path place) {
        Path there = place.toAbsolutePath();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        try {
            // One that can only be read has no space either, but that is another matter.
            return there != null
                    && Files.isWritable(there)
                    && Files.getFileStore(there).getUsableSpace() < FULL_BYTES;
        } catch (IOException e) {
            // Then the failure is told as it is.
            return false;
        }
    }

    /** Returns the exception to throw for a record that is not where it was opened. */
    static StoreException moved(Path file) {
        return new StoreException(
                file + " was moved or deleted while Graft was writing to it: put it back, or begin anew");
    }

    private static String meaning(Path file, SQLException e) {
        if (e.getErrorCode() == READONLY_MOVED) {
            return String.valueOf(moved(file).getMessage());
        }
        return switch (e.getErrorCode() & 0xff) {
            case BUSY, LOCKED -> file + " is locked by another program: close it and try again";
            case READONLY ->
                file + " or its directory can only be read: make both writable, or choose another results directory";
            case IOERR ->
                file + " could not be read or written: the disk or the network share failed, or a quota is used up ("
                        + e.getMessage() + ")";
            case CORRUPT ->
                file + " is damaged: put a backup in its place, or copy it away and recover what there is with"
                        + " `sqlite3 FILE .recover`";
            case CANTOPEN -> file + " could not be opened: check that it is a file and that you may read it";
            case CONSTRAINT -> "the record in " + file + " refused a change: " + e.getMessage();
            case NOTADB -> file + " is not a SQLite database: put a backup in its place, or move it away";
            default -> "the record in " + file + " failed: " + e.getMessage();
        };
    }
}
