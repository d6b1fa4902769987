package dev.graft.analysis;

import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Small records for tests. */
final class Samples {

    private Samples() {}

    static SweepRecord sweep(String metric, String goal) {
        return new SweepRecord(
                "k3v9x2ab",
                "clothing",
                SweepState.RUNNING,
                "",
                "grid",
                metric,
                goal,
                "sweeps/clothing.yaml",
                "name: clothing\n",
                List.of("dress", "hat"),
                Instant.parse("2026-01-02T03:04:05.678Z"),
                Optional.empty(),
                1,
                3,
                Map.of());
    }

    static TrialRecord trial(int number, TrialState state) {
        return trial(number, state, Map.of(), Optional.empty());
    }

    static TrialRecord trial(int number, TrialState state, double accuracy) {
        return trial(number, state, Map.of(), accuracy);
    }

    static TrialRecord trial(int number, TrialState state, Map<String, Object> parameters, double accuracy) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("val_accuracy", accuracy);
        metrics.put("val_loss", Double.NaN);
        return trial(number, state, parameters, Optional.of(new TrialRecord.Epoch(2, metrics)));
    }

    private static TrialRecord trial(
            int number, TrialState state, Map<String, Object> parameters, Optional<TrialRecord.Epoch> best) {
        return new TrialRecord(
                "k3v9x2ab-" + number,
                "k3v9x2ab",
                number,
                state,
                "",
                parameters,
                42,
                best.isPresent() ? "f00d" : "",
                best.isPresent(),
                best.isPresent() ? 1 : 0,
                best.isPresent() ? 3 : 0,
                best.isPresent() ? 2 : 0,
                best,
                best,
                Optional.empty(),
                Optional.empty(),
                best.isPresent() ? Map.of("total", 4.5) : Map.of(),
                "",
                "",
                OptionalLong.empty());
    }
}
