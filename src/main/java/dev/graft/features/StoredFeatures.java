package dev.graft.features;

import dev.graft.fetch.WriteLock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The files in a feature store's directory: how large they are, when they were used, and how to be rid of them. Other
 * processes may use the directory meanwhile.
 */
public final class StoredFeatures {

    private static final String PART = ".part";
    private static final Pattern FILE = Pattern.compile("[0-9a-f]{64}" + Pattern.quote(FeatureStore.SUFFIX));
    private static final Pattern HALF =
            Pattern.compile("[0-9a-f]{64}" + Pattern.quote(FeatureStore.SUFFIX) + Pattern.quote(PART));

    private static final String MOVED = ".folder";
    private static final Pattern MOVED_FOLDER =
            Pattern.compile(FILE.pattern() + "\\.[0-9a-f-]{36}" + Pattern.quote(MOVED));

    private final Path directory;

    /** Looks into a directory, which need not exist. */
    public StoredFeatures(Path directory) {
        this.directory = directory;
    }

    /**
     * One file.
     *
     * @param file where it is
     * @param bytes its size
     * @param lastUse when it was last written or opened
     */
    public record Entry(Path file, long bytes, Instant lastUse) {

        /** Returns the first digits of its key, as records and plans name it. */
        public String key() {
            return file.getFileName().toString().substring(0, 12);
        }
    }

    /** Returns the finished files, the least recently used first. */
    public List<Entry> files() throws IOException {
        return entries(FILE);
    }

    /** Returns the half-written files that nobody writes any more. */
    public List<Entry> deadParts() throws IOException {
        List<Entry> dead = new ArrayList<>();
        for (Entry part : entries(HALF)) {
            if (!WriteLock.isHeld(finished(part.file()))) {
                dead.add(part);
            }
        }
        return dead;
    }

    /** Returns the folders that stood in the place of features and were moved away, because they hold something. */
    public List<Path> movedFolders() throws IOException {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                directory,
                file -> MOVED_FOLDER.matcher(file.getFileName().toString()).matches())) {
            files.forEach(folders::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        folders.sort(null);
        return folders;
    }

    /** Returns where to move a folder that stands in the place of features. */
    static Path moved(Path file) {
        return file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + MOVED);
    }

    /** Returns the bytes of all finished and half-written files. */
    public long bytes() throws IOException {
        long bytes = 0;
        for (Pattern names : List.of(FILE, HALF)) {
            for (Entry entry : entries(names)) {
                bytes += entry.bytes();
            }
        }
        return bytes;
    }

    /** Reads a whole file and says what is wrong with it; empty where nothing is, or where it is gone. */
    public Optional<String> damage(Entry entry) throws IOException {
        try {
            FeatureFile file = FeatureFile.open(entry.file());
            boolean own = entry.file().getFileName().toString().equals(FeatureStore.name(file.key()));
            return own ? Optional.empty() : Optional.of("holds the features of another key");
        } catch (FeatureFile.DamagedException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Says whether somebody writes a file, or another process is at a sweep that reads it. */
    public boolean isInUse(Entry entry) throws IOException {
        return WriteLock.isHeld(finished(entry.file())) || InUse.elsewhere(entry.file());
    }

    /**
     * Deletes a file, unless somebody holds its lock, used it after it was listed, or is at a sweep that reads it in
     * another process. Whoever else has it mapped goes on reading it where the system is POSIX; where it is not, the file cannot be deleted then.
     *
     * @return whether it is gone, by this or by another process
     */
    public boolean delete(Entry entry) throws IOException {
        Optional<WriteLock> lock;
        try {
            lock = WriteLock.tryTake(finished(entry.file()));
        } catch (NoSuchFileException e) {
            // The directory is gone, and everything in it.
            return true;
        }
        if (lock.isEmpty()) {
            return !Files.exists(entry.file(), LinkOption.NOFOLLOW_LINKS);
        }
        try (WriteLock held = lock.get()) {
            Optional<Entry> now = entry(entry.file());
            if (now.isPresent() && (now.get().lastUse().isAfter(entry.lastUse()) || InUse.elsewhere(entry.file()))) {
                return false;
            }
            Files.deleteIfExists(entry.file());
            return true;
        }
    }

    private List<Entry> entries(Pattern names) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                directory, file -> names.matcher(file.getFileName().toString()).matches())) {
            for (Path file : files) {
                entry(file).ifPresent(entries::add);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        entries.sort(Comparator.comparing(Entry::lastUse).thenComparing(Entry::file));
        return entries;
    }

    /** Describes a file; empty where it is gone by now, or is no file. */
    private static Optional<Entry> entry(Path file) throws IOException {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile()
                    ? Optional.of(new Entry(
                            file,
                            attributes.size(),
                            attributes.lastModifiedTime().toInstant()))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Returns the name that a half-written file would take; its lock is the one that counts. */
    private static Path finished(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(PART) ? file.resolveSibling(name.substring(0, name.length() - PART.length())) : file;
    }
}
