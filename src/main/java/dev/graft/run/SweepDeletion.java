package dev.graft.run;

import dev.graft.track.StoreException;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Deletes an ended sweep: what is recorded and noted of it, the kept weights of its trials, its logs, and its bundles
 * below the results directory. Features stay in the cache, as other sweeps may use them, and so do bundles elsewhere.
 */
public final class SweepDeletion {

    private SweepDeletion() {}

    /**
     * Files of one kind.
     *
     * @param files how many
     * @param bytes what the disk gets back; nothing for a file that another sweep has, too, under another name
     */
    public record Part(int files, long bytes) {}

    /**
     * What deleting a sweep would free, or has freed.
     *
     * @param sweepId the sweep
     * @param trials its trials
     * @param finished how many of them finished, whose results no later sweep can take over any more
     * @param models kept weights
     * @param logs logs of workers
     * @param bundles exported models, with all files in them
     * @param obstacle why it cannot be deleted now; empty where it can
     * @param notes what could not be deleted, and why
     */
    public record Freed(
            String sweepId,
            int trials,
            int finished,
            Part models,
            Part logs,
            Part bundles,
            Optional<String> obstacle,
            List<String> notes) {

        /** Copies the list. */
        public Freed {
            notes = List.copyOf(notes);
        }

        Freed with(List<String> leftovers) {
            return new Freed(sweepId, trials, finished, models, logs, bundles, obstacle, leftovers);
        }

        /** Returns the bytes of all files. */
        public long bytes() {
            return models.bytes() + logs.bytes() + bundles.bytes();
        }
    }

    /**
     * Says what deleting a sweep would free, and changes nothing.
     *
     * @param reference an id, the beginning of one, or {@code latest}
     * @throws dev.graft.track.UnknownSweepException when it means no sweep, or several; the user's fault
     */
    public static Freed preview(Path results, String reference) {
        try (TrackReader track = Tracking.openReadOnly(results)) {
            SweepRecord sweep = track.sweep(reference);
            return count(track, sweep, new SweepFiles(results, sweep.id()), obstacle(results, sweep));
        }
    }

    private static Optional<String> obstacle(Path results, SweepRecord sweep) {
        if (!Files.isWritable(results)) {
            return Optional.of("the results directory can only be read; make it writable");
        }
        if (!Tracking.isWritten(results)) {
            return Optional.empty();
        }
        return Optional.of(
                sweep.state() == SweepState.RUNNING
                        ? "it is running; stop it first"
                        : "another sweep is running in this results directory; wait for it, or stop it");
    }

    private static Freed count(TrackReader track, SweepRecord sweep, SweepFiles files, Optional<String> obstacle) {
        List<TrialLine> trials = track.lines(sweep);
        int finished = (int) trials.stream()
                .filter(trial -> trial.state() == TrialState.FINISHED)
                .count();
        return new Freed(
                sweep.id(),
                trials.size(),
                finished,
                SweepFiles.part(files.models()),
                SweepFiles.part(files.logs()),
                SweepFiles.part(Stream.concat(files.bundles().stream(), files.leftOfExports().stream())
                        .toList()),
                obstacle,
                List.of());
    }

    /**
     * Deletes a sweep. The record goes first: if this process dies before the files are gone, {@code graft gc} finds weights
     * and logs that no sweep has any more; whole bundles then stay. Downloads of its bundles that have begun go on; a bundle that is being
     * written is left, and noted.
     *
     * @param reference an id, the beginning of one, or {@code latest}
     * @return what is gone
     * @throws dev.graft.track.UnknownSweepException when it means no sweep, or several; the user's fault
     * @throws StoreException when somebody writes to the results directory, or it can't be written; nothing is gone then
     */
    public static Freed delete(Path results, String reference, InstantSource clock) {
        try (TrackReader track = Tracking.openReadOnly(results)) {
            SweepRecord sweep = track.sweep(reference);
            Optional<String> obstacle = obstacle(results, sweep);
            if (obstacle.isPresent()) {
                throw new StoreException("sweep " + sweep.id() + " cannot be deleted now: " + obstacle.get());
            }
            try (TrackWriter writer = Tracking.open(results, clock)) {
                // A sweep whose controller died ends when a writer says so.
                writer.sweepUp();
                SweepFiles files = new SweepFiles(results, sweep.id());
                List<String> notes = new ArrayList<>();
                Freed freed = count(track, sweep, files, Optional.empty());
                List<Path> paths = new ArrayList<>(files.models());
                paths.addAll(files.logs());
                paths.addAll(files.bundles());
                writer.deleteSweep(sweep.id());
                SweepFiles.delete(paths, notes);
                files.deleteLeftOfExports(notes);
                files.deleteLogFolder();
                return freed.with(notes);
            }
        }
    }
}
