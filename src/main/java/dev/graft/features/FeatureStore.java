package dev.graft.features;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Feature files in one directory, named by their key's digest. Safe for many processes: whoever holds a key's lock
 * computes it, the others wait, and a holder's death frees the lock.
 */
public final class FeatureStore {

    /** File locks are per process; threads of this process take these first. */
    private static final Map<Path, ReentrantLock> THREAD_LOCKS = new ConcurrentHashMap<>();

    private final Path directory;
    private final InstantSource clock;

    /** Uses a directory, which is made when something is stored. */
    public FeatureStore(Path directory, InstantSource clock) {
        this.directory = directory.toAbsolutePath();
        this.clock = clock;
    }

    /** Opens the file of a key and notes its use, or returns empty. A damaged file is deleted. */
    public Optional<FeatureFile> find(FeatureKey key) {
        Path file = file(key);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            FeatureFile found = FeatureFile.open(file);
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            return Optional.of(found);
        } catch (FeatureStoreException e) {
            deleteQuietly(file);
            return Optional.empty();
        } catch (IOException e) {
            throw new FeatureStoreException(file + " cannot be touched: " + e.getMessage(), e);
        }
    }

    /** Says whether a key's file is there, without opening it. */
    public boolean contains(FeatureKey key) {
        return Files.isRegularFile(file(key));
    }

    /** Returns where a key's file is, or will be. */
    public Path file(FeatureKey key) {
        return directory.resolve(key.digest() + ".features");
    }

    /**
     * Refuses what does not fit.
     *
     * @throws FeatureStoreException when fewer bytes than needed are free
     */
    void requireSpace(long bytes) throws IOException {
        Files.createDirectories(directory);
        FileStore store = Files.getFileStore(directory);
        if (store.getUsableSpace() < bytes) {
            throw new FeatureStoreException("the features need " + bytes + " bytes in " + directory + ", but only "
                    + store.getUsableSpace() + " are free; free some, or set GRAFT_HOME to a larger disk");
        }
    }

    /** Waits for a key's lock, over threads and processes. */
    Lock lock(FeatureKey key) throws IOException {
        Files.createDirectories(directory);
        Path path = directory.resolve(key.digest() + ".lock");
        ReentrantLock threads = THREAD_LOCKS.computeIfAbsent(path, unused -> new ReentrantLock());
        threads.lock();
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                return new Lock(threads, channel, channel.lock());
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            threads.unlock();
            throw e;
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new FeatureStoreException(file + " is damaged and cannot be deleted: " + e.getMessage(), e);
        }
    }

    /** A held lock. */
    record Lock(ReentrantLock threads, FileChannel channel, FileLock processes) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            try {
                // The lock file stays: deleting it would let two waiters lock two different files of one name.
                channel.close();
            } finally {
                threads.unlock();
            }
        }
    }
}
