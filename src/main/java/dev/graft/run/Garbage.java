package dev.graft.run;

import dev.graft.spec.BaseFacts;
import dev.graft.track.StoreException;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Finds and deletes files of Graft's own that nobody needs: in {@code GRAFT_HOME} what dead processes left and features
 * that are damaged or too many, in a results directory weights and logs that no trial or sweep keeps and bundles that dead
 * processes left half-written. Files whose names are not Graft's stay, and symbolic links are not followed.
 */
public final class Garbage {

    private final Path results;
    private final Home home;
    private final BaseFacts bases;
    private final Wanted wanted;
    private final InstantSource clock;

    /** Looks into a results directory and a home, neither of which need exist. */
    public Garbage(Path results, Home home, BaseFacts bases, Wanted wanted, InstantSource clock) {
        this.results = results;
        this.home = home;
        this.bases = bases;
        this.wanted = wanted;
        this.clock = clock;
    }

    /**
     * What the user asks for beside the usual.
     *
     * @param cacheMaxBytes the most that the feature store may hold; empty for no limit
     * @param features delete features, though they are of use
     * @param unusedDays only those that were not used for so many days, at least 0; empty for all
     */
    public record Wanted(OptionalLong cacheMaxBytes, boolean features, OptionalInt unusedDays) {}

    /**
     * One file, or what belongs together.
     *
     * @param kind {@code features}, {@code weights}, {@code model}, {@code data}, {@code log} or {@code bundle}
     * @param path where it is
     * @param reason why it can go
     * @param bytes its size
     */
    public record Item(String kind, Path path, String reason, long bytes) {}

    /**
     * What was found, or freed.
     *
     * @param items the files
     * @param notes what was not looked at, and files that could not be deleted
     */
    public record Found(List<Item> items, List<String> notes) {

        /** Copies the lists. */
        public Found {
            items = List.copyOf(items);
            notes = List.copyOf(notes);
        }

        /** Returns the bytes of all files. */
        public long bytes() {
            return items.stream().mapToLong(Item::bytes).sum();
        }
    }

    /** A file that can go, and how it is made to. */
    record Candidate(Item item, Disposal disposal) {}

    /** Deletes a file. */
    interface Disposal {

        /** Says whether it is gone; false where somebody uses it after all. */
        boolean delete() throws IOException;
    }

    /** Says what could be freed, and changes nothing. */
    public Found find() {
        List<String> notes = new ArrayList<>();
        List<Item> items = new ArrayList<>();
        homeFiles(notes).forEach(candidate -> items.add(candidate.item()));
        if (hasRecord(notes)) {
            try (TrackReader track = Tracking.openReadOnly(results)) {
                if (Tracking.isWritten(results)) {
                    notes.add(busy("another sweep is writing to it"));
                } else {
                    resultFiles(track, notes).forEach(candidate -> items.add(candidate.item()));
                }
            } catch (StoreException e) {
                notes.add(busy(String.valueOf(e.getMessage())));
            }
        }
        return new Found(items, notes);
    }

    /** Deletes what can go; nobody else writes to the results directory meanwhile. */
    public Found free() {
        List<String> notes = new ArrayList<>();
        List<Item> items = new ArrayList<>(delete(homeFiles(notes), notes));
        if (hasRecord(notes)) {
            Optional<TrackWriter> held = hold(notes);
            if (held.isPresent()) {
                try (TrackWriter holder = held.get();
                        TrackReader track = Tracking.openReadOnly(results)) {
                    items.addAll(delete(resultFiles(track, notes), notes));
                }
            }
        }
        return new Found(items, notes);
    }

    private Optional<TrackWriter> hold(List<String> notes) {
        try {
            return Optional.of(Tracking.open(results, clock));
        } catch (StoreException e) {
            notes.add(busy(String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /** Without a record nobody can say what is garbage. */
    private boolean hasRecord(List<String> notes) {
        if (Files.isRegularFile(results.resolve("track.sqlite"))) {
            return true;
        }
        if (Files.exists(results, LinkOption.NOFOLLOW_LINKS)) {
            notes.add(busy("there is no record in it"));
        }
        return false;
    }

    private String busy(String reason) {
        return "the models, logs and bundles in " + results + " are left alone: " + reason;
    }

    private List<Candidate> homeFiles(List<String> notes) {
        try {
            return new HomeGarbage(home, wanted, clock, notes).candidates();
        } catch (IOException e) {
            notes.add(home.path() + " is left alone, because it cannot be looked through: " + e);
            return List.of();
        }
    }

    private List<Candidate> resultFiles(TrackReader track, List<String> notes) {
        try {
            return new ResultsGarbage(results, track, bases, notes).candidates();
        } catch (IOException e) {
            notes.add(busy("they cannot be looked through: " + e));
            return List.of();
        }
    }

    private static List<Item> delete(List<Candidate> candidates, List<String> notes) {
        List<Item> freed = new ArrayList<>();
        for (Candidate candidate : candidates) {
            try {
                if (candidate.disposal().delete()) {
                    freed.add(candidate.item());
                }
            } catch (IOException e) {
                notes.add(candidate.item().path() + " cannot be deleted: " + e.getMessage());
            }
        }
        return freed;
    }

    /** Says whether a place is a folder and no link to one; notes it where it is a link. */
    static boolean isOwnFolder(Path folder, List<String> notes) {
        if (Files.isSymbolicLink(folder)) {
            notes.add(folder + " is a symbolic link and is left alone");
        }
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    }
}
