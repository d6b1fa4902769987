package dev.graft.track;

import java.nio.file.Path;
import java.sql.SQLException;

/** Says what a failure of SQLite means to the user. */
final class Failures {

    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int READONLY = 8;
    private static final int IOERR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int CONSTRAINT = 19;
    private static final int NOTADB = 26;

    private Failures() {}

    /** Returns the exception to throw for one about the record in a file. */
    static StoreException of(Path file, SQLException e) {
        return new StoreException(meaning(file, e), e);
    }

    private static String meaning(Path file, SQLException e) {
        return switch (e.getErrorCode() & 0xff) {
            case BUSY, LOCKED -> file + " is locked by another program: close it and try again";
            case READONLY -> file + " or its directory can only be read: check the permissions";
            case IOERR ->
                file + " could not be read or written: the disk or the network share failed (" + e.getMessage() + ")";
            case CORRUPT -> file + " is damaged: copy it away, and recover what there is with `sqlite3 FILE .recover`";
            case FULL -> "the disk is full: " + file + " could not be written; free some space and run the sweep again";
            case CANTOPEN -> file + " could not be opened: check that it exists and that you may read it";
            case CONSTRAINT -> "the record in " + file + " refused a change: " + e.getMessage();
            case NOTADB -> file + " is not a SQLite database";
            default -> "the record in " + file + " failed: " + e.getMessage();
        };
    }
}
