package dev.graft.dashboard;

import dev.graft.track.FeatureGroupRecord;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrialState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A record with everything a dashboard must cope with. */
final class SampleRecord {

    static final String RUNNING = "k3v9x2ab";
    static final String FINISHED = "f7h2m4qa";
    static final String LARGE = "w5n0p8zz";
    static final String ODD = "e1v1l0xx";
    static final String ODD_NAME = "<img src=x onerror=alert(1)> \"it's\" \uD83C\uDF31 \u0645\u0631\u062D\u0628\u0627";

    private static final List<String> CLASSES =
            List.of("dress", "hat", "longsleeve", "outwear", "pants", "shirt", "shoes", "shorts", "skirt", "t-shirt");

    static final String STRANGE = "s7r4ng3r";

    /** Names that are markup, script, links or control characters to whoever does not treat them as text. */
    static final List<String> STRANGE_NAMES = List.of(
            "<img src=x onerror=alert(1)>",
            "](javascript:alert(2)) <script>alert(3)</script>",
            "' onmouseover='alert(4)' x=\"",
            "two\nlines\tand | `ticks`",
            "\u202Egnp.exe\u2066 \u001B[31mred",
            "{{constructor.constructor('alert(5)')()}} ${alert(6)}",
            "javascript:alert(7)",
            "</td></table><iframe src=//evil.example></iframe><svg onload=alert(8)>");

    private SampleRecord() {}

    /** Adds a sweep in which everything that users name is hostile. */
    static void addStrange(FakeReader reader) {
        Instant created = Instant.now().minusSeconds(50);
        String all = String.join(" ", STRANGE_NAMES);
        reader.put(new SweepRecord(
                STRANGE,
                all,
                SweepState.FAILED,
                all,
                "grid",
                "val_accuracy",
                "maximize",
                all,
                all,
                STRANGE_NAMES,
                created,
                Optional.of(created.plusSeconds(40)),
                1,
                1,
                Map.of("data_folder", all, STRANGE_NAMES.get(0), all)));
        for (int number = 1; number <= STRANGE_NAMES.size(); number++) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("base", STRANGE_NAMES.get(number - 1));
            parameters.put(STRANGE_NAMES.get(number - 1), all);
            TrialState state = number == 2 ? TrialState.FAILED : TrialState.FINISHED;
            SampleTrial.add(reader, STRANGE, number, state, parameters, STRANGE_NAMES, created);
        }
    }

    static FakeReader filled() {
        FakeReader reader = new FakeReader();
        Instant now = Instant.now();
        running(reader, now.minusSeconds(430));
        finished(reader, now.minusSeconds(3 * 3600));
        large(reader, now.minusSeconds(26 * 3600));
        odd(reader, now.minusSeconds(5 * 86400));
        return reader;
    }

    static SweepRecord renamed(SweepRecord sweep, String name) {
        return new SweepRecord(
                sweep.id(),
                name,
                sweep.state(),
                sweep.reason(),
                sweep.method(),
                sweep.metric(),
                sweep.goal(),
                sweep.fileName(),
                sweep.fileText(),
                sweep.classes(),
                sweep.createdAt(),
                sweep.endedAt(),
                sweep.frozenPasses(),
                sweep.frozenPassesSaved(),
                sweep.provenance());
    }

    private static void running(FakeReader reader, Instant created) {
        reader.put(
                sweep(RUNNING, "clothing", SweepState.RUNNING, "", "grid", CLASSES, created, Optional.empty(), 4, 20));
        groups(reader, RUNNING);
        List<Map<String, Object>> grid = grid();
        for (int number = 1; number <= 24; number++) {
            TrialState state =
                    number <= 9 ? TrialState.FINISHED : number == 10 ? TrialState.RUNNING : TrialState.WAITING;
            SampleTrial.add(
                    reader, RUNNING, number, state, grid.get(number - 1), CLASSES, created.plusSeconds(40L * number));
        }
    }

    private static void finished(FakeReader reader, Instant created) {
        Optional<Instant> ended = Optional.of(created.plusSeconds(754));
        reader.put(sweep(FINISHED, "clothing-heads", SweepState.FINISHED, "", "grid", CLASSES, created, ended, 4, 8));
        groups(reader, FINISHED);
        List<Map<String, Object>> grid = grid();
        for (int number = 1; number <= 12; number++) {
            TrialState state = switch (number) {
                case 4 -> TrialState.FAILED;
                case 9 -> TrialState.CRASHED;
                case 11 -> TrialState.PRUNED;
                default -> TrialState.FINISHED;
            };
            SampleTrial.add(
                    reader,
                    FINISHED,
                    number,
                    state,
                    grid.get(2 * number - 1),
                    CLASSES,
                    created.plusSeconds(60L * number));
        }
    }

    private static void large(FakeReader reader, Instant created) {
        Optional<Instant> ended = Optional.of(created.plusSeconds(17_000));
        reader.put(sweep(
                LARGE,
                "wide-random",
                SweepState.CANCELLED,
                "stopped with Ctrl-C after trial 488",
                "random",
                CLASSES,
                created,
                ended,
                6,
                482));
        groups(reader, LARGE);
        Random random = new Random(7);
        String[] bases = {"mobilenet_v2", "resnet50", "xception"};
        for (int number = 1; number <= 500; number++) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("base", bases[random.nextInt(3)]);
            parameters.put("learning_rate", Math.pow(10, -5 + 3.5 * random.nextDouble()));
            parameters.put("dropout", Math.round(50 * random.nextDouble()) / 100.0);
            parameters.put("dense_units", random.nextBoolean() ? List.of() : List.of(128L, 64L));
            parameters.put("batch_size", 32L);
            TrialState state = number > 488
                    ? TrialState.CANCELLED
                    : random.nextInt(40) == 0 ? TrialState.FAILED : TrialState.FINISHED;
            SampleTrial.add(reader, LARGE, number, state, parameters, CLASSES, created.plusSeconds(34L * number));
        }
    }

    private static void odd(FakeReader reader, Instant created) {
        List<String> classes =
                List.of("<b>bold</b>", "\"quoted\" & 'so'", "\u0645\u0631\u062D\u0628\u0627", "\uD83C\uDF31 sprout");
        Optional<Instant> ended = Optional.of(created.plusSeconds(61));
        reader.put(sweep(
                ODD,
                ODD_NAME,
                SweepState.FAILED,
                "disk full: <script>1</script>",
                "grid",
                classes,
                created,
                ended,
                1,
                1));
        for (int number = 1; number <= 3; number++) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("base", "<i>mobilenet_v2</i>");
            parameters.put(
                    "activation", number == 1 ? "\u05E9\u05DC\u05D5\u05DD" : "relu</td><script>alert(2)</script>");
            parameters.put("learning_rate", 1e-5 * number);
            TrialState state = number == 3 ? TrialState.WAITING : TrialState.FINISHED;
            SampleTrial.add(reader, ODD, number, state, parameters, classes, created);
        }
    }

    /** Base by learning rate by dropout by depth: 2 * 3 * 2 * 2 combinations. */
    private static List<Map<String, Object>> grid() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (String base : List.of("mobilenet_v2", "xception")) {
            for (double rate : new double[] {0.01, 0.001, 0.0001}) {
                for (double dropout : new double[] {0.2, 0.5}) {
                    for (long depth : new long[] {0, 2}) {
                        Map<String, Object> parameters = new LinkedHashMap<>();
                        parameters.put("base", base);
                        parameters.put("image_size", 150L);
                        parameters.put("learning_rate", rate);
                        parameters.put("dropout", dropout);
                        parameters.put("fine_tune_depth", depth);
                        parameters.put("dense_units", List.of(128L));
                        parameters.put("optimizer", "adam");
                        all.add(parameters);
                    }
                }
            }
        }
        return all;
    }

    private static void groups(FakeReader reader, String sweepId) {
        reader.group(
                sweepId,
                new FeatureGroupRecord(
                        "a1b2c3d0", "mobilenet_v2", 150, "out_relu, avg pooled", 3781, 19_358_720L, false, 18.2, 41.7));
        reader.group(
                sweepId,
                new FeatureGroupRecord(
                        "a1b2c3d1", "xception", 150, "block14_sepconv2_act", 3781, 774_348_800L, true, 0, 0));
    }

    private static SweepRecord sweep(
            String id,
            String name,
            SweepState state,
            String reason,
            String method,
            List<String> classes,
            Instant created,
            Optional<Instant> ended,
            int passes,
            int saved) {
        return new SweepRecord(
                id,
                name,
                state,
                reason,
                method,
                "val_accuracy",
                "maximize",
                "sweeps/clothing.yaml",
                "name: clothing\n",
                classes,
                created,
                ended,
                passes,
                saved,
                Map.of(
                        "dataset_digest", "9f2c11d0c4f2e7a6b8d4c3a2f1e0d9c8b7a6958473625140f1e2d3c4b5a69788",
                        "weights_digest", "3fd8c2a1",
                        "graft_version", "0.1.0",
                        "git_commit", "18618d9",
                        "jdk", "17.0.15",
                        "os", "Linux 6.1 amd64",
                        "cpu", "2 cores, AVX-512",
                        "threads", "2"));
    }
}
