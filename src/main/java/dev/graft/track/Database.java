package dev.graft.track;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens the database file as it must be opened. */
final class Database {

    private static final int CANTOPEN = 14;
    private static final int READONLY = 8;
    private static final int IOERR = 10;

    private Database() {}

    /** A session, and the file it belongs to, for errors to name. */
    record Opened(Session session, Path file) {}

    /** Opens the file for writing, and brings its schema up to date. */
    static Opened openForWriting(Path file) {
        Session session = null;
        try {
            session = connect(file, "rwc");
            // Before anything is changed, so that a file of someone else's stays as it is.
            Schema.check(session, file);
            session.script("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL;"
                    + "PRAGMA synchronous = FULL");
            Schema.migrate(session, Schema.CURRENT);
            return new Opened(session, file);
        } catch (SQLException e) {
            throw closing(session, Failures.of(file, e));
        } catch (StoreException e) {
            throw closing(session, e);
        }
    }

    /**
     * Opens a record of the current schema for a short write beside its one writer; nothing is created.
     *
     * @throws StoreException when there is none any more, or it is of another schema
     */
    static Session openBeside(Path file) throws SQLException {
        Session session = connect(file, "rw");
        try {
            session.script("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL");
            if (Schema.check(session, file) != Schema.CURRENT) {
                throw new StoreException(file + " was replaced a moment ago: try again");
            }
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        } catch (StoreException e) {
            throw closing(session, e);
        }
    }

    /** Returns the schema of a record, 0 where there is none. */
    static int schema(Path file) {
        Optional<Reading> reading = openForReading(file);
        if (reading.isEmpty()) {
            return 0;
        }
        try (Session session = reading.get().session()) {
            return Schema.check(session, file);
        } catch (SQLException e) {
            throw Failures.of(file, e);
        }
    }

    /**
     * A session that reads.
     *
     * @param once whether it sees the file as it is now and nothing later, so that it must not be kept
     */
    record Reading(Session session, boolean once) {}

    /** Opens the file for reading, or returns empty when there is no record in it yet. */
    static Optional<Reading> openForReading(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Session session = null;
        try {
            session = connect(file, "ro");
            session.script("PRAGMA busy_timeout = 5000; PRAGMA query_only = ON");
            int version;
            boolean once = false;
            try {
                version = Schema.check(session, file);
            } catch (SQLException e) {
                if (!isUnchanging(file, e)) {
                    throw e;
                }
                session.close();
                once = true;
                session = connect(file, "ro&immutable=1");
                version = Schema.check(session, file);
            }
            if (version == 0) {
                // Its writer is about to create the tables.
                session.close();
                return Optional.empty();
            }
            return Optional.of(new Reading(session, once));
        } catch (SQLException e) {
            throw closing(session, Failures.of(file, e));
        } catch (StoreException e) {
            throw closing(session, e);
        }
    }

    /** Returns how much a record holds, all read at once. */
    static RecordFacts facts(Session session, Path file) throws SQLException {
        int schema = Schema.check(session, file);
        return session.inTransaction(
                "BEGIN",
                () -> new RecordFacts(
                        schema,
                        session.number("PRAGMA page_count") * session.number("PRAGMA page_size"),
                        session.number("SELECT count(*) FROM sweep"),
                        session.number("SELECT count(*) FROM trial")));
    }

    /** Returns an empty record of a schema that is in no file. */
    static Session inMemory(int version) throws SQLException {
        Session session = new Session(DriverManager.getConnection("jdbc:sqlite::memory:"));
        try {
            Schema.migrate(session, version);
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    /**
     * A reader of a WAL database needs its index file, and creates it where it is missing. In a directory that can only
     * be read it cannot, nor on a full disk; but where there is no log either, nobody writes, and the file can be read as it is.
     */
    private static boolean isUnchanging(Path file, SQLException e) throws SQLException {
        int code = e.getErrorCode() & 0xff;
        Path log = file.resolveSibling(file.getFileName() + "-wal");
        try {
            return (code == CANTOPEN || code == READONLY || code == IOERR)
                    && (!Files.exists(log) || Files.size(log) == 0);
        } catch (IOException unreadable) {
            e.addSuppressed(unreadable);
            throw e;
        }
    }

    private static Session connect(Path file, String mode) throws SQLException {
        if (Files.isDirectory(file)) {
            throw new StoreException(file + " is a directory, not a record: move it away");
        }
        // As an address, because the driver would take a question mark in a path for the start of options.
        String address = file.toAbsolutePath().toUri().toASCIIString();
        return new Session(DriverManager.getConnection("jdbc:sqlite:" + address + "?mode=" + mode));
    }

    private static StoreException closing(@Nullable Session session, StoreException e) {
        if (session != null) {
            try {
                session.close();
            } catch (SQLException closing) {
                e.addSuppressed(closing);
            }
        }
        return e;
    }
}
