package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.base.Catalogue;
import dev.graft.base.Tensor;
import dev.graft.search.Trial;
import dev.graft.search.Trials;
import dev.graft.spec.Sweep;
import dev.graft.spec.SweepFile;
import dev.graft.track.EpochRecord;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepeatsTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-05-01T12:00:00Z"));
    private static final String OLD = "aaaaaaaa";
    private static final String NEW = "bbbbbbbb";
    private static final double[] ACCURACIES = {0.5, 0.9, 0.7};

    @TempDir
    Path results;

    private TrialModels models;

    @BeforeEach
    void record() throws IOException {
        models = new TrialModels(results);
        for (String sweep : List.of(OLD, NEW)) {
            try (TrackWriter track = Tracking.open(results, CLOCK)) {
                List<TrialRecord> trials = new ArrayList<>();
                for (int number = 1; number <= ACCURACIES.length; number++) {
                    trials.add(TrialRecord.waiting(sweep, number, Map.of("base", "sprout"), number, "key" + number));
                }
                track.createSweep(sweep(sweep), trials);
                for (int number = 1; number <= ACCURACIES.length; number++) {
                    String id = sweep + "-" + number;
                    track.startTrial(id, "", false, "");
                    track.addEpoch(
                            id, new EpochRecord(1, 1, Map.of("val_accuracy", ACCURACIES[number - 1]), List.of()));
                    track.putPredictions(id, 1, List.of());
                    track.endTrial(id, TrialState.FINISHED, "", Map.of(), "");
                    models.save(id, Map.of("a", new Tensor(new int[] {1}, new float[] {number})), Map.of());
                }
                track.endSweep(sweep, SweepState.FINISHED, "");
            }
        }
    }

    private static SweepRecord sweep(String id) {
        return new SweepRecord(
                id,
                "cats",
                SweepState.RUNNING,
                "",
                "grid",
                "val_accuracy",
                "maximize",
                "cats.yaml",
                "",
                List.of("a", "b"),
                CLOCK.instant(),
                Optional.empty(),
                0,
                0,
                Map.of());
    }

    private Map<Integer, String> sources(String keepModels) {
        Sweep sweep = SweepFile.parse(
                        "cats.yaml",
                        "data: {path: images}\nkeep_models: " + keepModels
                                + "\nparameters: {base: {value: sprout}, dropout: {values: [0.1, 0.2, 0.3, 0.4]}}",
                        new Catalogue(List.of()))
                .sweep();
        List<Trial> trials = Trials.of(sweep);
        Map<Integer, String> keys = new HashMap<>();
        trials.forEach(trial -> keys.put(trial.number(), "key" + trial.number()));
        try (TrackReader reader = Tracking.openReadOnly(results)) {
            assertThat(reader.finished("key1")).containsExactly(NEW + "-1", OLD + "-1");
            return new Repeats(reader, models, sweep).sources(trials, keys);
        }
    }

    private void damage(String id) throws IOException {
        byte[] bytes = Files.readAllBytes(models.file(id));
        bytes[bytes.length - 1] ^= 1;
        Files.write(models.file(id), bytes);
    }

    @Test
    void areTheNewestOfEqualTrials() {
        assertThat(sources("all"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(1, NEW + "-1", 2, NEW + "-2", 3, NEW + "-3"));
    }

    @Test
    void areOlderOnesWhoseWeightsAreInPlace() throws IOException {
        models.delete(NEW + "-1");
        damage(NEW + "-2");
        assertThat(sources("all"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(1, OLD + "-1", 2, OLD + "-2", 3, NEW + "-3"));
        assertThat(sources("2"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(1, OLD + "-1", 2, OLD + "-2", 3, NEW + "-3"));
    }

    @Test
    void areTakenOverAlsoWhereTheWeightsAreGoneOrDamaged() throws IOException {
        for (String sweep : List.of(OLD, NEW)) {
            damage(sweep + "-2");
            models.delete(sweep + "-1");
            models.delete(sweep + "-3");
        }
        for (String keep : List.of("all", "1", "0")) {
            assertThat(sources(keep).keySet()).containsExactlyInAnyOrder(1, 2, 3);
        }
    }
}
