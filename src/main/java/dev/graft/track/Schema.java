package dev.graft.track;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** The schema and its history: {@code V1.sql} creates it, {@code V2.sql} and so on change it. */
final class Schema {

    /** The schema this version of Graft reads and writes. */
    static final int CURRENT = 4;

    /** What a record says it is: "GRFT". */
    static final int APPLICATION = 0x47524654;

    private Schema() {}

    /**
     * Returns the schema of an open file, 0 for an empty one, and changes nothing.
     *
     * @throws StoreException when the file is of a newer Graft, or not of Graft
     */
    static int check(Session session, Path file) throws SQLException {
        // Pragmas of one read transaction, so that a migration cannot come between them.
        return session.inTransaction("BEGIN", () -> {
            long tables = session.number("SELECT count(*) FROM sqlite_schema");
            int version = Math.toIntExact(session.number("PRAGMA user_version"));
            long application = session.number("PRAGMA application_id");
            if ((tables > 0 && application != APPLICATION) || version < 0) {
                throw new StoreException(file + " is a database of another program");
            }
            if (version > CURRENT) {
                throw new StoreException(file + " was written by a newer Graft (schema " + version
                        + ", this one knows up to " + CURRENT + "): use that one");
            }
            return version;
        });
    }

    /** Brings the schema up to a version, each step all or nothing. */
    static void migrate(Session session, int target) throws SQLException {
        for (long version = session.number("PRAGMA user_version") + 1; version <= target; version++) {
            String script = script(version) + "\n;PRAGMA user_version = " + version;
            session.inTransaction("BEGIN IMMEDIATE", () -> {
                session.script(script);
                return version(session);
            });
        }
    }

    private static long version(Session session) throws SQLException {
        return session.number("PRAGMA user_version");
    }

    private static String script(long version) {
        String name = "V" + version + ".sql";
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + name);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the program's resource " + name + " cannot be read", e);
        }
    }
}
