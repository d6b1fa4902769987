package dev.graft.track;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What the databases kept as {@code v1.sqlite} and so on hold. A new schema adds a file and leaves the old ones as they
 * are: {@code main} writes the file of the current schema, {@code track.sqlite} below its argument.
 */
final class GoldenRecord {

    static final Instant NOW = Instant.parse("2026-01-02T03:05:00Z");

    private GoldenRecord() {}

    /** Writes what {@code v1.sqlite} holds, in the current schema. */
    static void write(Path directory) {
        try (TrackWriter writer = Tracking.open(directory, () -> NOW)) {
            write(writer);
        }
    }

    private static void write(TrackWriter writer) {
        writer.createSweep(Records.sweep("g0lden00"), Records.trials("g0lden00", 3));
        writer.putFeatureGroup("g0lden00", Records.group("f00d", false));
        writer.startTrial("g0lden00-1", "f00d", false, "");
        writer.addEpoch("g0lden00-1", Records.epoch(1, 0.75, 0.5));
        writer.addEpoch("g0lden00-1", Records.epoch(2, 0.5, 0.875));
        writer.addEpoch("g0lden00-1", Records.epoch(3, Double.NaN, 0.25));
        writer.putPredictions("g0lden00-1", 2, List.of(new Prediction("hat/1.jpg", 1, 0, 0.75, 0.25)));
        writer.endTrial("g0lden00-1", TrialState.FINISHED, "early stopping", Map.of("total", 4.5), "");
        writer.startTrial("g0lden00-2", "f00d", true, "");
        writer.addEpoch("g0lden00-2", Records.epoch(1, 0.25, 0.9375));
        writer.setFrozenPasses("g0lden00", 1, 2);
    }

    /** Writes what {@code v2.sqlite} holds: also a sweep that was retried, stopped, extended and reopened. */
    static void writeSecond(Path directory) {
        try (TrackWriter writer = Tracking.open(directory, () -> NOW)) {
            write(writer);
            writer.createSweep(Records.sweep("g0lden01"), Records.trials("g0lden01", 4));
            writer.startTrial("g0lden01-1", "f00d", false, "worker 1, process 4711");
            writer.addEpoch("g0lden01-1", Records.epoch(1, 0.5, 0.5));
            writer.endAttempt(
                    "g0lden01-1", AttemptState.CRASHED, "killed by signal 11", "SIGSEGV in a library\n", true);
            writer.startTrial("g0lden01-1", "f00d", true, "worker 1, process 4712");
            writer.addEpoch("g0lden01-1", Records.epoch(1, 0.5, 0.625));
            writer.endTrial("g0lden01-1", TrialState.FINISHED, "all epochs", Map.of("total", 2.0), "");
            writer.startTrial("g0lden01-2", "f00d", true, "worker 1, process 4712");
            writer.endTrial("g0lden01-2", TrialState.FAILED, "loss is NaN", Map.of("total", 1.0), "");
            writer.startTrial("g0lden01-3", "f00d", true, "worker 1, process 4712");
            writer.endSweep("g0lden01", SweepState.CANCELLED, "stopped by the user");
            writer.reopenSweep("g0lden01", true);
            writer.extendSweep(
                    "g0lden01",
                    "sweeps/more.yaml",
                    "name: clothing\nseed: 43\n",
                    List.of(Records.trial("g0lden01", 5)));
            writer.endTrial("g0lden01-4", TrialState.CRASHED, "its features could not be computed", Map.of(), "");
        }
    }

    /** Writes what {@code v3.sqlite} holds: also what people noted, and no more of a sweep that was deleted. */
    static void writeThird(Path directory) {
        writeSecond(directory);
        try (TrackWriter writer = Tracking.open(directory, () -> NOW)) {
            writer.createSweep(Records.sweep("g0lden02"), Records.trials("g0lden02", 1));
            writer.startTrial("g0lden02-1", "f00d", true, "worker 1, process 4713");
            writer.addEpoch("g0lden02-1", Records.epoch(1, 0.5, 0.5));
            writer.endTrial("g0lden02-1", TrialState.FINISHED, "all epochs", Map.of("total", 2.0), "");
            writer.endSweep("g0lden02", SweepState.FINISHED, "");
            writer.deleteSweep("g0lden02");
        }
        Annotations annotations = Tracking.annotations(directory);
        annotations.annotate(
                "g0lden01",
                none -> new SweepAnnotation(
                        "Retried", "# Why\n\nThe *first* one crashed.", List.of("best", "thesis"), true));
        annotations.annotateTrial("g0lden01-1", none -> new TrialAnnotation(true, false));
        annotations.annotateTrial("g0lden01-2", none -> new TrialAnnotation(false, true));
    }

    /** Writes what {@code v4.sqlite} holds: also a sweep whose models' sizes are known. */
    static void writeFourth(Path directory) {
        writeThird(directory);
        try (TrackWriter writer = Tracking.open(directory, () -> NOW)) {
            writer.createSweep(
                    Records.sweep("g0lden03"),
                    List.of(
                            Records.trial("g0lden03", 1, OptionalLong.of(2_422_210)),
                            Records.trial("g0lden03", 2, OptionalLong.of(410_208))));
            writer.startTrial("g0lden03-1", "f00d", true, "worker 1, process 4714");
            writer.addEpoch("g0lden03-1", Records.epoch(1, 0.5, 0.5));
            writer.endTrial("g0lden03-1", TrialState.FINISHED, "all epochs", Map.of("total", 2.0), "");
        }
    }

    /** Puts the database of a released schema into a directory. */
    static void copy(int schema, Path directory) throws IOException {
        String name = "v" + schema + ".sqlite";
        try (InputStream golden = Objects.requireNonNull(GoldenRecord.class.getResourceAsStream(name))) {
            Files.copy(golden, Files.createDirectories(directory).resolve("track.sqlite"));
        }
    }

    public static void main(String[] arguments) {
        writeFourth(Path.of(arguments[0]));
    }
}
