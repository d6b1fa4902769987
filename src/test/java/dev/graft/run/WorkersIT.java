package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.base.Catalogue;
import dev.graft.fetch.Fetcher;
import dev.graft.fetch.FolderTree;
import dev.graft.plan.FrozenPass;
import dev.graft.search.Trial;
import dev.graft.spec.SweepFile;
import dev.graft.track.AttemptRecord;
import dev.graft.track.AttemptState;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A controller with real worker processes that come to real harm. */
class WorkersIT {

    private static final int THREADS = 2;

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private final List<String> heard = new ArrayList<>();

    @Nested
    class AWorkerThatDies {

        @Test
        void inNativeCodeCostsTheHeadsThatTrainTogetherOneAttempt() throws IOException {
            Map<String, List<EpochRecord>> expected = epochs(run("calm", "", worker()));
            heard.clear();
            Ran ran = run("segfault", "", faulty("segfault", epoch(3, 2), 1));
            assertThat(ran.state()).isEqualTo(SweepState.FINISHED);
            assertThat(epochs(ran).values()).containsExactlyElementsOf(expected.values());
            assertThat(heard)
                    .hasSize(2)
                    .anyMatch(line -> line.contains("segfault-1"))
                    .anyMatch(line -> line.contains("segfault-3"))
                    .allMatch(line -> line.contains("crashed in native code: SIGSEGV"));
            for (TrialRecord trial : ran.trials()) {
                List<AttemptRecord> attempts = ran.attempts(trial);
                assertThat(trial.state()).isEqualTo(TrialState.FINISHED);
                assertThat(attempts).hasSize(trial.number() % 2 == 1 ? 2 : 1);
                assertThat(attempts.get(attempts.size() - 1).state()).isEqualTo(AttemptState.FINISHED);
            }
            AttemptRecord dead = ran.attempts(ran.trials().get(2)).get(0);
            assertThat(dead.state()).isEqualTo(AttemptState.CRASHED);
            // Nobody knows whose fault it was.
            assertThat(dead.counts()).isFalse();
            assertThat(dead.worker()).matches("worker 1, process \\d+");
            assertThat(dead.log()).contains("A fatal error has been detected", "SIGSEGV");
        }

        @Test
        void onOneOfTheHeadsThatTrainTogetherCrashesThatOneAlone() throws IOException {
            Ran ran = run("poisoned-head", "", faulty("exit", epoch(3, 1), 100));
            assertThat(ran.state()).isEqualTo(SweepState.FINISHED);
            assertThat(ran.trials())
                    .extracting(TrialRecord::state)
                    .containsExactly(TrialState.FINISHED, TrialState.FINISHED, TrialState.CRASHED, TrialState.FINISHED);
            TrialRecord crashed = ran.trials().get(2);
            assertThat(crashed.reason()).isEqualTo("its worker ended with code 7 (2 attempts)");
            assertThat(ran.attempts(crashed)).extracting(AttemptRecord::counts).containsExactly(false, true, true);
        }

        @Test
        void againAndAgainOnOneTrialCrashesThatTrialAlone() throws IOException {
            Ran ran = run("poison", "", faulty("exit", epoch(2, 1), 100));
            assertThat(ran.state()).isEqualTo(SweepState.FINISHED);
            assertThat(ran.trials())
                    .extracting(TrialRecord::state)
                    .containsExactly(TrialState.FINISHED, TrialState.CRASHED, TrialState.FINISHED, TrialState.FINISHED);
            TrialRecord crashed = ran.trials().get(1);
            assertThat(crashed.reason()).isEqualTo("its worker ended with code 7 (2 attempts)");
            assertThat(ran.attempts(crashed)).hasSize(2).allMatch(AttemptRecord::counts);
        }

        @Test
        void beforeItCanDoAnythingEndsTheSweepWithItsWords() throws IOException {
            Ran ran = run(
                    "never",
                    "",
                    new WorkerLaunch(List.of("no.such.Program"), List.of(), 1, THREADS, Duration.ofSeconds(60)));
            assertThat(ran.state()).isEqualTo(SweepState.FAILED);
            assertThat(ran.record().reason())
                    .contains("no worker is left", "cannot start", "ended with code 1", "no.such.Program");
            assertThat(ran.trials()).allMatch(trial -> trial.state() == TrialState.CANCELLED);
        }

        @Test
        void forWantOfMemoryInThePassTriesOnceMoreWithHalfTheBatch() throws IOException {
            Ran ran = run("memory", "", faulty("heap", "\"kind\":\"pass_progress\"", 1));
            assertThat(ran.state()).isEqualTo(SweepState.FINISHED);
            assertThat(heard)
                    .anyMatch(line -> line.contains(
                            "out of memory; trying again with one image at a time instead of 4, in fewer threads"));
            assertThat(ran.trials()).allMatch(trial -> trial.state() == TrialState.FINISHED);
        }

        @Test
        void everyTimeInThePassFailsThePassTrials() throws IOException {
            Ran ran = run("no-memory", "", faulty("heap", "\"kind\":\"pass_progress\"", 100));
            assertThat(ran.state()).isEqualTo(SweepState.FINISHED);
            assertThat(ran.trials())
                    .allMatch(trial -> trial.state() == TrialState.CRASHED)
                    .allMatch(trial -> trial.reason().contains("out of memory"));
        }

        @Test
        void takingMoreMemoryThanItsShareIsKilledAndReplaced() throws IOException {
            Ran ran = run("hoard", "", faulty("hoard", epoch(2, 1), 1));
            assertThat(ran.state()).isEqualTo(SweepState.FINISHED);
            assertThat(ran.attempts(ran.trials().get(1)).get(0).reason()).contains("MiB of memory, and may take");
            assertThat(ran.trials()).allMatch(trial -> trial.state() == TrialState.FINISHED);
        }

        @Test
        void betweenTwoTrialsCostsNothing() throws IOException {
            Ran ran = run("between", "", faulty("exit", "\"kind\":\"trial_ended\"", 100));
            assertThat(ran.state()).isEqualTo(SweepState.FINISHED);
            assertThat(ran.trials()).allMatch(trial -> trial.state() == TrialState.FINISHED);
            for (TrialRecord trial : ran.trials()) {
                assertThat(ran.attempts(trial))
                        .filteredOn(attempt -> attempt.state() != AttemptState.FINISHED)
                        .noneMatch(AttemptRecord::counts);
            }
            assertThat(ran.record().frozenPassesSaved()).isEqualTo(3);
        }

        @Test
        void rightAfterThePassIsReplacedAFewTimes() throws IOException {
            Ran ran = run("after", "", faulty("exit", "\"kind\":\"pass_ended\"", 2));
            assertThat(ran.state()).isEqualTo(SweepState.FINISHED);
            assertThat(ran.trials()).allMatch(trial -> trial.state() == TrialState.FINISHED && trial.attempts() == 1);
        }

        @Test
        void rightAfterThePassEveryTimeCrashesItsTrials() throws IOException {
            Ran ran = run("after-all", "", faulty("exit", "\"kind\":\"pass_ended\"", 100));
            assertThat(ran.trials())
                    .allMatch(trial -> trial.state() == TrialState.CRASHED)
                    .allMatch(trial -> trial.reason().contains("ended with code 7"));
        }

        @Test
        void orIsNotUnderstoodIsReplaced() throws IOException {
            Ran ran = run("garble", "", faulty("garble", epoch(2, 1), 1));
            assertThat(ran.state()).isEqualTo(SweepState.FINISHED);
            assertThat(ran.attempts(ran.trials().get(1)).get(0).reason()).contains("mixed with other output");
            assertThat(ran.trials()).allMatch(trial -> trial.state() == TrialState.FINISHED);
        }

        @Test
        void sayingNothingAnyMoreIsKilledAndReplaced() throws IOException {
            Ran ran = run("silent", "", faulty("stop", epoch(1, 1), 1));
            assertThat(ran.state()).isEqualTo(SweepState.FINISHED);
            assertThat(ran.attempts(ran.trials().get(0)).get(0).reason()).contains("said nothing for 15 s");
            assertThat(ran.trials()).allMatch(trial -> trial.state() == TrialState.FINISHED);
        }
    }

    @Nested
    class Limits {

        @Test
        void aTrialThatTakesTooLongIsTriedAgainAndThenGivenUp() throws IOException {
            // Far more epochs than fit between two looks at the clock.
            Ran ran = run("slow", "max_trial_minutes: 0.00001\nearly_stopping: false\n", worker(), 1, 20_000);
            assertThat(ran.state()).isEqualTo(SweepState.FINISHED);
            assertThat(ran.trials())
                    .anyMatch(trial -> trial.state() == TrialState.CRASHED
                            && trial.reason().contains("longer than max_trial_minutes: 0.0000"));
        }

        @Test
        void tooManyFailuresEndTheSweepEarly() throws IOException {
            Ran ran = run("hopeless", "max_failed_trials: 0\n", faulty("exit", "\"kind\":\"epoch_ended\"", 100));
            assertThat(ran.state()).isEqualTo(SweepState.FAILED);
            assertThat(ran.record().reason()).contains("max_failed_trials: 0");
            assertThat(ran.trials())
                    .extracting(TrialRecord::state)
                    .containsExactlyInAnyOrder(
                            TrialState.CRASHED, TrialState.CANCELLED, TrialState.CANCELLED, TrialState.CANCELLED);
        }
    }

    @Test
    void noiseOfNativeLibrariesOnTheEventStreamDoesNoHarm() throws IOException {
        Ran ran = run("noise", "", faulty("noise", "\"kind\":\"epoch_ended\"", 100));
        assertThat(ran.trials()).allMatch(trial -> trial.state() == TrialState.FINISHED);
        assertThat(Files.readString(folder.resolve("results/logs/noise/worker-1.log")))
                .contains("a library says hello");
    }

    @Test
    void twoWorkersShareTheTrials() throws IOException {
        Ran ran = run(
                "two",
                "early_stopping: false\n",
                new WorkerLaunch(worker().program(), List.of(), 2, 1, Duration.ofSeconds(60)),
                4,
                60);
        assertThat(ran.trials()).allMatch(trial -> trial.state() == TrialState.FINISHED);
        assertThat(ran.trials().stream()
                        .map(trial -> ran.attempts(trial).get(0).worker())
                        .distinct())
                .hasSize(2);
        assertThat(ran.record().frozenPasses()).isEqualTo(1);
    }

    private static String epoch(int trial, int epoch) {
        return "\"kind\":\"epoch_ended\",\"message\":{\"trial\":" + trial + ",\"epoch\":{\"epoch\":" + epoch + ",";
    }

    private static WorkerLaunch worker() {
        return new WorkerLaunch(
                List.of("dev.graft.cli.Graft", "worker"), List.of(), 1, THREADS, WorkerLaunch.DEFAULT_SILENCE);
    }

    private WorkerLaunch faulty(String fault, String after, int times) {
        return new WorkerLaunch(
                List.of(FaultyWorker.class.getName()),
                List.of(
                        "-Xmx400m",
                        "-Dfault=" + fault,
                        "-Dfault.after=" + after,
                        "-Dfault.times=" + times,
                        "-Dfault.count=" + folder.resolve("count")),
                1,
                THREADS,
                // A stopped process is silent for good; a busy machine is silent for a while.
                Duration.ofSeconds(fault.equals("stop") ? 15 : 60));
    }

    /** What is recorded of a sweep that ran. */
    private record Ran(SweepState state, SweepRecord record, List<TrialRecord> trials, Path results) {

        List<AttemptRecord> attempts(TrialRecord trial) {
            try (TrackReader reader = Tracking.openReadOnly(results)) {
                return reader.attempts(trial.id());
            }
        }
    }

    private static Map<String, List<EpochRecord>> epochs(Ran ran) {
        try (TrackReader reader = Tracking.openReadOnly(ran.results())) {
            return reader.epochsOfSweep(ran.record().id());
        }
    }

    /** Runs four trials, with images that all tests share and features of its own. */
    private Ran run(String id, String settings, WorkerLaunch launch) throws IOException {
        return run(id, settings, launch, 4, 3);
    }

    private Ran run(String id, String settings, WorkerLaunch launch, int trials, int epochs) throws IOException {
        Catalogue catalogue = new Catalogue(List.of());
        Home home = new Home(shared);
        FolderTree.delete(home.features());
        String text = """
                data: {path: 'builtin:garments', max_images: 120}
                parameters:
                  base: {value: sprout}
                  image_size: {value: 32}
                  learning_rate: {values: [0.003, 0.001]}
                  fine_tune_depth: {values: [0, 1]}
                epochs: %d
                fine_tune: {epochs: 2}
                """.formatted(epochs) + settings;
        SweepFile.Parsed parsed = SweepFile.parse(id + ".yaml", text, catalogue);
        SweepSetup setup = SweepSetup.prepare(
                parsed, folder.resolve("x.yaml"), catalogue, home, Fetcher.offline(), OptionalInt.of(trials));
        Path results = folder.resolve("results");
        InstantSource clock = InstantSource.system();
        try (TrackWriter track = Tracking.open(results, clock);
                TrackReader reader = Tracking.openReadOnly(results)) {
            SweepState state = new SweepRunner(
                            track,
                            reader,
                            results,
                            home,
                            OptionalLong.empty(),
                            launch,
                            clock,
                            new Ear(),
                            () -> Stopping.NO)
                    .run(id, setup, true);
            return new Ran(state, reader.sweep(id), reader.trials(id), results);
        }
    }

    private final class Ear implements SweepListener {

        @Override
        public void attemptEnded(String trialId, Trial trial, String reason) {
            heard.add(trialId + ": " + reason);
        }

        @Override
        public void passRepeated(FrozenPass pass, String reason) {
            heard.add(pass.base() + ": " + reason);
        }

        @Override
        public void workerRetired(int worker, String reason) {
            heard.add(worker + ": " + reason);
        }
    }
}
