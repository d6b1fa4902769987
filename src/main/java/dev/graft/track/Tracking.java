package dev.graft.track;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Opens the record of a results directory: one SQLite file, {@code track.sqlite}, in WAL mode.
 *
 * <p>Every write is one transaction, on the disk when the call returns ({@code synchronous=FULL}): what was recorded
 * survives a killed process and a power cut. Readers never wait for the writer, nor it for them.
 */
public final class Tracking {

    static final String DATABASE = "track.sqlite";
    private static final int ID_LENGTH = 8;

    private Tracking() {}

    /**
     * Opens the record for writing, and creates the directory and the record where they are missing.
     *
     * @param clock tells when trials and sweeps begin and end
     * @throws StoreException naming the process that writes already, when there is one; or saying why the record can't
     *     be written
     */
    public static TrackWriter open(Path resultsDirectory, InstantSource clock) {
        DirectoryLock lock = DirectoryLock.take(resultsDirectory);
        try {
            return new SqliteWriter(Database.openForWriting(file(resultsDirectory)), lock, clock);
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Opens the record for reading; nothing is created. While there is no record the reader finds no sweeps and version
     * 0; it notices when one appears or is replaced.
     *
     * @throws StoreException when there is a record that can't be read
     */
    public static TrackReader openReadOnly(Path resultsDirectory) {
        return reader(resultsDirectory);
    }

    /**
     * Opens the record for showing it to people, as {@link #openReadOnly} does: but sweeps that are recorded as running
     * although nobody writes, because their controller died, are shown as crashed, or as finished if all their trials
     * have ended, and so are their trials and attempts.
     *
     * @param clock tells when it is time to look again whether somebody writes: once a second
     * @throws StoreException when there is a record that can't be read
     */
    public static TrackReader openAsItStands(Path resultsDirectory, InstantSource clock) {
        return new LiveReader(reader(resultsDirectory), resultsDirectory, clock);
    }

    /**
     * Returns what writes names, notes, tags and marks of sweeps and trials into a record; nothing is opened until then,
     * and never created. An older record is brought up to date by the first change, unless a sweep runs in it.
     */
    public static Annotations annotations(Path resultsDirectory) {
        return new Annotations(resultsDirectory);
    }

    private static SqliteReader reader(Path resultsDirectory) {
        requireDirectory(resultsDirectory);
        SqliteReader reader = new SqliteReader(file(resultsDirectory));
        reader.version();
        return reader;
    }

    /** Says it in plain words where a results directory is none. */
    static void requireDirectory(Path resultsDirectory) {
        if (Files.exists(resultsDirectory) && !Files.isDirectory(resultsDirectory)) {
            throw new StoreException(
                    resultsDirectory + " must be a directory, but is a file; choose another for results");
        }
    }

    /** Says whether a process, this one included, has the record open for writing; changes nothing. */
    public static boolean isWritten(Path resultsDirectory) {
        return DirectoryLock.isHeld(resultsDirectory);
    }

    /**
     * Copies the record as it is now into a new file, which another process may go on writing to meanwhile. The copy is
     * checked and is there whole or not at all; as {@code track.sqlite} in a directory of its own it is a record.
     *
     * @param file where to; must not exist
     * @return what the copy holds
     * @throws StoreException when there is no record, the file exists, or either disk fails
     */
    public static RecordFacts backup(Path resultsDirectory, Path file) {
        return Backup.write(file(resultsDirectory), file);
    }

    /**
     * Returns what is wrong with the record: damage, rows that refer to missing ones, another schema than its number
     * says, no database at all. Empty when it is whole, and when there is none. Nothing is changed.
     */
    public static List<String> check(Path resultsDirectory) {
        return RecordCheck.problems(file(resultsDirectory));
    }

    /**
     * Returns how much the record holds, or empty when there is none.
     *
     * @throws StoreException when it can't be read
     */
    public static Optional<RecordFacts> facts(Path resultsDirectory) {
        Path file = file(resultsDirectory);
        Optional<Database.Reading> reading = Database.openForReading(file);
        if (reading.isEmpty()) {
            return Optional.empty();
        }
        try (Session session = reading.get().session()) {
            return Optional.of(Database.facts(session, file));
        } catch (SQLException e) {
            throw Failures.of(file, e);
        }
    }

    /** Returns the file of a results directory's record, which may not exist yet. */
    public static Path file(Path resultsDirectory) {
        return resultsDirectory.resolve(DATABASE);
    }

    /** Returns an id for a new sweep: eight lower-case letters and digits. */
    public static String newSweepId(RandomGenerator random) {
        StringBuilder id = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(Character.forDigit(random.nextInt(Character.MAX_RADIX), Character.MAX_RADIX));
        }
        return id.toString();
    }
}
