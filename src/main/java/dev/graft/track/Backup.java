package dev.graft.track;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Copies a record while others may write to it: one consistent state, checked, under its name only when whole. */
final class Backup {

    private final Path record;
    private final Path target;
    private final Path directory;
    private final Path part;

    private Backup(Path record, Path target) {
        this.record = record;
        this.target = target;
        // Only a root has no parent, and it exists, which is refused.
        this.directory = Optional.ofNullable(target.getParent()).orElse(target);
        this.part = beside(target, "." + ProcessHandle.current().pid() + ".part");
    }

    static RecordFacts write(Path record, Path target) {
        return new Backup(record, target.toAbsolutePath()).write();
    }

    private RecordFacts write() {
        refuseWhatIsThere();
        Database.Reading reading = Database.openForReading(record)
                .orElseThrow(() -> new StoreException("there is no record to back up: " + record + " is missing"));
        try (Session session = reading.session()) {
            Files.deleteIfExists(part);
            copy(session);
            flush(part);
            RecordFacts facts = check();
            Files.move(part, target);
            flushDirectory(directory);
            return facts;
        } catch (FileAlreadyExistsException e) {
            throw exists(target);
        } catch (SQLException e) {
            throw Failures.of(record, e);
        } catch (IOException e) {
            throw Failures.of(directory, "cannot write the backup " + target, e);
        } finally {
            removePart();
        }
    }

    private void refuseWhatIsThere() {
        if (!Files.isDirectory(directory)) {
            throw new StoreException("there is no directory " + directory + " for the backup: make it first");
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(target);
        }
        for (String suffix : List.of("-wal", "-journal")) {
            Path log = beside(target, suffix);
            if (Files.exists(log)) {
                // SQLite would take it for the log of the copy.
                throw new StoreException(log + " belongs to another database: move it away, or choose another name");
            }
        }
    }

    private static StoreException exists(Path target) {
        return new StoreException(target + " exists already: choose another name, or remove it first");
    }

    private void copy(Session session) {
        try {
            // The record itself is still open for reading only.
            session.script("PRAGMA query_only = OFF");
            session.update("VACUUM INTO ?", part.toString());
        } catch (SQLException e) {
            // What fails in the source is the record's: a lock, damage. The rest is the copy's.
            throw Failures.isOfContent(e) ? Failures.of(record, e) : Failures.of(target, e);
        }
    }

    private RecordFacts check() throws SQLException {
        Database.Reading copy = Database.openForReading(part)
                .orElseThrow(() -> new StoreException("the backup " + target + " came out empty: try again"));
        try (Session session = copy.session()) {
            List<String> problems = session.query("PRAGMA quick_check(1)", row -> row.getString(1));
            if (!problems.equals(List.of("ok"))) {
                throw new StoreException("the backup " + target + " came out damaged (" + problems
                        + "): check the disk, and the record with graft doctor");
            }
            return Database.facts(session, part);
        }
    }

    private static void flush(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static void flushDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Not every system opens directories; the file itself is on the disk.
        }
    }

    private void removePart() {
        for (String suffix : List.of("", "-journal", "-wal", "-shm")) {
            try {
                Files.deleteIfExists(beside(part, suffix));
            } catch (IOException e) {
                // It is no backup by its name, and a later one of this process replaces it.
            }
        }
    }

    private static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }
}
