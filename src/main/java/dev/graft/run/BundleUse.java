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
 * Tells other processes that a bundle is being written or read. Each use has a name of its own, {@code .TRIAL.part-UUID}
 * or {@code .TRIAL.read-UUID}: a bundle is written in a folder of that name, and a lock file beside it is held meanwhile.
 * The operating system gives it back when the process dies, so that what is left then is known for what it is. Where the
 * lock cannot be had, as in a folder that can only be read, the use goes on without. Begun and ended on one thread.
 */
public final class BundleUse implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BundleUse.class);

    private static final String LOCK = ".lock";
    private static final int TRIES = 3;

    /** What uses of trials' bundles are called; with the trial, and the name without what a lock file has beyond it. */
    private static final Pattern NAME = Pattern.compile("(\\.([0-9a-z]{8}-[0-9]{1,9})\\.(?:part|read)-[0-9a-f]{8}"
            + "-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\\.lock)?");

    private final Path folder;
    private final Optional<WriteLock> lock;

    private BundleUse(Path folder, Optional<WriteLock> lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Begins to write a bundle, in a folder of an existing one. */
    public static BundleUse writing(Path bundle) {
        return begun(bundle, "part");
    }

    /** Begins to read a bundle. */
    public static BundleUse reading(Path bundle) {
        return begun(bundle, "read");
    }

    private static BundleUse begun(Path bundle, String what) {
        BundleUse use;
        int tries = 0;
        do {
            Path folder = bundle.resolveSibling("." + bundle.getFileName() + "." + what + "-" + UUID.randomUUID());
            use = new BundleUse(folder, lock(folder));
        } while (use.lock.isEmpty() && ++tries < TRIES);
        return use;
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

    /** Ends the use; a folder that is still there is left for whoever clears up. */
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
     * What is called like a use.
     *
     * @param path its folder; where it has none, its lock file
     * @param folder the name of the use
     */
    record Trace(String trialId, Path path, Path folder) {

        /** Says whether its process is at it. */
        boolean isHeld() throws IOException {
            return WriteLock.isHeld(locked(folder));
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
            }
            Files.deleteIfExists(lockFile(folder));
            return true;
        }
    }

    /** Returns what is called like a use of a trial's bundle in a folder; neither links nor what others put there. */
    static List<Trace> traces(Path bundles) throws IOException {
        List<Trace> traces = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(bundles)) {
            for (Path entry : entries) {
                Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches()) {
                    Path folder = entry.resolveSibling(name.group(1));
                    boolean begun = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
                    // One trace of each use: the folder stands for its lock file, too.
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

    /** Says whether anyone reads or writes a trial's bundle. */
    static boolean isUsed(Path bundles, String trialId) throws IOException {
        for (Trace trace : traces(bundles)) {
            if (trace.trialId().equals(trialId) && trace.isHeld()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Deletes what processes that died left of a trial's bundle.
     *
     * @param bundles the folder of bundles, which need not be there
     */
    public static void deleteLeft(Path bundles, String trialId) throws IOException {
        for (Trace trace : traces(bundles)) {
            if (trace.trialId().equals(trialId)) {
                trace.delete();
            }
        }
    }
}
