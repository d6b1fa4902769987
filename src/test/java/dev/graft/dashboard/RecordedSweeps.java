package dev.graft.dashboard;

import dev.graft.track.AttemptState;
import dev.graft.track.EpochRecord;
import dev.graft.track.FeatureGroupRecord;
import dev.graft.track.Prediction;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Writes made-up sweeps into a real record, as a controller would: accuracies that depend on the parameters as they do in
 * life, curves, predictions, attempts of two workers one of which dies now and then.
 *
 * <p>{@code java dev.graft.dashboard.RecordedSweeps RESULTS} writes them all, for looking at.
 */
final class RecordedSweeps implements AutoCloseable {

    /** A complete grid with five repeats, 500 trials, all finished. */
    static final String LARGE = "large500";

    /** Twelve trials: finished, failed, crashed, pruned, cancelled. */
    static final String SMALL = "small012";

    /** 24 trials, of which 9 have finished and one runs. */
    static final String RUNNING = "running0";

    static final List<String> CLASSES =
            List.of("dress", "hat", "longsleeve", "outwear", "pants", "shirt", "shoes", "shorts", "skirt", "t-shirt");

    private static final int IMAGES = 341;

    private final Clock clock = new Clock();
    private final Random random = new Random(20261122);
    private final TrackWriter writer;

    private RecordedSweeps(Path results) {
        this.writer = Tracking.open(results, clock);
    }

    private static final class Clock implements InstantSource {
        private Instant now = Instant.now();

        @Override
        public Instant instant() {
            return now;
        }

        void pass(double seconds) {
            now = now.plusMillis((long) (1000 * seconds));
        }
    }

    public static void main(String[] arguments) {
        try (RecordedSweeps sweeps = open(Path.of(arguments[0]))) {
            sweeps.large();
            sweeps.small();
        }
    }

    /** Begins to write; whoever looks meanwhile sees running sweeps run. */
    static RecordedSweeps open(Path results) {
        return new RecordedSweeps(results);
    }

    /** Writes the large sweep. */
    void large() {
        clock.now = Instant.now().minus(Duration.ofHours(3));
        List<Map<String, Object>> grid = new ArrayList<>();
        for (int repeat = 0; repeat < 5; repeat++) {
            for (String base : List.of("mobilenet_v2", "xception")) {
                for (int size : List.of(150, 224)) {
                    for (double rate : List.of(1e-4, 3e-4, 1e-3, 3e-3, 1e-2)) {
                        for (double dropout : List.of(0.0, 0.2, 0.4, 0.6, 0.8)) {
                            grid.add(parameters(base, size, rate, dropout, 0));
                        }
                    }
                }
            }
        }
        create(LARGE, "clothing, 500 heads", grid);
        for (int number = 1; number <= grid.size(); number++) {
            run(LARGE, number, grid.get(number - 1), number % 90 == 7 ? 1 : 0, TrialState.FINISHED, number <= 60);
        }
        writer.setFrozenPasses(LARGE, 4, 496);
        writer.endSweep(LARGE, SweepState.FINISHED, "");
    }

    /** Writes the small sweep. */
    void small() {
        clock.now = Instant.now().minus(Duration.ofMinutes(40));
        List<Map<String, Object>> grid = new ArrayList<>();
        for (String base : List.of("mobilenet_v2", "xception")) {
            for (double rate : List.of(1e-4, 1e-3, 1e-2)) {
                for (int depth : List.of(0, 2)) {
                    grid.add(parameters(base, 150, rate, 0.2, depth));
                }
            }
        }
        create(SMALL, "clothing", grid);
        for (int number = 1; number <= grid.size(); number++) {
            TrialState state = switch (number) {
                case 4 -> TrialState.FAILED;
                case 7 -> TrialState.CRASHED;
                case 9 -> TrialState.PRUNED;
                case 12 -> TrialState.CANCELLED;
                default -> TrialState.FINISHED;
            };
            run(SMALL, number, grid.get(number - 1), state == TrialState.CRASHED ? 2 : 0, state, true);
        }
        writer.setFrozenPasses(SMALL, 2, 10);
        writer.endSweep(SMALL, SweepState.FINISHED, "");
    }

    /** Writes the sweep that runs, up to its tenth trial's third epoch; ten trials of it are begun. */
    void running() {
        clock.now = Instant.now().minus(Duration.ofSeconds(280));
        List<Map<String, Object>> grid = new ArrayList<>();
        for (int size : List.of(150, 224)) {
            for (double rate : List.of(1e-4, 3e-4, 1e-3, 3e-3)) {
                for (double dropout : List.of(0.0, 0.2, 0.5)) {
                    grid.add(parameters("mobilenet_v2", size, rate, dropout, 0));
                }
            }
        }
        create(RUNNING, "clothing, at work", grid);
        for (int number = 1; number <= 9; number++) {
            run(RUNNING, number, grid.get(number - 1), 0, TrialState.FINISHED, true);
        }
        begin(RUNNING, 10, grid.get(9), 1);
        for (int epoch = 1; epoch <= 3; epoch++) {
            clock.pass(1.5);
            writer.addEpoch(TrialRecord.id(RUNNING, 10), epoch(grid.get(9), epoch, 10, 1, 0));
        }
    }

    /** Lets a trial of the running sweep end. */
    void finish(int number) {
        Map<String, Object> parameters = parameters("mobilenet_v2", 224, 1e-3, 0.2, 0);
        String id = TrialRecord.id(RUNNING, number);
        if (number > 10) {
            begin(RUNNING, number, parameters, 1);
        }
        clock.pass(2);
        writer.addEpoch(id, epoch(parameters, 4, 10, 1, 0.02));
        writer.endTrial(id, TrialState.FINISHED, "early stopping after epoch 4", Map.of("total", 6.0, "head", 5.5), "");
    }

    private static Map<String, Object> parameters(String base, int size, double rate, double dropout, int depth) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("base", base);
        parameters.put("image_size", size);
        parameters.put("learning_rate", rate);
        parameters.put("dropout", dropout);
        parameters.put("fine_tune_depth", depth);
        parameters.put("dense_units", List.of(128));
        return parameters;
    }

    /** What the bases hold, and a head of 128 units for five classes. */
    private static long modelWeights(Map<String, Object> parameters) {
        return switch (String.valueOf(parameters.get("base"))) {
            case "mobilenet_v2" -> 2_257_984 + 164_613;
            case "xception" -> 20_861_480 + 263_045;
            default -> throw new IllegalArgumentException("no sweep here has " + parameters);
        };
    }

    private void create(String id, String name, List<Map<String, Object>> grid) {
        List<TrialRecord> trials = new ArrayList<>();
        for (int number = 1; number <= grid.size(); number++) {
            Map<String, Object> parameters = grid.get(number - 1);
            trials.add(TrialRecord.waiting(
                    id, number, parameters, 40L + number, id + number, OptionalLong.of(modelWeights(parameters))));
        }
        writer.createSweep(
                new SweepRecord(
                        id,
                        name,
                        SweepState.RUNNING,
                        "",
                        "grid",
                        "val_accuracy",
                        "maximize",
                        "sweeps/clothing.yaml",
                        "name: " + name + "\n",
                        CLASSES,
                        clock.now,
                        Optional.empty(),
                        0,
                        0,
                        Map.of(
                                "validation_images",
                                String.valueOf(IMAGES),
                                "graft",
                                "made up",
                                "train_images",
                                "3068")),
                trials);
        for (String base : List.of("mobilenet_v2", "xception")) {
            for (int size : List.of(150, 224)) {
                double seconds = size == 150 ? 11.2 : 24.9;
                writer.putFeatureGroup(
                        id,
                        new FeatureGroupRecord(
                                group(base, size),
                                base,
                                size,
                                "the end of the base",
                                3409,
                                17_459_200,
                                size == 150,
                                3.1,
                                seconds));
            }
        }
    }

    private static String group(String base, int size) {
        return (base.startsWith("m") ? "f00d" : "beef") + size;
    }

    private void begin(String sweep, int number, Map<String, Object> parameters, int worker) {
        writer.startTrial(
                TrialRecord.id(sweep, number),
                group(String.valueOf(parameters.get("base")), (int) parameters.get("image_size")),
                (int) parameters.get("image_size") == 150,
                "worker " + worker + ", process " + (4700 + worker));
    }

    private void run(
            String sweep, int number, Map<String, Object> parameters, int deaths, TrialState state, boolean predicted) {
        String id = TrialRecord.id(sweep, number);
        if (state == TrialState.CANCELLED) {
            return;
        }
        int worker = 1 + number % 2;
        for (int attempt = 0; attempt < deaths; attempt++) {
            begin(sweep, number, parameters, worker);
            clock.pass(4);
            writer.addEpoch(id, epoch(parameters, 1, 10, 1, 0));
            clock.pass(1);
            if (attempt < deaths - 1 || state != TrialState.CRASHED) {
                writer.endAttempt(
                        id,
                        AttemptState.CRASHED,
                        "its worker crashed in native code: SIGSEGV",
                        "# SIGSEGV (0xb)\n",
                        true);
            }
        }
        if (state == TrialState.CRASHED) {
            writer.endTrial(
                    id, state, "its worker crashed in native code: SIGSEGV; 2 attempts", Map.of(), "# SIGSEGV (0xb)\n");
            return;
        }
        begin(sweep, number, parameters, worker);
        int epochs = state == TrialState.FINISHED ? 6 + number % 5 : 2;
        double luck = 0.012 * random.nextGaussian();
        int tuned = (int) parameters.get("fine_tune_depth") > 0 ? epochs / 2 + 1 : Integer.MAX_VALUE;
        for (int epoch = 1; epoch <= epochs; epoch++) {
            clock.pass(1.2);
            writer.addEpoch(id, epoch(parameters, epoch, epochs, epoch >= tuned ? 2 : 1, luck));
        }
        if (predicted && state == TrialState.FINISHED) {
            writer.putPredictions(id, epochs - 1, predictions(accuracy(parameters, epochs - 1, epochs) + luck, number));
        }
        String reason = switch (state) {
            case FAILED -> "loss is NaN at epoch 2, step 12";
            case PRUNED -> "behind the median of 0.812 at epoch 2";
            default -> "early stopping after epoch " + epochs;
        };
        writer.endTrial(
                id,
                state,
                reason,
                Map.of(
                        "total",
                        1.2 * epochs,
                        "head",
                        1.1 * epochs,
                        "validation",
                        0.1 * epochs,
                        "decode",
                        0.2,
                        "prefix",
                        0.9),
                "");
    }

    private static double accuracy(Map<String, Object> parameters, int epoch, int epochs) {
        double rate = Math.log10((double) parameters.get("learning_rate"));
        double dropout = (double) parameters.get("dropout");
        double top = 0.86
                - 0.03 * (rate + 3) * (rate + 3)
                - 0.10 * dropout * dropout
                + ((int) parameters.get("image_size") == 224 ? 0.03 : 0)
                + (parameters.get("base").equals("xception") ? 0.02 : 0)
                - (rate > -2.3 && dropout < 0.3 ? 0.05 : 0)
                + ((int) parameters.get("fine_tune_depth") > 0 ? 0.015 : 0);
        return top - 0.5 * Math.exp(-0.7 * epoch) - (epoch > epochs - 1 ? 0.01 : 0);
    }

    private EpochRecord epoch(Map<String, Object> parameters, int epoch, int epochs, int phase, double luck) {
        double accuracy = Math.min(0.999, accuracy(parameters, epoch, epochs) + luck);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss", 2.1 * Math.exp(-0.45 * epoch) + 0.05);
        metrics.put("val_loss", 2.4 * (1 - accuracy) + 0.1);
        metrics.put("val_accuracy", accuracy);
        metrics.put("val_macro_f1", accuracy - 0.02);
        return new EpochRecord(epoch, phase, metrics, List.of());
    }

    private static List<Prediction> predictions(double accuracy, int seed) {
        SplittableRandom draw = new SplittableRandom(seed);
        // The same images are hard for every trial, but not equally.
        double[] hardness = new double[IMAGES];
        for (int image = 0; image < IMAGES; image++) {
            hardness[image] = new SplittableRandom(image).nextDouble() + 0.25 * draw.nextDouble();
        }
        double[] sorted = hardness.clone();
        Arrays.sort(sorted);
        double easy = sorted[(int) Math.max(0, Math.min(IMAGES - 1, Math.round(accuracy * IMAGES)))];
        List<Prediction> predictions = new ArrayList<>();
        for (int image = 0; image < IMAGES; image++) {
            int label = image % CLASSES.size();
            boolean right = hardness[image] < easy;
            int predicted = right ? label : (label + 1 + image % 3) % CLASSES.size();
            double confidence = right ? 0.55 + 0.44 * draw.nextDouble() : 0.35 + 0.55 * draw.nextDouble();
            predictions.add(new Prediction(
                    "validation/" + CLASSES.get(label) + "/" + String.format("%04d.jpg", image),
                    label,
                    predicted,
                    confidence,
                    right ? confidence : (1 - confidence) * 0.6));
        }
        return predictions;
    }

    @Override
    public void close() {
        writer.close();
    }
}
