package dev.graft.features;

import dev.graft.fetch.DiskSpace;
import dev.graft.fetch.WriteLock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feature files in one directory, named by their key's digest. Safe for many processes: whoever holds a key's lock
 * computes it, the others wait, and a holder's death frees the lock.
 */
public final class FeatureStore {

    private static final Logger LOG = LoggerFactory.getLogger(FeatureStore.class);
    private static final String SUFFIX = ".features";
    private static final String PART = ".part";

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
        Optional<String> shortage = DiskSpace.shortage(directory, bytes);
        if (shortage.isPresent()) {
            throw new FeatureStoreException("the store of features " + shortage.get());
        }
    }

    /**
     * Waits for a key's lock, over threads and processes.
     *
     * @throws CancelledException when the thread is interrupted meanwhile
     */
    WriteLock lock(FeatureKey key) throws IOException {
        Files.createDirectories(directory);
        try {
            return WriteLock.take(file(key), () -> LOG.debug("waiting for the process that computes {}", file(key)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException();
        }
    }

    /**
     * Deletes what dead processes left half-written. A key's file is only written by the holder of its lock, so that a
     * part whose lock is free has no writer.
     */
    void deleteStaleParts() throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, "*" + SUFFIX + PART)) {
            for (Path part : parts) {
                String name = part.getFileName().toString();
                Path file = directory.resolve(name.substring(0, name.length() - PART.length()));
                Optional<WriteLock> lock = WriteLock.tryTake(file);
                if (lock.isPresent()) {
                    try (WriteLock held = lock.get()) {
                        Files.deleteIfExists(part);
                    }
                }
            }
        }
    }
}
