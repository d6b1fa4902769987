package dev.graft.run;

import dev.graft.fetch.FolderTree;
import dev.graft.fetch.WriteLock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other processes that a bundle is being written: in a folder with a name of its own, {@code .TRIAL.part-UUID}, with
 * a lock file beside it that is held meanwhile. The operating system gives the lock back when the process dies, so that
 * what is left then is known for what it is. Where it cannot be had, as on some network shares, the bundle is written
 * without. Begun and ended on one thread.
 */
public final class BundleWriting implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BundleWriting.class);

    private static final String LOCK = ".lock";
    private static final int TRIES = 3;

    /** What bundles under way are called; with the trial, and the name without what a lock file has beyond it. */
    private static final Pattern NAME = Pattern.compile("(\\.([0-9a-z]{8}-[0-9]{1,9})\\.part-[0-9a-f]{8}"
            + "-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\\.lock)?");

    private final Path folder;
    private final Optional<WriteLock> lock;

    private BundleWriting(Path folder, Optional<WriteLock> lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Begins to write a bundle.
     *
     * @param bundle where it will be; the folder around it must exist
     */
    public static BundleWriting of(Path bundle) {
        BundleWriting writing;
        int tries = 0;
        do {
            Path folder = bundle.resolveSibling("." + bundle.getFileName() + ".part-" + UUID.randomUUID());
            writing = new BundleWriting(folder, lock(folder));
        } while (writing.lock.isEmpty() && ++tries < TRIES);
        return writing;
    }

    /** Returns where the bundle is written until it is whole; the caller makes the folder. */
    public Path folder() {
        return folder;
    }

    private static Optional<WriteLock> lock(Path folder) {
        try {
            Optional<WriteLock> lock = WriteLock.tryTake(locked(folder));
            if (lock.isPresent() && !Files.exists(lockFile(folder))) {
                // Somebody who clears up took the file for one that was left, before it was locked.
                lock.get().close();
                return Optional.empty();
            }
            return lock;
        } catch (IOException e) {
            log.debug("{} has no lock", folder, e);
            deleteLockFile(folder);
            return Optional.empty();
        }
    }

    /** Returns the name whose lock file is beside the folder: locks put a dot in front. */
    private static Path locked(Path folder) {
        return folder.resolveSibling(folder.getFileName().toString().substring(1));
    }

    private static Path lockFile(Path folder) {
        return folder.resolveSibling(folder.getFileName() + LOCK);
    }

    /** Ends the writing; a folder that is still there is left for whoever clears up. */
    @Override
    public void close() {
        if (lock.isPresent()) {
            try {
                lock.get().close();
            } catch (IOException e) {
                log.debug("the lock of {} goes with this process", folder, e);
            }
            deleteLockFile(folder);
        }
    }

    private static void deleteLockFile(Path folder) {
        try {
            Files.deleteIfExists(lockFile(folder));
        } catch (IOException e) {
            log.debug("the lock file of {} is left", folder, e);
        }
    }

    /**
     * What is called like a bundle under way.
     *
     * @param path its folder; where it has none, its lock file
     * @param folder where it is written
     */
    record Trace(String trialId, Path path, Path folder) {

        /** Says whether its process is at it, or nobody can tell. */
        boolean isHeld() {
            try {
                return WriteLock.isHeld(locked(folder));
            } catch (IOException e) {
                log.debug("the lock of {} cannot be looked at", folder, e);
                return true;
            }
        }

        /** Says whether it is a bundle that was begun. */
        boolean isFolder() {
            return path.equals(folder);
        }

        /** Deletes what its process left; says whether that is gone, which it is not while the process is at it. */
        boolean delete() throws IOException {
            Optional<WriteLock> taken = WriteLock.tryTake(locked(folder));
            if (taken.isEmpty()) {
                return false;
            }
            try (WriteLock held = taken.get()) {
                FolderTree.delete(folder);
                // Still locked: whoever locks the file after this finds its name gone.
                Files.deleteIfExists(lockFile(folder));
            }
            return true;
        }
    }

    /** Returns what is called like a bundle under way in a folder; neither links nor what others put there. */
    static List<Trace> traces(Path bundles) throws IOException {
        List<Trace> traces = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(bundles)) {
            for (Path entry : entries) {
                Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches()) {
                    Path folder = entry.resolveSibling(name.group(1));
                    boolean begun = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
                    // One trace of each: the folder stands for its lock file, too.
                    if (entry.equals(folder)
                            ? begun
                            : !begun && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                        traces.add(new Trace(name.group(2), entry, folder));
                    }
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        traces.sort(Comparator.comparing(Trace::path));
        return traces;
    }

    /**
     * Deletes what processes that died left of a trial's bundle, as far as it can be deleted.
     *
     * @param bundles the folder of bundles, which need not be there
     */
    public static void deleteLeft(Path bundles, String trialId) {
        try {
            for (Trace trace : traces(bundles)) {
                if (trace.trialId().equals(trialId)) {
                    trace.delete();
                }
            }
        } catch (IOException e) {
            log.info("what is left of a bundle of trial {} stays: {}", trialId, e.toString());
        }
    }
}
