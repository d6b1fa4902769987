package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.track.AttemptState;
import dev.graft.track.EpochRecord;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeaderboardTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:05:00Z");
    private static final int TRIALS = 60;

    @TempDir
    Path directory;

    /** Reads a part, and checks that all with the rest left out is the same. */
    private static void assertReadsTheSame(TrackReader track, String id) {
        SweepRecord sweep = track.sweep(id);
        List<TrialRecord> trials = track.trials(id);
        Leaderboard all = Leaderboard.of(sweep, trials);
        for (int most : List.of(0, 1, 2, 7, 40, TRIALS, 200)) {
            assertThat(Leaderboard.best(track, sweep, track.lines(sweep), most))
                    .isEqualTo(all.only(trial -> true, most));
        }
    }

    @Test
    void keepsThePlacesAndColumnsOfAllWhereSomeAreLeftOut() {
        List<TrialRecord> trials = List.of(
                Samples.trial(1, TrialState.FINISHED, Map.of("base", "vgg16"), 0.5),
                Samples.trial(2, TrialState.FINISHED, Map.of("base", "sprout"), 0.75),
                Samples.trial(3, TrialState.FINISHED, Map.of("base", "sprout"), 0.25),
                Samples.trial(4, TrialState.FINISHED, Map.of("base", "sprout"), 0.125));
        Leaderboard some = Leaderboard.of(Samples.sweep("val_accuracy", "maximize"), trials)
                .only(trial -> trial.number() != 1, 2);
        assertThat(some.parameters()).containsExactly("base");
        assertThat(some.rows()).extracting(row -> row.trial().number()).containsExactly(2, 3);
        assertThat(some.rows()).extracting(Leaderboard.Row::place).containsExactly(1, 3);
    }

    @Nested
    class OfAPart {

        private TrackWriter writer;

        @BeforeEach
        void open() {
            writer = Tracking.open(directory, () -> NOW);
        }

        @AfterEach
        void close() {
            writer.close();
        }

        /** Writes a sweep whose trials stand, do and lack what chance wants; few values, so that many are equal. */
        private void write(String goal, Random random) {
            SweepRecord sweep = Samples.sweep("val_accuracy", goal);
            List<TrialRecord> trials = new ArrayList<>();
            for (int number = 1; number <= TRIALS; number++) {
                trials.add(TrialRecord.waiting(sweep.id(), number, parameters(random), number, ""));
            }
            writer.createSweep(sweep, trials);
            trials.forEach(
                    trial -> run(trial.id(), TrialState.values()[random.nextInt(TrialState.values().length)], random));
        }

        private static Map<String, Object> parameters(Random random) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            List<String> names = random.nextBoolean() ? List.of("a", "b", "c", "d") : List.of("c", "b", "a");
            for (String name : names) {
                switch (name) {
                    case "a" -> parameters.put("a", random.nextInt(50) == 0 ? (Object) 1.0 : 1);
                    case "b" -> parameters.put("b", "always");
                    case "c" -> parameters.put("c", random.nextDouble());
                    default -> parameters.put("d", List.of(random.nextInt(2), 64));
                }
            }
            if (random.nextInt(40) == 0) {
                parameters.put("rare", true);
            }
            return parameters;
        }

        private void run(String id, TrialState state, Random random) {
            if (state == TrialState.WAITING) {
                return;
            }
            if (state == TrialState.CANCELLED && random.nextBoolean()) {
                writer.endTrial(id, state, "stopped", Map.of(), "");
                return;
            }
            writer.startTrial(id, "f00d", false, "worker 1");
            if (random.nextInt(4) == 0) {
                writer.addEpoch(id, epoch(1, 0.875));
                writer.endAttempt(id, AttemptState.CRASHED, "killed", "", true);
                writer.startTrial(id, "f00d", false, "worker 1");
            }
            for (int epoch = 1; epoch <= random.nextInt(4); epoch++) {
                writer.addEpoch(id, random.nextInt(5) == 0 ? epoch(epoch) : epoch(epoch, random.nextInt(4) / 4.0));
            }
            if (random.nextInt(6) == 0) {
                writer.addEpoch(id, epoch(9, Double.NaN));
            }
            if (state != TrialState.RUNNING) {
                writer.endTrial(id, state, "as it went", Map.of("total", random.nextDouble()), "");
            }
        }

        private static EpochRecord epoch(int epoch, double accuracy) {
            return new EpochRecord(epoch, 1, Map.of("val_accuracy", accuracy, "val_loss", 0.5), List.of());
        }

        private static EpochRecord epoch(int epoch) {
            return new EpochRecord(epoch, 1, Map.of("val_loss", 0.25), List.of());
        }

        @ParameterizedTest
        @CsvSource({"maximize, 1", "minimize, 2", "maximize, 3", "minimize, 4"})
        void isTheSameAsThatOfAllWithTheOthersLeftOut(String goal, int seed) {
            write(goal, new Random(seed));
            try (TrackReader recorded = Tracking.openReadOnly(directory);
                    TrackReader alive = Tracking.openAsItStands(directory, () -> NOW)) {
                assertThat(alive.trials("k3v9x2ab"))
                        .extracting(TrialRecord::state)
                        .contains(TrialState.values());
                assertReadsTheSame(recorded, "k3v9x2ab");
                assertReadsTheSame(alive, "k3v9x2ab");
            }
            writer.close();
            try (TrackReader dead = Tracking.openAsItStands(directory, () -> NOW)) {
                assertThat(dead.trials("k3v9x2ab"))
                        .extracting(TrialRecord::state)
                        .doesNotContain(TrialState.RUNNING);
                assertReadsTheSame(dead, "k3v9x2ab");
            }
        }

        @Test
        void ranksAnewWhatHasGoneOnSinceItWasChosen() {
            SweepRecord sweep = Samples.sweep("val_accuracy", "maximize");
            writer.createSweep(
                    sweep,
                    List.of(
                            TrialRecord.waiting(sweep.id(), 1, Map.of("a", 1), 1, ""),
                            TrialRecord.waiting(sweep.id(), 2, Map.of("a", 2), 1, ""),
                            TrialRecord.waiting(sweep.id(), 3, Map.of("a", 3), 1, "")));
            for (int number = 1; number <= 2; number++) {
                writer.startTrial(TrialRecord.id(sweep.id(), number), "f00d", false, "worker 1");
                writer.addEpoch(TrialRecord.id(sweep.id(), number), epoch(1, number == 1 ? 0.5 : 0.25));
            }
            try (TrackReader track = Tracking.openReadOnly(directory)) {
                List<TrialLine> lines = track.lines(sweep);
                writer.addEpoch(TrialRecord.id(sweep.id(), 2), epoch(2, 0.75));
                Leaderboard board = Leaderboard.best(track, sweep, lines, 2);
                assertThat(board.rows()).extracting(row -> row.trial().number()).containsExactly(2, 1);
                assertThat(board.rows()).extracting(Leaderboard.Row::place).containsExactly(1, 2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void ofAPartOfAnOlderRecordIsTheSameAsThatOfAll(int schema) throws IOException {
        String name = "v" + schema + ".sqlite";
        try (InputStream golden = Objects.requireNonNull(TrackReader.class.getResourceAsStream(name))) {
            Files.copy(golden, directory.resolve("track.sqlite"));
        }
        try (TrackReader track = Tracking.openAsItStands(directory, () -> NOW)) {
            assertThat(track.sweeps()).isNotEmpty();
            track.sweeps().forEach(sweep -> assertReadsTheSame(track, sweep.id()));
        }
    }
}
