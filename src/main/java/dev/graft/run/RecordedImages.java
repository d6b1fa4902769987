package dev.graft.run;

import dev.graft.data.ImageFolder;
import dev.graft.track.SweepRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * The images of a recorded sweep, found again where the sweep read them. Whoever asks names an image that the record
 * names; links are followed as the sweep followed them, but not those that were made since and lead elsewhere.
 */
public final class RecordedImages {

    private final Optional<Path> folder;
    private final Instant begun;
    private final String reason;

    private RecordedImages(Optional<Path> folder, Instant begun, String reason) {
        this.folder = folder;
        this.begun = begun;
        this.reason = reason;
    }

    /** How an image is found. */
    public enum State {
        /** It is where it was, and older than the sweep. */
        THERE,
        /** A file of its name was written after the sweep began: perhaps not what was predicted. */
        NEWER,
        /** There is no file of its name, or no folder. */
        MISSING,
        /** What is there must not be shown: it lies elsewhere, and did not when the sweep ran. */
        ELSEWHERE;

        /** Says whether there is a file to show. */
        public boolean hasFile() {
            return this == THERE || this == NEWER;
        }

        /** Returns the state as records and pages write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * An image that was looked for.
     *
     * @param reason what is to be said of it; empty where it is as it was
     * @param file the file, where there is one to show
     * @param bytes its size
     * @param modified when it was last written
     */
    public record Found(State state, String reason, Optional<Path> file, long bytes, Instant modified) {

        private static Found not(State state, String reason) {
            return new Found(state, reason, Optional.empty(), 0, Instant.EPOCH);
        }
    }

    /** Looks where a sweep's record says. */
    public static RecordedImages of(SweepRecord sweep) {
        String recorded = sweep.provenance().getOrDefault(Provenance.DATA_FOLDER, "");
        Instant begun = sweep.createdAt();
        if (recorded.isBlank()) {
            return new RecordedImages(Optional.empty(), begun, "the record does not say where the images are");
        }
        try {
            Path folder = Path.of(recorded);
            if (folder.isAbsolute() && Files.isDirectory(folder)) {
                return new RecordedImages(Optional.of(folder), begun, "");
            }
        } catch (InvalidPathException e) {
            // A record from a machine whose paths are of another kind.
            return new RecordedImages(Optional.empty(), begun, "the folder " + recorded + " cannot be on this machine");
        }
        return new RecordedImages(
                Optional.empty(), begun, "the folder " + recorded + ", where the sweep read them, is not there");
    }

    /** Returns why no image can be found; empty where the folder is there. */
    public String reason() {
        return reason;
    }

    /**
     * Finds an image; reads nothing of it.
     *
     * @param name the path below the data folder, with {@code /}, as the record has it
     */
    public Found find(String name) {
        if (folder.isEmpty()) {
            return Found.not(State.MISSING, reason);
        }
        if (!ImageFolder.couldHold(name)) {
            return Found.not(State.ELSEWHERE, "no sweep reads images of this name");
        }
        Path file;
        try {
            file = folder.get().resolve(name);
        } catch (InvalidPathException e) {
            return Found.not(State.MISSING, "no file of this machine can have this name");
        }
        if (!file.startsWith(folder.get())) {
            return Found.not(State.ELSEWHERE, "no sweep reads images of this name");
        }
        try {
            BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
            if (!facts.isRegularFile()) {
                return Found.not(State.MISSING, "is not a file any more");
            }
            Instant modified = facts.lastModifiedTime().toInstant();
            boolean newer = modified.isAfter(begun);
            if (!file.toRealPath().startsWith(folder.get().toRealPath()) && (newer || hasNewLink(name))) {
                return Found.not(State.ELSEWHERE, "leads to another folder since the sweep began, and is not shown");
            }
            return new Found(
                    newer ? State.NEWER : State.THERE,
                    newer ? "was written after the sweep began, and may not be what was predicted" : "",
                    Optional.of(file),
                    facts.size(),
                    modified);
        } catch (IOException | SecurityException e) {
            return Found.not(State.MISSING, "is not there any more");
        }
    }

    /** Says whether a link on the way to an image was made after the sweep began. */
    private boolean hasNewLink(String name) throws IOException {
        Path at = folder.orElseThrow();
        for (String part : name.split("/")) {
            at = at.resolve(part);
            if (Files.isSymbolicLink(at)
                    && Files.getLastModifiedTime(at, LinkOption.NOFOLLOW_LINKS)
                            .toInstant()
                            .isAfter(begun)) {
                return true;
            }
        }
        return false;
    }
}
