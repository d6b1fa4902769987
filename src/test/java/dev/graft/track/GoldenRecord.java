package dev.graft.track;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the databases kept as {@code v1.sqlite} and so on hold. A new schema adds a file and leaves the old ones as they
 * are: {@code main} writes the file of the current schema, {@code track.sqlite} below its argument.
 */
final class GoldenRecord {

    static final Instant NOW = Instant.parse("2026-01-02T03:05:00Z");

    private GoldenRecord() {}

    static void write(Path directory) {
        try (TrackWriter writer = Tracking.open(directory, () -> NOW)) {
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
    }

    public static void main(String[] arguments) {
        write(Path.of(arguments[0]));
    }
}
