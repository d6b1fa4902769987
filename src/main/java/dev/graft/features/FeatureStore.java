package dev.graft.features;

import dev.graft.fetch.DiskSpace;
import dev.graft.fetch.WriteLock;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feature files in one directory, named by their key's digest. Safe for many processes: whoever holds a key's lock
 * computes it, the others wait, and a holder's death frees the lock. With a limit, the least recently used files make
 * room for new ones, but not those that another process is at. A file that this process has mapped stays readable after
 * it was deleted, as POSIX has it.
 */
public final class FeatureStore {

    static final String SUFFIX = ".features";

    private static final Logger LOG = LoggerFactory.getLogger(FeatureStore.class);

    private static final int UNMAP_LOOKS = 10;
    private static final long UNMAP_LOOK_MILLIS = 50;

    private final Path directory;
    private final InstantSource clock;
    private final OptionalLong maxBytes;
    private final StoredFeatures stored;
    private Consumer<String> listener = warning -> {};

    /** Of the files that were asked for last. */
    private final List<InUse> marks = new ArrayList<>();

    /** Uses a directory, which is made when something is stored, without a limit to its size. */
    public FeatureStore(Path directory, InstantSource clock) {
        this(directory, clock, OptionalLong.empty());
    }

    /**
     * Uses a directory, which is made when something is stored.
     *
     * @param maxBytes the size, at least 1, that the least recently used files are deleted to stay within; empty for no
     *     limit
     */
    public FeatureStore(Path directory, InstantSource clock, OptionalLong maxBytes) {
        if (maxBytes.isPresent() && maxBytes.getAsLong() < 1) {
            throw new IllegalArgumentException("a limit must be at least 1 byte, but was " + maxBytes.getAsLong());
        }
        this.directory = directory.toAbsolutePath().normalize();
        this.clock = clock;
        this.maxBytes = maxBytes;
        this.stored = new StoredFeatures(this.directory);
    }

    /** Has somebody else than the log, too, hear what a user should know: damaged files, a limit that is too small. */
    public FeatureStore telling(Consumer<String> listener) {
        this.listener = listener;
        return this;
    }

    void tell(String warning) {
        LOG.warn(warning);
        listener.accept(warning);
    }

    /**
     * Says to other processes that the files of some keys are in use here, until others are or this process ends: they
     * do not make room of them.
     */
    synchronized void use(Collection<FeatureKey> keys) {
        for (InUse mark : marks) {
            try {
                mark.close();
            } catch (IOException e) {
                LOG.debug("a mark in {} cannot be closed", directory, e);
            }
        }
        marks.clear();
        for (FeatureKey key : keys) {
            try {
                Files.createDirectories(directory);
                marks.add(InUse.mark(file(key)));
            } catch (IOException e) {
                // Where nothing can be written, nobody can delete anything either.
                LOG.debug("{} cannot be marked as in use", file(key), e);
            }
        }
    }

    /** Opens the file of a key and notes its use, or returns empty. A damaged file is as good as none. */
    public Optional<FeatureFile> find(FeatureKey key) {
        return find(key, e -> tell(file(key) + " is damaged and will be computed again: it " + e.getMessage()));
    }

    /** Does the same, and leaves it to the holder of the key's lock to say that a file is damaged. */
    Optional<FeatureFile> findQuietly(FeatureKey key) {
        return find(key, e -> LOG.debug("{} is damaged: it {}", file(key), e.getMessage()));
    }

    /** Does the same for the holder of the key's lock, and takes a damaged file out of the way. */
    Optional<FeatureFile> findOrClear(FeatureKey key) throws IOException {
        List<FeatureFile.DamagedException> damage = new ArrayList<>();
        Optional<FeatureFile> found = find(key, damage::add);
        for (FeatureFile.DamagedException e : damage) {
            Path file = file(key);
            tell(file + " is damaged and is computed again: it " + e.getMessage());
            try {
                Files.deleteIfExists(file);
            } catch (DirectoryNotEmptyException full) {
                // What is in it is not ours to delete.
                Files.move(file, StoredFeatures.moved(file));
            }
        }
        return found;
    }

    private Optional<FeatureFile> find(FeatureKey key, Consumer<FeatureFile.DamagedException> damaged) {
        Path file = file(key);
        try {
            if (Files.isDirectory(file)) {
                throw new FeatureFile.DamagedException("is a folder");
            }
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            FeatureFile found = FeatureFile.open(file);
            if (!found.key().equals(key)) {
                throw new FeatureFile.DamagedException("holds the features of another key");
            }
            noteUse(file);
            return Optional.of(found);
        } catch (FeatureFile.DamagedException e) {
            damaged.accept(e);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new FeatureStoreException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void noteUse(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
        } catch (IOException e) {
            // Deleted by now, or in a store that can only be read: mapped it is all the same.
            LOG.debug("the use of {} cannot be noted", file, e);
        }
    }

    /** Says whether a key's file is there, without opening it. */
    public boolean contains(FeatureKey key) {
        return Files.isRegularFile(file(key));
    }

    /** Returns the directory. */
    public Path directory() {
        return directory;
    }

    /** Returns where a key's file is, or will be. */
    public Path file(FeatureKey key) {
        return directory.resolve(name(key));
    }

    static String name(FeatureKey key) {
        return key.digest() + SUFFIX;
    }

    /**
     * Makes room for new files: deletes the least recently used ones as far as the limit asks for it, and then as far as
     * the disk does.
     *
     * @param bytes what is about to be written
     * @param keep files that stay in any case
     * @throws FeatureStoreException when it does not fit all the same
     */
    void makeRoom(long bytes, Set<Path> keep) throws IOException {
        Files.createDirectories(directory);
        if (maxBytes.isPresent()) {
            long limit = maxBytes.getAsLong();
            if (bytes > limit) {
                tell("the features of one pass take " + bytes + " bytes, more than the limit of " + limit
                        + " bytes for " + directory
                        + ": they are stored all the same, and take the place of all others");
            }
        }
        if (excess(bytes) > 0 || DiskSpace.shortage(directory, bytes).isPresent()) {
            // One process at a time, or two would each count a file that the other deletes as still there.
            try (WriteLock lock = lock(directory.resolve("eviction"), () -> false)) {
                deleteOverLimit(bytes, keep);
                if (DiskSpace.shortage(directory, bytes).isPresent()) {
                    unmapWhatIsNotUsed(bytes);
                    deleteForDisk(bytes, keep);
                }
            }
        }
        requireSpace(bytes);
    }

    /** Returns the bytes over the limit once so many more are written; not above 0 where they fit. */
    private long excess(long bytes) throws IOException {
        return maxBytes.isEmpty() ? 0 : stored.bytes() - maxBytes.getAsLong() + bytes;
    }

    private void deleteOverLimit(long bytes, Set<Path> keep) throws IOException {
        long excess = excess(bytes);
        for (StoredFeatures.Entry entry : stored.files()) {
            if (excess > 0 && delete(entry, keep)) {
                excess -= entry.bytes();
            }
        }
    }

    /**
     * Asks for a garbage collection: a deleted file gives its space back when nobody maps it any more, and Java unmaps
     * what is no longer used at a collection only, which may be hours away.
     */
    @SuppressWarnings("CallToSystemGC")
    private void unmapWhatIsNotUsed(long bytes) throws IOException {
        System.gc();
        try {
            // What was collected is unmapped a moment later, by another thread.
            for (int i = 0;
                    i < UNMAP_LOOKS && DiskSpace.shortage(directory, bytes).isPresent();
                    i++) {
                Thread.sleep(UNMAP_LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException();
        }
    }

    private void deleteForDisk(long bytes, Set<Path> keep) throws IOException {
        List<StoredFeatures.Entry> others = new ArrayList<>();
        for (StoredFeatures.Entry entry : stored.files()) {
            if (!keep.contains(entry.file()) && !stored.isInUse(entry)) {
                others.add(entry);
            }
        }
        long most = others.stream().mapToLong(StoredFeatures.Entry::bytes).sum();
        // Nothing is deleted for what cannot fit anyway.
        if (DiskSpace.shortage(directory, bytes - most).isEmpty()) {
            for (StoredFeatures.Entry entry : others) {
                if (DiskSpace.shortage(directory, bytes).isPresent()) {
                    delete(entry, keep);
                }
            }
        }
    }

    private boolean delete(StoredFeatures.Entry entry, Set<Path> keep) {
        if (keep.contains(entry.file())) {
            return false;
        }
        try {
            if (stored.delete(entry)) {
                LOG.info(
                        "deleted the features {} to make room: {} bytes, last used {}",
                        entry.key(),
                        entry.bytes(),
                        entry.lastUse());
                return true;
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be deleted", entry.file(), e);
        }
        return false;
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
            throw FeatureStoreException.full("the store of features " + shortage.get(), null);
        }
    }

    /**
     * Puts into words why features could not be stored.
     *
     * @param bytes what was to be written
     */
    FeatureStoreException failure(IOException e, long bytes) {
        if (DiskSpace.isTooLarge(e)) {
            return FeatureStoreException.full(
                    "a file would have become larger than any may be while " + bytes
                            + " bytes of features were written to " + directory + " (" + e.getMessage() + ")"
                            + DiskSpace.advice(e),
                    e);
        }
        if (DiskSpace.isFull(e)) {
            return FeatureStoreException.full(
                    "the disk became full while " + bytes + " bytes of features were written to " + directory
                            + ", and what was written of them is deleted again: " + DiskSpace.free(directory)
                            + " bytes are free now" + DiskSpace.advice(e),
                    e);
        }
        String reason = DiskSpace.reason(e);
        if (DiskSpace.isReadOnly(e) || cannotBeMade(e)) {
            return FeatureStoreException.readOnly(
                    "the feature store " + directory + " cannot be written to (" + reason
                            + "); make the folder writable for this user, or set GRAFT_HOME to one that is",
                    e);
        }
        return new FeatureStoreException("features cannot be stored in " + directory + ": " + reason, e);
    }

    /** Says whether a file stands where the directory, or one above it, would have to be. */
    private boolean cannotBeMade(IOException e) {
        return e instanceof FileSystemException place
                && !(e instanceof NoSuchFileException)
                && place.getFile() != null
                && directory.startsWith(place.getFile())
                && !Files.isDirectory(directory);
    }

    /**
     * Waits for a key's lock, over threads and processes.
     *
     * @throws CancelledException when {@code cancelled} says so or the thread is interrupted meanwhile
     */
    WriteLock lock(FeatureKey key, BooleanSupplier cancelled) throws IOException {
        return lock(file(key), cancelled);
    }

    private WriteLock lock(Path file, BooleanSupplier cancelled) throws IOException {
        Files.createDirectories(directory);
        try {
            return WriteLock.take(file, () -> LOG.debug("waiting for the process that has {}", file), cancelled)
                    .orElseThrow(CancelledException::new);
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
        for (StoredFeatures.Entry part : stored.deadParts()) {
            stored.delete(part);
        }
    }
}
