package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.run.SweepDeletion.Freed;
import dev.graft.run.SweepDeletion.Part;
import dev.graft.track.StoreException;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import dev.graft.track.UnknownSweepException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepDeletionTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-05-01T12:00:00Z"));
    private static final String SWEEP = "k3v9x2ab";
    private static final String OTHER = "k3v9x2ac";

    @TempDir
    Path folder;

    private Path results;

    @BeforeEach
    void record() throws IOException {
        results = folder.resolve("results");
        try (TrackWriter writer = Tracking.open(results, CLOCK)) {
            for (String id : List.of(OTHER, SWEEP)) {
                writer.createSweep(
                        sweep(id),
                        List.of(
                                TrialRecord.waiting(id, 1, Map.of("rate", 1), 1, ""),
                                TrialRecord.waiting(id, 2, Map.of("rate", 2), 2, "")));
                writer.startTrial(id + "-1", "", false, "");
                writer.endTrial(id + "-1", TrialState.FINISHED, "", Map.of(), "");
                writer.endSweep(id, SweepState.CANCELLED, "stopped");
            }
        }
        write("models/k3v9x2ab-1.safetensors", 100);
        write("models/k3v9x2ab-2.safetensors.0f0e7ac4-0000-0000-0000-000000000000.part", 10);
        write("models/k3v9x2ac-1.safetensors", 1000);
        write("models/k3v9x2ab-notes.txt", 1000);
        write("logs/k3v9x2ab/worker-1.log", 20);
        write("logs/k3v9x2ac/worker-1.log", 1000);
        write("bundles/k3v9x2ab-1/model.onnx", 300);
        write("bundles/k3v9x2ab-1/labels/names.txt", 3);
        write("bundles/k3v9x2ab-1.zip", 30);
        write("bundles/k3v9x2ac-1/model.onnx", 1000);
    }

    private static SweepRecord sweep(String id) {
        return new SweepRecord(
                id,
                "clothing",
                SweepState.RUNNING,
                "",
                "grid",
                "val_accuracy",
                "maximize",
                "clothing.yaml",
                "name: clothing\n",
                List.of("dress", "hat"),
                CLOCK.instant(),
                Optional.empty(),
                0,
                0,
                Map.of());
    }

    private void write(String path, int bytes) throws IOException {
        Path file = results.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[bytes]);
    }

    private List<String> files() throws IOException {
        try (var files = Files.walk(results)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> results.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.startsWith("track."))
                    .sorted()
                    .toList();
        }
    }

    private List<String> sweeps() {
        try (TrackReader track = Tracking.openReadOnly(results)) {
            return track.sweeps().stream().map(SweepRecord::id).toList();
        }
    }

    @Test
    void takesTheRecordTheWeightsTheLogsAndTheBundlesOfTheSweepOnly() throws IOException {
        List<String> before = files();
        Freed shown = SweepDeletion.preview(results, "latest");
        assertThat(shown)
                .isEqualTo(new Freed(
                        SWEEP, 2, 1, new Part(2, 110), new Part(1, 20), new Part(3, 333), Optional.empty(), List.of()));
        assertThat(shown.bytes()).isEqualTo(463);
        assertThat(files()).isEqualTo(before);
        assertThat(sweeps()).containsExactly(SWEEP, OTHER);
        assertThat(SweepDeletion.delete(results, SWEEP, CLOCK)).isEqualTo(shown);
        assertThat(sweeps()).containsExactly(OTHER);
        assertThat(files())
                .containsExactly(
                        "bundles/k3v9x2ac-1/model.onnx",
                        "logs/k3v9x2ac/worker-1.log",
                        "models/k3v9x2ab-notes.txt",
                        "models/k3v9x2ac-1.safetensors");
        assertThat(results.resolve("logs/k3v9x2ab")).doesNotExist();
        assertThat(results.resolve("bundles/k3v9x2ab-1")).doesNotExist();
        assertThat(Tracking.isWritten(results)).isFalse();
        assertThat(Tracking.check(results)).isEmpty();
    }

    @Test
    void takesWhatIsLeftOfExportsOfTheSweepOnly() throws IOException {
        String uuid = "01234567-89ab-cdef-0123-456789abcdef";
        write("bundles/.k3v9x2ab-2.part-" + uuid + "/model.onnx", 40);
        write("bundles/.k3v9x2ab-2.part-" + uuid + ".lock", 0);
        write("bundles/.k3v9x2ab-1.part-" + uuid + ".lock", 0);
        write("bundles/.k3v9x2ac-1.part-" + uuid + "/model.onnx", 40);
        Freed shown = SweepDeletion.preview(results, SWEEP);
        assertThat(shown.bundles()).isEqualTo(new Part(5, 373));
        assertThat(SweepDeletion.delete(results, SWEEP, CLOCK)).isEqualTo(shown);
        assertThat(results.resolve("bundles"))
                .isDirectoryNotContaining("glob:**k3v9x2ab*")
                .isDirectoryContaining("glob:**/.k3v9x2ac-1.part-" + uuid);
    }

    @Test
    void leavesABundleThatIsBeingWrittenAndSaysSo() throws IOException {
        Path bundles = results.resolve("bundles");
        Path half;
        try (BundleWriting writing = BundleWriting.of(bundles.resolve("k3v9x2ab-2"))) {
            half = Files.createDirectory(writing.folder());
            Files.write(half.resolve("model.onnx"), new byte[40]);
            assertThat(SweepDeletion.preview(results, SWEEP).bundles()).isEqualTo(new Part(3, 333));
            Freed freed = SweepDeletion.delete(results, SWEEP, CLOCK);
            assertThat(freed.bundles()).isEqualTo(new Part(3, 333));
            assertThat(freed.notes()).containsExactly(half + " is being written: graft gc frees what comes of it");
            assertThat(half.resolve("model.onnx")).exists();
        }
        assertThat(bundles.resolve("k3v9x2ab-1")).doesNotExist();
    }

    @Test
    void doesNotCountWeightsThatAnotherTrialShares() throws IOException {
        try {
            Files.createLink(
                    results.resolve("models/k3v9x2ac-2.safetensors"), results.resolve("models/k3v9x2ab-1.safetensors"));
            Files.getAttribute(results, "unix:nlink");
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            assumeTrue(false, "no links here");
        }
        assertThat(SweepDeletion.delete(results, SWEEP, CLOCK).models()).isEqualTo(new Part(2, 10));
        assertThat(results.resolve("models/k3v9x2ac-2.safetensors")).hasSize(100);
    }

    @Test
    void followsNoLinks() throws IOException {
        Path theirs = Files.createDirectories(folder.resolve("theirs"));
        Files.writeString(theirs.resolve("k3v9x2ab-7.safetensors"), "mine");
        Files.writeString(theirs.resolve("worker-1.log"), "mine");
        try {
            Files.createSymbolicLink(results.resolve("bundles/k3v9x2ab-7"), theirs);
            Files.delete(results.resolve("logs/k3v9x2ab/worker-1.log"));
            Files.delete(results.resolve("logs/k3v9x2ab"));
            Files.createSymbolicLink(results.resolve("logs/k3v9x2ab"), theirs);
        } catch (UnsupportedOperationException e) {
            assumeTrue(false, "no links here");
        }
        SweepDeletion.delete(results, SWEEP, CLOCK);
        assertThat(theirs.resolve("k3v9x2ab-7.safetensors")).hasContent("mine");
        assertThat(theirs.resolve("worker-1.log")).hasContent("mine");
    }

    @Test
    void keepsAFolderOfLogsInWhichSomebodyKeepsMore() throws IOException {
        write("logs/k3v9x2ab/thoughts.txt", 5);
        SweepDeletion.delete(results, SWEEP, CLOCK);
        assertThat(files()).contains("logs/k3v9x2ab/thoughts.txt").doesNotContain("logs/k3v9x2ab/worker-1.log");
    }

    @Test
    void waitsForSweepsThatRun() throws IOException {
        List<String> before = files();
        try (TrackWriter writer = Tracking.open(results, CLOCK)) {
            assertThat(SweepDeletion.preview(results, SWEEP).obstacle())
                    .contains("another sweep is running in this results directory; wait for it, or stop it");
            assertThatThrownBy(() -> SweepDeletion.delete(results, SWEEP, CLOCK))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("sweep k3v9x2ab cannot be deleted now: another sweep is running in this results"
                            + " directory; wait for it, or stop it");
            writer.createSweep(sweep("running0"), List.of(TrialRecord.waiting("running0", 1, Map.of(), 1, "")));
            assertThat(SweepDeletion.preview(results, "running0").obstacle()).contains("it is running; stop it first");
        }
        assertThat(files()).isEqualTo(before);
        // Its controller is gone by now, which only the next writer records.
        assertThat(SweepDeletion.preview(results, "running0").obstacle()).isEmpty();
        assertThat(SweepDeletion.delete(results, "running0", CLOCK).trials()).isEqualTo(1);
        assertThat(sweeps()).containsExactly(SWEEP, OTHER);
    }

    @Test
    void isOfSweepsThatThereAreAndMakesNoRecord() {
        assertThatThrownBy(() -> SweepDeletion.delete(results, "nothere0", CLOCK))
                .isInstanceOf(UnknownSweepException.class);
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> SweepDeletion.delete(none, SWEEP, CLOCK)).isInstanceOf(UnknownSweepException.class);
        assertThatThrownBy(() -> SweepDeletion.preview(none, SWEEP)).isInstanceOf(UnknownSweepException.class);
        assertThat(none).doesNotExist();
    }
}
