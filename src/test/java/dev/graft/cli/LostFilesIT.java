package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.track.SmallDisk;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files that cannot be written, or go away while a sweep runs. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LostFilesIT {

    private static final String SWEEP = """
            name: lost
            data: {path: "builtin:garments", max_images: 200}
            parameters:
              base: {value: sprout}
              image_size: {values: [64, 96]}
              learning_rate: {values: [0.01, 0.003]}
              fine_tune_depth: {values: [0, 1]}
              dense_units: {value: 64}
            epochs: 8
            early_stopping: false
            fine_tune: {epochs: 4}
            """;

    @TempDir
    Path folder;

    private Program graft() throws IOException {
        Program graft = new Program(folder);
        Files.writeString(folder.resolve("sweep.yaml"), SWEEP);
        return graft.with("GRAFT_THREADS", "1");
    }

    @Test
    void resultsThatCanOnlyBeReadAreRefused() throws IOException, InterruptedException {
        Program graft = graft();
        try (SmallDisk disk = SmallDisk.mount(graft.results(), "20m")) {
            disk.remountReadOnly();
            Program.Ended ended = graft.run("run", "sweep.yaml");
            isRefused(ended.code(), ended.err(), "results");
            assertThat(ended.err()).contains("can only be read");
        }
    }

    @Test
    void theRecordIsMissedWhenItIsDeleted() throws IOException, InterruptedException {
        Program graft = graft();
        Process process = atTheFirstEpoch(graft);
        for (String name : List.of("track.sqlite", "track.sqlite-wal", "track.sqlite-shm")) {
            Files.deleteIfExists(graft.results().resolve(name));
        }
        isRefused(end(graft, process), graft.err(), "track.sqlite");
    }

    @Test
    void theResultsAreMissedWhenTheyAreDeleted() throws IOException, InterruptedException {
        Program graft = graft();
        Process process = atTheFirstEpoch(graft);
        new ProcessBuilder("rm", "-rf", graft.results().toString()).start().waitFor();
        isRefused(end(graft, process), graft.err(), "results");
    }

    @Test
    void whatIsInTheHomeIsMadeAgain() throws IOException, InterruptedException {
        // Without pixels in memory, which would do for the second pass.
        Program graft = graft().with("GRAFT_PIXEL_CACHE_MAX_BYTES", "0");
        Process process = atTheFirstEpoch(graft);
        new ProcessBuilder("rm", "-rf", graft.home().toString()).start().waitFor();
        int code = end(graft, process);
        // The second pass has lost its images.
        isRefused(code, graft.err(), "home");
        Outcome.isSound("home deleted: ", graft.results());
        Program.Ended resumed = graft.run("resume", "--failed");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        Outcome outcome = Outcome.read(graft.results());
        outcome.isWhole("home deleted: ", outcome);
    }

    /** The least of what a full disk does, where the test may not mount one. */
    @Test
    void aFileThatMayNotGrowIsNamed() throws IOException, InterruptedException {
        Program graft = graft();
        Files.writeString(folder.resolve("sweep.yaml"), """
                data: {path: "builtin:garments"}
                parameters:
                  base: {value: sprout}
                  image_size: {value: 96}
                  learning_rate: {values: [0.01, 0.003]}
                  fine_tune_depth: {values: [0, 1]}
                epochs: 2
                """);
        // In kilobytes: the record and the native libraries fit, the features of a tail do not.
        graft.under("bash", "-c", "ulimit -f 30000; exec \"$@\"", "bash");
        Program.Ended ended = graft.run("run", "sweep.yaml");
        isRefused(ended.code(), ended.err(), graft.home().resolve("features").toString());
        Outcome.isSound("limited: ", graft.results());
        graft.under();
        Program.Ended resumed = graft.run("resume", "--failed");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        Outcome outcome = Outcome.read(graft.results());
        outcome.isWhole("limited: ", outcome);
    }

    private static Process atTheFirstEpoch(Program graft) throws IOException, InterruptedException {
        Process process = graft.start("run", "sweep.yaml");
        while (trials(graft).stream().noneMatch(trial -> trial.epochs() > 0)) {
            assertThat(process.isAlive()).as("it runs: " + graft.err()).isTrue();
            Thread.sleep(10);
        }
        return process;
    }

    private static List<TrialRecord> trials(Program graft) {
        try (TrackReader track = Tracking.openReadOnly(graft.results())) {
            return track.sweeps().stream()
                    .findFirst()
                    .map(sweep -> track.trials(sweep.id()))
                    .orElse(List.of());
        }
    }

    private static int end(Program graft, Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(3, TimeUnit.MINUTES))
                .as("it ended: " + graft.err())
                .isTrue();
        return process.exitValue();
    }

    private static void isRefused(int code, String err, String named) {
        assertThat(code).as(err).isIn(ExitCode.ENVIRONMENT, ExitCode.TRIALS_FAILED);
        assertThat(err).contains(named).doesNotContain("\tat ", "This is a bug");
    }
}
