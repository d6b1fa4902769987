package dev.graft.track;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Small records for tests. */
final class Records {

    static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");

    private Records() {}

    static SweepRecord sweep(String id) {
        return sweep(id, "clothing", "val_accuracy", "maximize", CREATED);
    }

    static SweepRecord sweep(String id, String name, String metric, String goal, Instant createdAt) {
        return new SweepRecord(
                id,
                name,
                SweepState.RUNNING,
                "",
                "grid",
                metric,
                goal,
                "sweeps/clothing.yaml",
                "name: clothing\nseed: 42\n",
                List.of("dress", "hat"),
                createdAt,
                Optional.empty(),
                0,
                0,
                Map.of("graft_version", "0.1.0"));
    }

    static TrialRecord trial(String sweepId, int number) {
        return trial(sweepId, number, OptionalLong.empty());
    }

    static TrialRecord trial(String sweepId, int number, OptionalLong modelWeights) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("learning_rate", 1e-5 * number);
        parameters.put("base", "mobilenet_v2");
        parameters.put("image_size", 150);
        parameters.put("dense_units", List.of(256, 128));
        return TrialRecord.waiting(sweepId, number, parameters, 42L + number, "", modelWeights);
    }

    static TrialRecord trial(String sweepId, int number, Map<String, Object> parameters) {
        return TrialRecord.waiting(sweepId, number, parameters, 42L + number, "");
    }

    static List<TrialRecord> trials(String sweepId, int count) {
        List<TrialRecord> trials = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            trials.add(trial(sweepId, number));
        }
        return trials;
    }

    static EpochRecord epoch(int epoch, double loss, double accuracy) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("val_loss", loss);
        metrics.put("val_accuracy", accuracy);
        metrics.put("learning_rate", 0.001);
        return new EpochRecord(
                epoch, 1, metrics, List.of(new EpochRecord.ClassCount(10, 9, 8), new EpochRecord.ClassCount(5, 6, 4)));
    }

    static FeatureGroupRecord group(String key, boolean hit) {
        return new FeatureGroupRecord(key, "mobilenet_v2", 150, "out_relu+avg", 3781, 19_358_720L, hit, 12.5, 30.25);
    }
}
