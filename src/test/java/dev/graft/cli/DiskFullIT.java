package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.track.SmallDisk;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Disks that fill up while a sweep runs: small ones of their own, where the test may mount such. */
@EnabledOnOs(OS.LINUX)
class DiskFullIT {

    private static final String SWEEP = """
            name: disks
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

    /** Holds a sweep's features and the space that Graft leaves to others, and little more. */
    private static final String SIZE = "80m";

    /** Less than the weights of a tail, more than some epochs. */
    private static final int LITTLE = 300 << 10;

    @TempDir
    static Path folder;

    private static Outcome undisturbed;

    /** Which files are on the small disk. */
    private enum Disk {
        RESULTS,
        FEATURES,
        ALL;

        Path of(Program graft) {
            return this == RESULTS
                    ? graft.results()
                    : this == FEATURES ? graft.home().resolve("features") : graft.folder();
        }
    }

    /** When a disk fills up. */
    private enum Moment {
        RESULTS_BEFORE_THE_START(Disk.RESULTS, 0, graft -> true),
        FEATURES_BEFORE_THE_START(Disk.FEATURES, 0, graft -> true),
        ALL_BEFORE_THE_START(Disk.ALL, 0, graft -> true),
        ALL_WHILE_IMAGES_ARE_DRAWN(Disk.ALL, 0, graft -> exists(graft.home().resolve("data"), "drawing-.*")),
        ALL_WHILE_IMAGES_ARE_CHECKED(Disk.ALL, 0, graft -> exists(graft.home().resolve("data"), "garments-.*")),
        RESULTS_DURING_THE_FROZEN_PASS(Disk.RESULTS, 0, graft -> !trials(graft).isEmpty()),
        FEATURES_WHILE_THEY_ARE_WRITTEN(
                Disk.FEATURES, 0, graft -> exists(graft.home().resolve("features"), ".*\\.part")),
        FEATURES_BEFORE_THE_SECOND_PASS(
                Disk.FEATURES, 0, graft -> finished(graft).size() == 1),
        RESULTS_AT_THE_FIRST_EPOCH(
                Disk.RESULTS, 0, graft -> trials(graft).stream().anyMatch(trial -> trial.epochs() > 0)),
        ALL_IN_THE_MIDDLE(Disk.ALL, 0, graft -> finished(graft).size() >= 3),
        RESULTS_WHILE_WEIGHTS_ARE_SAVED(
                Disk.RESULTS, LITTLE, graft -> finished(graft).size() == 2),
        ALL_AT_THE_END(
                Disk.ALL,
                0,
                graft -> finished(graft).size() == trials(graft).size() - 1
                        && trials(graft).stream()
                                .anyMatch(trial -> trial.state() == TrialState.RUNNING && trial.epochs() > 0));

        private final Disk disk;
        private final int left;
        private final When when;

        Moment(Disk disk, int left, When when) {
            this.disk = disk;
            this.left = left;
            this.when = when;
        }

        boolean isBeforeTheStart() {
            return name().endsWith("BEFORE_THE_START");
        }
    }

    private interface When {
        boolean hasCome(Program graft) throws IOException;
    }

    @BeforeAll
    static void runUndisturbed() throws IOException, InterruptedException {
        Program calm = program("calm");
        Program.Ended ended = calm.run("run", "sweep.yaml");
        assertThat(ended.code()).as(ended.err()).isZero();
        undisturbed = Outcome.read(calm.results());
    }

    private static Program program(String name) throws IOException {
        Program program = new Program(Files.createDirectories(folder.resolve(name)));
        return written(program).with("GRAFT_THREADS", "1");
    }

    private static Program written(Program program) throws IOException {
        Files.writeString(program.folder().resolve("sweep.yaml"), SWEEP);
        return program;
    }

    @ParameterizedTest
    @EnumSource
    void aFullDiskEndsASweepThatGoesOnOnceThereIsSpace(Moment moment) throws IOException, InterruptedException {
        Program graft = program(moment.name());
        Path small = moment.disk.of(graft);
        try (SmallDisk disk = SmallDisk.mount(small, SIZE)) {
            written(graft);
            Path out = folder.resolve(moment.name() + "-words");
            graft.writingTo(Files.createDirectories(out));
            Path ballast = small.resolve("ballast");
            if (moment.isBeforeTheStart()) {
                SmallDisk.fill(ballast);
            }
            Process process = graft.start("run", "sweep.yaml");
            while (!moment.when.hasCome(graft) && process.isAlive()) {
                Thread.sleep(10);
            }
            List<String> before = finished(graft);
            fill(ballast, moment.left);
            assertThat(process.waitFor(3, TimeUnit.MINUTES))
                    .as("it ended: " + graft.err())
                    .isTrue();
            String err = graft.err();
            assertThat(err).doesNotContain("\tat ", "This is a bug");
            assumeTrue(process.exitValue() != ExitCode.OK, "it was over before the disk was full");
            assertThat(process.exitValue()).as(err).isEqualTo(ExitCode.ENVIRONMENT);
            assertThat(err).contains("free some").containsAnyOf("the disk of results", small.toString());
            Outcome.isSound(moment + ": ", graft.results());
            assertThat(finished(graft)).as("finished trials").containsAll(before);

            Files.delete(ballast);
            List<String> recorded = finished(graft);
            Program.Ended ended = trials(graft).isEmpty() ? graft.run("run", "sweep.yaml") : graft.run("resume");
            assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
            assertThat(finished(graft)).containsAll(recorded);
            Outcome.read(graft.results()).isWhole(moment + ": ", undisturbed);
        }
    }

    /** Fills a disk but for a few bytes. */
    private static void fill(Path ballast, int left) throws IOException {
        Path rest = ballast.resolveSibling("rest");
        Files.deleteIfExists(rest);
        if (left > 0) {
            Files.write(rest, new byte[left]);
        }
        SmallDisk.fill(ballast);
        Files.deleteIfExists(rest);
    }

    private static List<TrialRecord> trials(Program graft) {
        try (TrackReader track = Tracking.openReadOnly(graft.results())) {
            return track.sweeps().stream()
                    .findFirst()
                    .map(sweep -> track.trials(sweep.id()))
                    .orElse(List.of());
        }
    }

    private static List<String> finished(Program graft) {
        return trials(graft).stream()
                .filter(trial -> trial.state() == TrialState.FINISHED)
                .map(TrialRecord::id)
                .toList();
    }

    private static boolean exists(Path directory, String name) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.getFileName().toString().matches(name));
        }
    }
}
