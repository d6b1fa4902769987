package dev.graft.track;

import java.nio.file.Path;
import java.time.InstantSource;
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
            return new SqliteWriter(Database.openForWriting(resultsDirectory.resolve(DATABASE)), lock, clock);
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
        SqliteReader reader = new SqliteReader(resultsDirectory.resolve(DATABASE));
        reader.version();
        return reader;
    }

    /** Says whether a process, this one included, has the record open for writing; changes nothing. */
    public static boolean isWritten(Path resultsDirectory) {
        return DirectoryLock.isHeld(resultsDirectory);
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
