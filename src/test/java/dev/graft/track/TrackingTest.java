package dev.graft.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrackingTest {

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-01-02T03:04:06Z");
    private TrackWriter writer;
    private TrackReader reader;

    @BeforeEach
    void open() {
        writer = Tracking.open(directory, () -> now);
        reader = Tracking.openReadOnly(directory);
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
    }

    private void begin(String sweepId, int trials) {
        writer.createSweep(Records.sweep(sweepId), Records.trials(sweepId, trials));
    }

    private TrialRecord trial(String id) {
        return reader.trial(id).orElseThrow();
    }

    @Nested
    class Sweeps {

        @Test
        void comeBackAsTheyWereWritten() {
            SweepRecord sweep = Records.sweep("k3v9x2ab");
            writer.createSweep(sweep, Records.trials("k3v9x2ab", 3));
            assertThat(reader.sweeps()).containsExactly(sweep);
            assertThat(reader.trials("k3v9x2ab")).isEqualTo(Records.trials("k3v9x2ab", 3));
            assertThat(List.copyOf(trial("k3v9x2ab-1").parameters().keySet()))
                    .containsExactly("learning_rate", "base", "image_size", "dense_units");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "it's \"quoted\"",
                    "two\nlines\r\n\tand a tab",
                    "🌱 grafted 👩🏽‍🔬",
                    "נסוי שתל",
                    "'); DROP TABLE sweep; --",
                    "\u202eevil",
                    "a\u0000b",
                    ""
                })
        void mayHaveAnyName(String name) {
            SweepRecord sweep = Records.sweep("aaaaaaaa", name, "val_loss", "minimize", Records.CREATED);
            TrialRecord trial = Records.trial("aaaaaaaa", 1, Map.of(name, List.of(name, name)));
            writer.createSweep(sweep, List.of(trial));
            writer.addProvenance("aaaaaaaa", Map.of(name, name));
            writer.startTrial("aaaaaaaa-1", name, true, "");
            List<Prediction> predictions = List.of(new Prediction(name, 0, 1, 0.75, 0.25));
            writer.putPredictions("aaaaaaaa-1", 1, predictions);
            writer.endTrial("aaaaaaaa-1", TrialState.FAILED, name, Map.of(), "");
            assertThat(reader.sweep("aaaaaaaa").name()).isEqualTo(name);
            assertThat(reader.sweep("aaaaaaaa").provenance()).containsEntry(name, name);
            assertThat(trial("aaaaaaaa-1").parameters()).isEqualTo(trial.parameters());
            assertThat(trial("aaaaaaaa-1").reason()).isEqualTo(name);
            assertThat(reader.predictions("aaaaaaaa-1")).isEqualTo(predictions);
        }

        @Test
        void areCreatedAllOrNothing() {
            List<TrialRecord> twice = List.of(Records.trial("aaaaaaaa", 1), Records.trial("aaaaaaaa", 1));
            assertThatThrownBy(() -> writer.createSweep(Records.sweep("aaaaaaaa"), twice))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("a trial with this id or number exists");
            assertThat(reader.sweeps()).isEmpty();
            begin("aaaaaaaa", 1);
            assertThat(reader.trials("aaaaaaaa")).hasSize(1);
        }

        @Test
        void keepTheirPassesProvenanceAndFeatureGroups() {
            begin("aaaaaaaa", 1);
            writer.setFrozenPasses("aaaaaaaa", 2, 10);
            writer.addProvenance("aaaaaaaa", Map.of("jdk", "17", "graft_version", "0.2.0"));
            writer.putFeatureGroup("aaaaaaaa", Records.group("f1", false));
            writer.putFeatureGroup("aaaaaaaa", Records.group("e0", false));
            writer.putFeatureGroup("aaaaaaaa", Records.group("f1", true));
            SweepRecord sweep = reader.sweep("latest");
            assertThat(sweep.frozenPasses()).isEqualTo(2);
            assertThat(sweep.frozenPassesSaved()).isEqualTo(10);
            assertThat(sweep.provenance()).isEqualTo(Map.of("jdk", "17", "graft_version", "0.2.0"));
            assertThat(reader.featureGroups("aaaaaaaa"))
                    .containsExactly(Records.group("f1", true), Records.group("e0", false));
        }

        @Test
        void endWithTheirOpenTrials() {
            begin("aaaaaaaa", 3);
            writer.startTrial("aaaaaaaa-1", "f1", false, "");
            writer.endTrial("aaaaaaaa-1", TrialState.FINISHED, "", Map.of(), "");
            writer.startTrial("aaaaaaaa-2", "f1", false, "");
            writer.endSweep("aaaaaaaa", SweepState.CANCELLED, "stopped by the user");
            assertThat(reader.trials("aaaaaaaa"))
                    .extracting(TrialRecord::state)
                    .containsExactly(TrialState.FINISHED, TrialState.CANCELLED, TrialState.CANCELLED);
            assertThat(trial("aaaaaaaa-3").reason()).isEqualTo("stopped by the user");
            SweepRecord sweep = reader.sweep("aaaaaaaa");
            assertThat(sweep.state()).isEqualTo(SweepState.CANCELLED);
            assertThat(sweep.reason()).isEqualTo("stopped by the user");
            assertThat(sweep.endedAt()).contains(now);
            assertThatThrownBy(() -> writer.endSweep("aaaaaaaa", SweepState.FINISHED, ""))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("sweep aaaaaaaa has ended already");
        }

        @Test
        void mustExistToBeWrittenTo() {
            assertThatThrownBy(() -> writer.setFrozenPasses("nowheree", 1, 1))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("there is no sweep nowheree");
            assertThatThrownBy(() -> writer.startTrial("nowheree-1", "", false, ""))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("there is no trial nowheree-1");
        }

        @Test
        void ofADeadControllerAreSweptUpButNotOnesOwn() {
            begin("aaaaaaaa", 2);
            writer.startTrial("aaaaaaaa-1", "f1", false, "");
            writer.close();
            writer = Tracking.open(directory, () -> now);
            begin("bbbbbbbb", 1);
            assertThat(writer.sweepUp()).containsExactly("aaaaaaaa");
            assertThat(reader.sweep("aaaaaaaa").state()).isEqualTo(SweepState.CRASHED);
            assertThat(reader.trials("aaaaaaaa"))
                    .extracting(TrialRecord::state)
                    .containsExactly(TrialState.CRASHED, TrialState.CANCELLED);
            assertThat(reader.trials("aaaaaaaa"))
                    .extracting(TrialRecord::reason)
                    .containsExactly("the sweep's controller died", "the sweep's controller died before it began");
            assertThat(reader.sweep("bbbbbbbb").state()).isEqualTo(SweepState.RUNNING);
            assertThat(writer.sweepUp()).isEmpty();
        }
    }

    @Nested
    @DisabledOnOs(OS.WINDOWS) // Where open files cannot be deleted.
    class ARecordThatIsGone {

        @Test
        void isNotWrittenToAnyMore() throws IOException {
            begin("aaaaaaaa", 1);
            Files.delete(directory.resolve("track.sqlite"));
            assertThatThrownBy(() -> writer.startTrial("aaaaaaaa-1", "f1", false, ""))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("track.sqlite was moved or deleted while Graft was writing to it");
        }

        @Test
        void isNotTakenForAnotherInItsPlace() throws IOException {
            begin("aaaaaaaa", 1);
            Path file = directory.resolve("track.sqlite");
            Files.move(file, directory.resolve("kept.sqlite"));
            Files.copy(directory.resolve("kept.sqlite"), file);
            assertThatThrownBy(() -> writer.startTrial("aaaaaaaa-1", "f1", false, ""))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("was moved or deleted");
            Files.move(directory.resolve("kept.sqlite"), file, StandardCopyOption.REPLACE_EXISTING);
            writer.startTrial("aaaaaaaa-1", "f1", false, "");
        }
    }

    @Nested
    class OfADeadController {

        @Test
        void sweepsHaveFinishedWhenAllTheirTrialsHadEnded() {
            begin("aaaaaaaa", 1);
            writer.startTrial("aaaaaaaa-1", "f1", false, "");
            writer.endTrial("aaaaaaaa-1", TrialState.FINISHED, "", Map.of(), "");
            writer.close();
            writer = Tracking.open(directory, () -> now);
            assertThat(writer.sweepUp()).isEmpty();
            assertThat(reader.sweep("aaaaaaaa").state()).isEqualTo(SweepState.FINISHED);
            assertThat(reader.sweep("aaaaaaaa").endedAt()).isPresent();
            assertThat(reader.trial("aaaaaaaa-1").orElseThrow().state()).isEqualTo(TrialState.FINISHED);
        }
    }

    @Nested
    class References {

        @BeforeEach
        void createThree() {
            Instant created = Records.CREATED;
            for (String id : List.of("abc00000", "abd00000", "x0000000")) {
                created = created.plus(Duration.ofMillis(1));
                writer.createSweep(Records.sweep(id, "cats", "val_loss", "minimize", created), List.of());
            }
        }

        @Test
        void meanAWholeIdAPrefixOrTheLatest() {
            assertThat(reader.sweep("abd00000").id()).isEqualTo("abd00000");
            assertThat(reader.sweep("abc").id()).isEqualTo("abc00000");
            assertThat(reader.sweep("latest").id()).isEqualTo("x0000000");
            assertThat(reader.sweeps()).extracting(SweepRecord::id).containsExactly("x0000000", "abd00000", "abc00000");
        }

        @Test
        void thatAreAmbiguousNameTheCandidates() {
            assertThatThrownBy(() -> reader.sweep("ab"))
                    .isInstanceOf(UnknownSweepException.class)
                    .hasMessage("\"ab\" means 2 sweeps: abd00000 (cats), abc00000 (cats); give more of the id");
        }

        @ParameterizedTest
        @ValueSource(strings = {"q", "%", "_bc00000", "ABC"})
        void thatMeanNothingNameWhatThereIs(String reference) {
            assertThatThrownBy(() -> reader.sweep(reference))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("no sweep has an id that begins with \"" + reference
                            + "\"; there are x0000000 (cats), abd00000 (cats), abc00000 (cats) (or say latest)");
        }
    }

    @Nested
    class Epochs {

        @Test
        void comeBackAsTheyWereWritten() {
            begin("aaaaaaaa", 2);
            writer.startTrial("aaaaaaaa-1", "f1", true, "");
            List<EpochRecord> epochs = List.of(
                    Records.epoch(1, 0.9, 0.5),
                    Records.epoch(2, Double.NaN, Double.NEGATIVE_INFINITY),
                    Records.epoch(3, Double.POSITIVE_INFINITY, 0.0),
                    Records.epoch(4, Double.MIN_VALUE, Double.MAX_VALUE));
            epochs.forEach(epoch -> writer.addEpoch("aaaaaaaa-1", epoch));
            assertThat(reader.epochs("aaaaaaaa-1")).isEqualTo(epochs);
            assertThat(List.copyOf(reader.epochs("aaaaaaaa-1").get(0).metrics().keySet()))
                    .containsExactly("val_loss", "val_accuracy", "learning_rate");
            assertThat(reader.epochsOfSweep("aaaaaaaa"))
                    .isEqualTo(Map.of("aaaaaaaa-1", epochs, "aaaaaaaa-2", List.of()));
            assertThat(reader.epochs("aaaaaaaa-2")).isEmpty();
            assertThat(reader.epochs("nowhere-1")).isEmpty();
        }

        @Test
        void giveTheBestByTheSweepsMetricTheFirstOfEquals() {
            begin("aaaaaaaa", 1);
            writer.startTrial("aaaaaaaa-1", "f1", false, "");
            assertThat(trial("aaaaaaaa-1").best()).isEmpty();
            double[] accuracies = {Double.NaN, 0.5, 0.8, 0.8, 0.7};
            for (int i = 0; i < accuracies.length; i++) {
                writer.addEpoch("aaaaaaaa-1", Records.epoch(i + 1, 0.9 - i * 0.1, accuracies[i]));
            }
            TrialRecord trial = trial("aaaaaaaa-1");
            assertThat(trial.best())
                    .contains(new TrialRecord.Epoch(
                            3, Records.epoch(3, 0.9 - 2 * 0.1, 0.8).metrics()));
            assertThat(trial.last())
                    .contains(new TrialRecord.Epoch(
                            5, Records.epoch(5, 0.9 - 4 * 0.1, 0.7).metrics()));
            assertThat(trial.epochs()).isEqualTo(5);
        }

        @Test
        void giveTheSmallestWhereLessIsBetter() {
            writer.createSweep(
                    Records.sweep("aaaaaaaa", "n", "val_loss", "minimize", Records.CREATED),
                    Records.trials("aaaaaaaa", 1));
            writer.startTrial("aaaaaaaa-1", "f1", false, "");
            writer.addEpoch("aaaaaaaa-1", Records.epoch(1, Double.POSITIVE_INFINITY, 0.9));
            assertThat(trial("aaaaaaaa-1").best().orElseThrow().epoch()).isEqualTo(1);
            writer.addEpoch("aaaaaaaa-1", Records.epoch(2, 0.5, 0.8));
            writer.addEpoch("aaaaaaaa-1", Records.epoch(3, 0.6, 0.99));
            assertThat(trial("aaaaaaaa-1").best().orElseThrow().epoch()).isEqualTo(2);
        }

        @Test
        void giveNoBestWhileTheMetricIsNan() {
            begin("aaaaaaaa", 1);
            writer.startTrial("aaaaaaaa-1", "f1", false, "");
            writer.addEpoch("aaaaaaaa-1", Records.epoch(1, 0.5, Double.NaN));
            assertThat(trial("aaaaaaaa-1").best()).isEmpty();
            assertThat(trial("aaaaaaaa-1").last().orElseThrow().metrics()).containsEntry("val_accuracy", Double.NaN);
        }

        @Test
        void giveOnlyTheMetricsOfTheirEpoch() {
            begin("aaaaaaaa", 1);
            writer.startTrial("aaaaaaaa-1", "f1", false, "");
            EpochRecord first = new EpochRecord(1, 1, Map.of("val_accuracy", 0.5, "extra", 1.0), List.of());
            EpochRecord second = new EpochRecord(2, 2, Map.of("val_accuracy", 0.6), List.of());
            writer.addEpoch("aaaaaaaa-1", first);
            writer.addEpoch("aaaaaaaa-1", second);
            assertThat(trial("aaaaaaaa-1").best()).contains(new TrialRecord.Epoch(2, second.metrics()));
            assertThat(trial("aaaaaaaa-1").last()).contains(new TrialRecord.Epoch(2, second.metrics()));
        }

        @Test
        void mustBeLaterThanTheLastAndOfARunningTrial() {
            begin("aaaaaaaa", 1);
            assertThatThrownBy(() -> writer.addEpoch("aaaaaaaa-1", Records.epoch(1, 1, 1)))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("trial aaaaaaaa-1 has not begun");
            writer.startTrial("aaaaaaaa-1", "f1", false, "");
            writer.addEpoch("aaaaaaaa-1", Records.epoch(1, 1, 1));
            assertThatThrownBy(() -> writer.addEpoch("aaaaaaaa-1", Records.epoch(1, 1, 1)))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("trial aaaaaaaa-1 has recorded epoch 1, so the next must be later, but was 1");
        }

        @Test
        void ofAnEarlierAttemptNoLongerCount() throws Exception {
            begin("aaaaaaaa", 1);
            writer.startTrial("aaaaaaaa-1", "f1", false, "");
            writer.addEpoch("aaaaaaaa-1", Records.epoch(1, 0.1, 0.99));
            writer.putPredictions("aaaaaaaa-1", 1, List.of(new Prediction("a.png", 0, 0, 1, 1)));
            now = now.plusSeconds(60);
            writer.startTrial("aaaaaaaa-1", "f1", true, "");
            TrialRecord trial = trial("aaaaaaaa-1");
            assertThat(trial.attempts()).isEqualTo(2);
            assertThat(trial.epochs()).isZero();
            assertThat(trial.keptEpoch()).isZero();
            assertThat(trial.best()).isEmpty();
            assertThat(trial.last()).isEmpty();
            assertThat(trial.startedAt()).contains(now);
            assertThat(reader.epochs("aaaaaaaa-1")).isEmpty();
            assertThat(reader.predictions("aaaaaaaa-1")).isEmpty();
            writer.addEpoch("aaaaaaaa-1", Records.epoch(1, 0.5, 0.5));
            assertThat(reader.epochs("aaaaaaaa-1")).containsExactly(Records.epoch(1, 0.5, 0.5));
            assertThat(trial("aaaaaaaa-1").best().orElseThrow().metrics()).containsEntry("val_accuracy", 0.5);
            try (Sql sql = new Sql(directory)) {
                assertThat(sql.text("SELECT count(*) FROM epoch")).isEqualTo("2");
                assertThat(sql.text("SELECT group_concat(attempt || ' ' || ended_at) FROM attempt"))
                        .isEqualTo("1 2026-01-02T03:05:06.000Z");
            }
        }
    }

    @Nested
    class Trials {

        @Test
        void areRecordedFromStartToEnd() {
            begin("aaaaaaaa", 1);
            Instant started = now;
            writer.startTrial("aaaaaaaa-1", "f00d", true, "");
            assertThat(trial("aaaaaaaa-1").state()).isEqualTo(TrialState.RUNNING);
            writer.addEpoch("aaaaaaaa-1", Records.epoch(1, 0.5, 0.5));
            now = now.plusSeconds(9);
            writer.putPredictions(
                    "aaaaaaaa-1", 1, List.of(new Prediction("b.png", 0, 0, 1, 1), new Prediction("a.png", 1, 0, 1, 0)));
            writer.endTrial("aaaaaaaa-1", TrialState.FINISHED, "early stopping", Map.of("total", 9.0, "head", 1.5), "");
            TrialRecord trial = trial("aaaaaaaa-1");
            assertThat(trial.state()).isEqualTo(TrialState.FINISHED);
            assertThat(trial.reason()).isEqualTo("early stopping");
            assertThat(trial.featureGroup()).isEqualTo("f00d");
            assertThat(trial.cacheHit()).isTrue();
            assertThat(trial.keptEpoch()).isEqualTo(1);
            assertThat(trial.startedAt()).contains(started);
            assertThat(trial.endedAt()).contains(now);
            assertThat(trial.seconds()).isEqualTo(Map.of("total", 9.0, "head", 1.5));
            assertThat(reader.predictions("aaaaaaaa-1"))
                    .extracting(Prediction::image)
                    .containsExactly("b.png", "a.png");
        }

        @Test
        void thatHaveEndedAreNeverChanged() {
            begin("aaaaaaaa", 1);
            writer.startTrial("aaaaaaaa-1", "f1", false, "");
            writer.endTrial("aaaaaaaa-1", TrialState.PRUNED, "", Map.of(), "");
            TrialRecord ended = trial("aaaaaaaa-1");
            String message = "trial aaaaaaaa-1 has ended (pruned) and is never changed again";
            assertThatThrownBy(() -> writer.endTrial("aaaaaaaa-1", TrialState.FINISHED, "", Map.of(), ""))
                    .hasMessage(message);
            assertThatThrownBy(() -> writer.startTrial("aaaaaaaa-1", "f1", false, ""))
                    .hasMessage(message);
            assertThatThrownBy(() -> writer.addEpoch("aaaaaaaa-1", Records.epoch(1, 1, 1)))
                    .hasMessage(message);
            assertThatThrownBy(() -> writer.putPredictions("aaaaaaaa-1", 1, List.of()))
                    .hasMessage(message);
            assertThat(trial("aaaaaaaa-1")).isEqualTo(ended);
        }

        @Test
        void mayEndWithoutHavingBegun() {
            begin("aaaaaaaa", 1);
            writer.endTrial("aaaaaaaa-1", TrialState.FAILED, "no memory", Map.of(), "");
            assertThat(trial("aaaaaaaa-1").attempts()).isZero();
            assertThat(trial("aaaaaaaa-1").startedAt()).isEqualTo(Optional.empty());
        }
    }

    @Nested
    class Versions {

        @Test
        void growWithEveryChangeAndWithNothingElse() {
            List<Long> versions = new ArrayList<>();
            versions.add(reader.version());
            begin("aaaaaaaa", 1);
            versions.add(reader.version());
            writer.startTrial("aaaaaaaa-1", "f1", false, "");
            versions.add(reader.version());
            writer.addEpoch("aaaaaaaa-1", Records.epoch(1, 1, 1));
            versions.add(reader.version());
            assertThat(versions).isSorted().doesNotHaveDuplicates();
            assertThat(reader.version()).isEqualTo(versions.get(3));
            assertThatThrownBy(() -> writer.startTrial("nowheree-1", "", false, ""))
                    .isInstanceOf(StoreException.class);
            assertThat(reader.version()).isEqualTo(versions.get(3));
        }
    }

    @Nested
    class Readers {

        @Test
        void ofADirectoryWithoutARecordFindNothingAndNoticeOneThatAppears(@TempDir Path other) throws IOException {
            Path results = other.resolve("not/there?yet #1 100% ü");
            try (TrackReader early = Tracking.openReadOnly(results)) {
                assertThat(early.sweeps()).isEmpty();
                assertThat(early.trials("aaaaaaaa")).isEmpty();
                assertThat(early.version()).isZero();
                assertThatThrownBy(() -> early.sweep("latest"))
                        .hasMessage("no sweep is recorded in " + results + " yet");
                assertThat(results).doesNotExist();
                try (TrackWriter late = Tracking.open(results, () -> now)) {
                    assertThat(early.version()).isPositive();
                    late.createSweep(Records.sweep("aaaaaaaa"), List.of());
                    assertThat(early.sweeps()).hasSize(1);
                }
                assertThat(results.resolve("track.sqlite")).exists();
                try (var files = Files.list(results)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                assertThat(early.sweeps()).isEmpty();
                Tracking.open(results, () -> now).close();
                assertThat(early.version()).isEqualTo(1);
            }
        }

        @Test
        void readWhatAClosedWriterLeft() {
            begin("aaaaaaaa", 1);
            reader.close();
            writer.close();
            reader = Tracking.openReadOnly(directory);
            assertThat(reader.trials("aaaaaaaa")).hasSize(1);
        }

        @Test
        void thatAreClosedSaySo() {
            reader.close();
            assertThatThrownBy(() -> reader.version())
                    .isInstanceOf(StoreException.class)
                    .hasMessageEndingWith("track.sqlite has been closed");
        }
    }

    @Test
    void sweepIdsAreEightLettersAndDigits() {
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            assertThat(Tracking.newSweepId(random)).matches("[0-9a-z]{8}");
        }
        assertThat(Tracking.newSweepId(new Random(7))).isEqualTo(Tracking.newSweepId(new Random(7)));
    }
}
