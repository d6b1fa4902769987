package dev.graft.features;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feature files in one directory, named by their key's digest. Safe for many processes: whoever holds a key's lock
 * computes it, the others wait, and a holder's death frees the lock.
 */
public final class FeatureStore {

    /** File locks are per process; threads of this process take these first. */
    private static final Map<Path, ReentrantLock> THREAD_LOCKS = new ConcurrentHashMap<>();

    private static final Logger LOG = LoggerFactory.getLogger(FeatureStore.class);
    private static final String SUFFIX = ".features";

    private final Path directory;
    private final InstantSource clock;

    /** Uses a directory, which is made when something is stored. */
    public FeatureStore(Path directory, InstantSource clock) {
        this.directory = directory.toAbsolutePath().normalize();
        this.clock = clock;
    }

    /** Opens the file of a key and notes its use, or returns empty. A damaged file is as good as none. */
    public Optional<FeatureFile> find(FeatureKey key) {
        Path file = file(key);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            FeatureFile found = FeatureFile.open(file);
            if (!found.key().equals(key)) {
                throw new FeatureFile.DamagedException("holds the features of another key");
            }
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            return Optional.of(found);
        } catch (FeatureFile.DamagedException e) {
            LOG.warn("{} is damaged and will be computed again: it {}", file, e.getMessage());
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new FeatureStoreException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Says whether a key's file is there, without opening it. */
    public boolean contains(FeatureKey key) {
        return Files.isRegularFile(file(key));
    }

    /** Returns where a key's file is, or will be. */
    public Path file(FeatureKey key) {
        return directory.resolve(key.digest() + SUFFIX);
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
        ReentrantLock threads = threadLock(path);
        threads.lock();
        try {
            FileChannel channel = openLock(path);
            try {
                return new Lock(threads, channel, channel.lock());
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            threads.unlock();
            throw e;
        }
    }

    /**
     * Deletes what dead processes left half-written. A key's file is only written by the holder of its lock, so that a
     * part whose lock is free has no writer.
     */
    void deleteStaleParts() throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, "*" + SUFFIX + ".part")) {
            for (Path part : parts) {
                String name = part.getFileName().toString();
                Path path = directory.resolve(name.substring(0, name.indexOf('.')) + ".lock");
                ReentrantLock threads = threadLock(path);
                // This thread writes what it holds already.
                if (!threads.isHeldByCurrentThread() && threads.tryLock()) {
                    try (FileChannel channel = openLock(path)) {
                        if (channel.tryLock() != null) {
                            Files.deleteIfExists(part);
                        }
                    } finally {
                        threads.unlock();
                    }
                }
            }
        }
    }

    private static ReentrantLock threadLock(Path path) {
        return THREAD_LOCKS.computeIfAbsent(path, unused -> new ReentrantLock());
    }

    private static FileChannel openLock(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
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
