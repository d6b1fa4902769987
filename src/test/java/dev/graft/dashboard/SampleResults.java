package dev.graft.dashboard;

import dev.graft.track.EpochRecord;
import dev.graft.track.FeatureGroupRecord;
import dev.graft.track.Prediction;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A results directory on the disk, with a real record, as sweeps leave it. */
final class SampleResults implements AutoCloseable {

    private final Path directory;
    private final Random random = new Random(11);
    private final TrackWriter writer;
    private Instant now;

    private SampleResults(Path directory) {
        this.directory = directory;
        this.now = Instant.now();
        this.writer = Tracking.open(directory, () -> now);
    }

    /** Begins to record; nobody else writes until this is closed. */
    static SampleResults in(Path directory) {
        return new SampleResults(directory);
    }

    /** Records a sweep that ended some hours ago, with weights of its best trials and a log. */
    SampleResults ended(String id, String name, SweepState state, double hoursAgo, int trials, String... bases)
            throws IOException {
        now = Instant.now().minusMillis(Math.round(hoursAgo * 3_600_000));
        begin(id, name, trials, "val_accuracy", "maximize", bases);
        int ends = state == SweepState.FINISHED ? trials : Math.max(0, trials - 2);
        for (int number = 1; number <= ends; number++) {
            train(id, number, number % 9 == 4);
        }
        writer.endSweep(id, state, state == SweepState.FINISHED ? "" : "stopped with Ctrl-C");
        Files.createDirectories(directory.resolve("models"));
        Files.createDirectories(directory.resolve("logs").resolve(id));
        for (int number = 1; number <= Math.min(3, ends); number++) {
            Files.write(directory.resolve("models").resolve(id + "-" + number + ".safetensors"), new byte[1_200_000]);
        }
        Files.write(directory.resolve("logs").resolve(id).resolve("worker-1.log"), new byte[48_000]);
        return this;
    }

    /** Records a sweep that is in the middle of its trials. */
    SampleResults running(String id, String name, int trials, int done, String... bases) {
        now = Instant.now().minusSeconds(31L * done + 12);
        begin(id, name, trials, "val_accuracy", "maximize", bases);
        for (int number = 1; number <= done; number++) {
            train(id, number, false);
        }
        writer.startTrial(id + "-" + (done + 1), "f00d", true, "worker 1, process 4711");
        return this;
    }

    private void begin(String id, String name, int trials, String metric, String goal, String... bases) {
        SweepRecord sweep = new SweepRecord(
                id,
                name,
                SweepState.RUNNING,
                "",
                trials > 20 ? "random" : "grid",
                metric,
                goal,
                "sweeps/" + id + ".yaml",
                "name: " + name + "\n",
                List.of("dress", "hat"),
                now,
                Optional.empty(),
                bases.length,
                trials - bases.length,
                Map.of("graft_version", "0.1.0"));
        List<TrialRecord> waiting = new ArrayList<>();
        for (int number = 1; number <= trials; number++) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("base", bases[number % bases.length]);
            parameters.put("image_size", 150);
            parameters.put("learning_rate", Math.pow(10, -4 + 2 * random.nextDouble()));
            waiting.add(TrialRecord.waiting(id, number, parameters, number, ""));
        }
        writer.createSweep(sweep, waiting);
        for (String base : bases) {
            writer.putFeatureGroup(
                    id, new FeatureGroupRecord("f00d-" + base, base, 150, "avg", 3781, 19_000_000L, false, 12, 30));
        }
    }

    private void train(String sweep, int number, boolean fails) {
        String id = sweep + "-" + number;
        writer.startTrial(id, "f00d", number > 1, "worker 1, process 4711");
        now = now.plusSeconds(28);
        if (fails) {
            writer.endTrial(id, TrialState.FAILED, "loss is NaN at epoch 1", Map.of("total", 28.0), "");
            return;
        }
        double accuracy = Math.min(0.97, 0.55 + 0.06 * Math.sqrt(number) + 0.2 * random.nextDouble());
        writer.addEpoch(
                id,
                new EpochRecord(
                        1,
                        1,
                        Map.of("val_accuracy", accuracy, "val_loss", 1 - accuracy),
                        List.of(new EpochRecord.ClassCount(10, 9, 8), new EpochRecord.ClassCount(5, 6, 4))));
        writer.putPredictions(id, 1, List.of(new Prediction("hat/1.jpg", 1, 0, 0.75, 0.25)));
        writer.endTrial(id, TrialState.FINISHED, "all epochs", Map.of("total", 28.0), "");
    }

    @Override
    public void close() {
        writer.close();
    }
}
