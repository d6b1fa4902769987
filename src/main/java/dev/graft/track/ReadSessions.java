package dev.graft.track;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Read-only connections to one file, lent to one thread at a time, a few of them kept. */
final class ReadSessions implements AutoCloseable {

    private static final int KEPT = 4;

    private final Path file;
    private final Deque<Lent> idle = new ArrayDeque<>();
    private boolean closed;

    ReadSessions(Path file) {
        this.file = file;
    }

    /**
     * A session, and which file it has open: a results directory may be deleted and made anew while it is watched.
     *
     * @param fileKey null for a session that must not be used again
     */
    record Lent(Session session, @Nullable Object fileKey) {}

    /** Lends a session, or returns empty while there is no record. */
    Optional<Lent> borrow() {
        Object key = fileKey();
        synchronized (this) {
            if (closed) {
                throw new StoreException("the record " + file + " has been closed");
            }
            while (!idle.isEmpty()) {
                Lent lent = idle.pop();
                if (key != null && key.equals(lent.fileKey())) {
                    return Optional.of(lent);
                }
                closeQuietly(lent);
            }
        }
        return Database.openForReading(file).map(reading -> new Lent(reading.session(), reading.once() ? null : key));
    }

    /** Takes a session back. */
    void giveBack(Lent lent, boolean healthy) {
        synchronized (this) {
            if (healthy && !closed && idle.size() < KEPT) {
                idle.push(lent);
                return;
            }
        }
        closeQuietly(lent);
    }

    /** Identifies the file; null while there is none. */
    private @Nullable Object fileKey() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Object key = attributes.fileKey();
            // Windows has none, but does not let an open file be deleted either.
            return key == null ? file : key;
        } catch (IOException e) {
            return null;
        }
    }

    private static void closeQuietly(Lent lent) {
        try {
            lent.session().close();
        } catch (SQLException e) {
            // It only read: nothing is lost, and nothing is left to do about it.
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.forEach(ReadSessions::closeQuietly);
        idle.clear();
    }
}
