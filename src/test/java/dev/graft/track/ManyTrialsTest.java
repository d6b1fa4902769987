package dev.graft.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps reading a part of a large sweep cheap, and the same as reading all of it. */
class ManyTrialsTest {

    @TempDir
    Path directory;

    @BeforeEach
    void write() {
        GoldenRecord.writeSecond(directory);
    }

    @Nested
    class Parts {

        @ParameterizedTest
        @ValueSource(strings = {"g0lden00", "g0lden01"})
        void saysTheSameOfATrialAsTheWholeRecord(String id) {
            try (TrackReader reader = Tracking.openReadOnly(directory)) {
                SweepRecord sweep = reader.sweep(id);
                List<TrialRecord> trials = reader.trials(id);
                assertThat(reader.lines(sweep))
                        .isNotEmpty()
                        .isEqualTo(trials.stream()
                                .map(trial -> TrialLine.of(sweep.metric(), trial))
                                .toList());
                assertThat(reader.parameters(id))
                        .isEqualTo(trials.stream().map(TrialRecord::parameters).toList());
                List<TrialRecord> turned = List.of(trials.get(2), trials.get(0));
                assertThat(reader.trials(List.of(
                                turned.get(0).id(), "none-1", turned.get(1).id())))
                        .isEqualTo(turned);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"val_loss", "val_accuracy", "unheard_of"})
        void drawsTheCurvesThatTheEpochsHold(String metric) {
            try (TrackReader reader = Tracking.openReadOnly(directory)) {
                List<String> ids = List.of("g0lden00-2", "g0lden00-1", "g0lden01-1", "g0lden01-2");
                Map<String, List<List<Object>>> expected = new LinkedHashMap<>();
                ids.forEach(id -> expected.put(id, points(reader.epochs(id), metric)));
                Map<String, List<List<Object>>> found = new LinkedHashMap<>();
                reader.curves(ids, metric)
                        .forEach((id, points) -> found.put(
                                id,
                                points.stream()
                                        .map(point -> List.<Object>of(point.epoch(), point.phase(), point.value()))
                                        .toList()));
                assertThat(found).isEqualTo(expected);
                assertThat(found.keySet()).containsExactlyElementsOf(ids);
            }
        }

        @Test
        void showsWhatNobodyIsAtAsCrashed() {
            try (TrackReader reader = Tracking.openAsItStands(directory, () -> GoldenRecord.NOW)) {
                SweepRecord sweep = reader.sweep("g0lden00");
                assertThat(reader.lines(sweep).get(1).state()).isEqualTo(TrialState.CRASHED);
                assertThat(reader.trials(List.of("g0lden00-2")).get(0).state()).isEqualTo(TrialState.CRASHED);
            }
        }

        @Test
        void tellsEachCombinationOfParametersOnceTheFirstOneFirst() {
            List<Map<String, Object>> combinations = List.of(
                    Map.of("dropout", 0.5, "base", "vgg16"),
                    Map.of("dropout", 0.0, "base", "vgg16"),
                    Map.of("dropout", 0, "base", "vgg16"));
            List<TrialRecord> trials = new ArrayList<>();
            for (int number = 1; number <= 12; number++) {
                trials.add(Records.trial("repeated", number, combinations.get(number % 4 == 0 ? 2 : number % 2)));
            }
            try (TrackWriter writer = Tracking.open(directory, () -> GoldenRecord.NOW);
                    TrackReader reader = Tracking.openReadOnly(directory)) {
                writer.createSweep(Records.sweep("repeated"), trials);
                assertThat(reader.parameters("repeated"))
                        .containsExactly(combinations.get(1), combinations.get(0), combinations.get(2));
                assertThat(reader.parameters("none")).isEmpty();
            }
        }

        private List<List<Object>> points(List<EpochRecord> epochs, String metric) {
            return epochs.stream()
                    .filter(epoch -> epoch.metrics().containsKey(metric))
                    .map(epoch -> List.<Object>of(
                            epoch.epoch(), epoch.phase(), epoch.metrics().get(metric)))
                    .toList();
        }
    }

    @Nested
    class Plans {

        @ParameterizedTest
        @ValueSource(strings = {SqliteReader.LINES, SqliteReader.CURVES})
        void findEveryRowByAKey(String query) throws Exception {
            try (Session session = Database.inMemory(Schema.CURRENT)) {
                List<String> steps =
                        session.query("EXPLAIN QUERY PLAN " + query, row -> row.getString("detail"), "val_loss", "[]");
                assertThat(steps).isNotEmpty();
                assertThat(steps)
                        .allMatch(step -> step.startsWith("SEARCH ")
                                || step.startsWith("SCAN ids VIRTUAL TABLE")
                                || step.startsWith("USE TEMP B-TREE"));
            }
        }
    }
}
