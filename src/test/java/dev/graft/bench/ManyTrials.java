package dev.graft.bench;

import dev.graft.dashboard.Dashboard;
import dev.graft.track.FeatureGroupRecord;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A made-up record of one sweep with many finished trials, and how long the dashboard takes to answer about it.
 *
 * <p>{@code java dev.graft.bench.ManyTrials RESULTS [TRIALS [EPOCHS]]} makes the record where there is none, and prints
 * the median of every call as a table.
 */
public final class ManyTrials {

    /** The id of the sweep. */
    public static final String SWEEP = "manytri0";

    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05Z");
    private static final int CALLS = 15;

    private ManyTrials() {}

    public static void main(String[] arguments) throws Exception {
        Path results = Path.of(arguments[0]);
        int trials = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
        int epochs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 50;
        if (!Files.exists(results.resolve("track.sqlite"))) {
            write(results, trials, epochs);
        }
        try (TrackReader reader = Tracking.openAsItStands(results, InstantSource.system());
                Dashboard dashboard = Dashboard.start(reader, "127.0.0.1", 0, Optional.empty())) {
            System.out.println("| call | median ms | bytes |\n|---|---:|---:|");
            for (String address : addresses(trials)) {
                measure(dashboard.port(), address);
            }
        }
    }

    private static List<String> addresses(int trials) {
        String sweep = "/api/v1/sweeps/" + SWEEP;
        return List.of(
                "/api/v1/sweeps",
                sweep,
                sweep + "/trials?limit=50",
                sweep + "/trials?limit=50&sort=val_loss&order=asc&cursor=5000",
                sweep + "/trials?limit=1000&sort=rank",
                sweep + "/trials?limit=50&filter=image_size%20%3D%20224%20and%20val_accuracy%20%3E%200.8",
                sweep + "/matching?filter=image_size%20%3D%20224%20and%20val_accuracy%20%3E%200.8",
                sweep + "/groups?by=learning_rate,dropout",
                sweep + "/curves",
                sweep + "/curves?metric=val_loss&limit=500",
                sweep + "/points?x=seconds&y=val_accuracy",
                sweep + "/importance",
                sweep + "/timeline",
                "/api/v1/trials/" + SWEEP + "-" + trials / 2);
    }

    private static void measure(int port, String address) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + address))
                .build();
        List<Double> milliseconds = new ArrayList<>();
        int bytes = 0;
        for (int call = 0; call < 2 * CALLS; call++) {
            long begun = System.nanoTime();
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            milliseconds.add((System.nanoTime() - begun) / 1e6);
            if (answer.statusCode() != 200) {
                throw new IOException(address + ": " + answer.statusCode());
            }
            bytes = answer.body().length;
        }
        List<Double> warm =
                milliseconds.subList(CALLS, 2 * CALLS).stream().sorted().toList();
        System.out.printf("| %s | %.1f | %,d |%n", address, warm.get(CALLS / 2), bytes);
    }

    /** Writes a finished sweep with trials of so many epochs; like the writer does, but all trials at once. */
    public static void write(Path results, int trials, int epochs) throws SQLException {
        List<TrialRecord> waiting = new ArrayList<>();
        for (int number = 1; number <= trials; number++) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("base", "mobilenet_v2");
            parameters.put("image_size", number % 2 == 0 ? 150 : 224);
            parameters.put("learning_rate", Math.pow(10, -1 - number % 97 / 32.0));
            parameters.put("dropout", number % 10 / 10.0);
            parameters.put("dense_units", List.of(128, 64));
            waiting.add(TrialRecord.waiting(SWEEP, number, parameters, 42L + number, "key" + number));
        }
        try (var writer = Tracking.open(results, () -> CREATED)) {
            writer.createSweep(
                    new SweepRecord(
                            SWEEP,
                            "many trials",
                            SweepState.RUNNING,
                            "",
                            "grid",
                            "val_accuracy",
                            "maximize",
                            "sweeps/many.yaml",
                            "name: many trials\n",
                            List.of("dress", "hat"),
                            CREATED,
                            Optional.empty(),
                            0,
                            0,
                            Map.of("graft", "made up")),
                    waiting);
            writer.putFeatureGroup(
                    SWEEP, new FeatureGroupRecord("f00d", "mobilenet_v2", 150, "", 3409, 1 << 24, false, 1, 2));
        }
        try (Connection record = DriverManager.getConnection("jdbc:sqlite:" + results.resolve("track.sqlite"));
                Statement statement = record.createStatement()) {
            statement.execute("PRAGMA synchronous = OFF");
            record.setAutoCommit(false);
            String time = "'2026-01-02T03:05:00.000Z'";
            String counted =
                    "WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < " + epochs
                            + "), name(position, name, low, high) AS (VALUES (0, 'loss', 2.0, 0.3), (1, 'accuracy', 0.1, 0.9),"
                            + " (2, 'val_loss', 2.1, 0.5), (3, 'val_accuracy', 0.1, 0.85), (4, 'val_macro_f1', 0.1, 0.8)) ";
            // Towards the last value, from trial to trial a little further or less far.
            String value =
                    "low + (high - low) * (1.0 - 1.0 / (1 + n)) * (0.8 + 0.2 * (t.number * 7919 % 1000) / 1000.0)";
            statement.execute("INSERT INTO attempt (trial_id, attempt, feature_group, started_at, ended_at, state)"
                    + " SELECT id, 1, 'f00d', " + time + ", " + time + ", 'finished' FROM trial");
            statement.execute(counted + "INSERT INTO epoch SELECT id, 1, n, 1, " + time + " FROM trial, count");
            statement.execute(counted + "INSERT INTO metric SELECT id, 1, n, name, position, " + value
                    + " FROM trial t, count, name");
            statement.execute(counted.replace("SELECT 1 UNION", "SELECT " + epochs + " UNION")
                    + "INSERT INTO summary SELECT id, name, position, " + value + ", n, " + value + ", n, low, 1, "
                    + value + ", n FROM trial t, count, name");
            statement.execute("UPDATE trial SET state = 'finished', reason = 'ran all epochs', attempts = 1, epochs = "
                    + epochs + ", last_epoch = " + epochs + ", best_epoch = " + epochs + ", kept_epoch = " + epochs
                    + ", feature_group = 'f00d', started_at = " + time + ", ended_at = " + time
                    + ", seconds = '{\"total\": 12.5, \"head\": 12.0}'");
            statement.execute("UPDATE sweep SET state = 'finished', ended_at = " + time);
            record.commit();
        }
    }
}
