package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.track.AttemptState;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes killed at random moments. {@code -Dgraft.kills=100} says how many, {@code -Dgraft.kills.seed=7} which; the
 * seed decides every draw, though not how far the machine is when one comes.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class KillIT {

    private static final int KILLS = Integer.getInteger("graft.kills", 6);
    private static final long SEED = Long.getLong("graft.kills.seed", new SecureRandom().nextInt(1_000_000));

    /** Of every worker. With one thread each, one worker and two compute the same digits. */
    private static final int THREADS = 1;

    private static final String SWEEP = """
            name: kills
            data: {path: "builtin:garments", max_images: 200}
            parameters:
              base: {value: sprout}
              image_size: {value: 64}
              learning_rate: {values: [0.01, 0.003]}
              dropout: {values: [0.2, 0.5]}
              fine_tune_depth: {values: [0, 1]}
              dense_units: {value: 64}
            epochs: 6
            early_stopping: false
            fine_tune: {epochs: 3}
            retry: {max_attempts: 100}
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final Random random = new Random(SEED);
    private final Map<String, Integer> blows = new TreeMap<>();
    private final Map<String, Integer> moments = new TreeMap<>();
    private final Map<AttemptState, Long> attempts = new TreeMap<>();
    private int kills;

    /** What is done to a running sweep. */
    private enum Blow {
        CONTROLLER(30),
        WORKER(30),
        BOTH(20),
        TERM(5),
        INT(5),
        TERM_TWICE(5),
        INT_TWICE(5);

        private final int weight;

        Blow(int weight) {
            this.weight = weight;
        }

        static Blow draw(Random random) {
            int at = random.nextInt(
                    Stream.of(values()).mapToInt(blow -> blow.weight).sum());
            for (Blow blow : values()) {
                at -= blow.weight;
                if (at < 0) {
                    return blow;
                }
            }
            throw new AssertionError();
        }

        String signal() {
            return name().substring(0, name().length() > 4 ? name().indexOf('_') : name().length());
        }
    }

    @Test
    void everyTrialFinishesOnceWithTheNumbersOfAnUndisturbedRun() throws IOException, InterruptedException {
        System.out.println("graft.kills.seed=" + SEED);
        long start = System.nanoTime();
        Program calm = program("calm");
        long life = System.nanoTime();
        Program.Ended ended = calm.run("run", "sweep.yaml");
        life = (System.nanoTime() - life) / 1_000_000;
        assertThat(ended.code()).as(ended.err()).isZero();
        Outcome undisturbed = Outcome.read(calm.results());
        undisturbed.isWhole("undisturbed: ", undisturbed);

        int sweeps = 0;
        while (kills < KILLS) {
            Program graft = program("sweep-" + ++sweeps);
            // The pictures are drawn once; their features are computed anew, under fire.
            copy(calm.home().resolve("data"), graft.home().resolve("data"));
            int before = kills;
            survive(graft, (int) life);
            String where = "seed " + SEED + ", kills " + (before + 1) + " to " + kills + ", " + graft.folder() + ": ";
            leavesNothing(where, graft);
            Program.Ended gc = graft.run("gc");
            assertThat(gc.code()).as(where + gc.err()).isZero();
            assertThat(parts(graft.folder())).as(where + gc.out()).isEmpty();
            Outcome outcome = Outcome.read(graft.results());
            outcome.isWhole(where, undisturbed);
            for (AttemptState state : AttemptState.values()) {
                attempts.merge(state, outcome.attempts(state), Long::sum);
            }
            delete(graft.folder());
        }
        System.out.printf(
                "seed %d: %d kills %s, moments %s, in %d sweeps of %d trials, attempts %s, %d s%n",
                SEED,
                kills,
                blows,
                moments,
                sweeps,
                undisturbed.trials().size(),
                attempts,
                Duration.ofNanos(System.nanoTime() - start).toSeconds());
    }

    private Program program(String name) throws IOException {
        Program program = new Program(Files.createDirectories(folder.resolve(name)));
        Files.writeString(program.folder().resolve("sweep.yaml"), SWEEP);
        return program.with("GRAFT_THREADS", String.valueOf(THREADS));
    }

    /** Runs a sweep to its end, killing what runs it as long as kills are left. */
    private void survive(Program graft, int life) throws IOException, InterruptedException {
        int calmStarts = 0;
        while (newest(graft).map(SweepRecord::state).orElse(SweepState.RUNNING) != SweepState.FINISHED) {
            int workers = 1 + random.nextInt(2);
            graft.with("GRAFT_THREADS", String.valueOf(workers * THREADS));
            List<String> command = new ArrayList<>(
                    newest(graft).isEmpty()
                            ? List.of("run", "sweep.yaml")
                            : random.nextBoolean() ? List.of("resume") : List.of("run", "--resume", "sweep.yaml"));
            command.addAll(List.of("--workers", String.valueOf(workers)));
            boolean struck = attack(graft, graft.start(command.toArray(String[]::new)), command, life);
            calmStarts = struck ? 0 : calmStarts + 1;
            assertThat(calmStarts)
                    .as("seed " + SEED + ", starts in a row that nobody disturbed and that did not finish the sweep, "
                            + newest(graft) + " in " + graft.folder() + ": " + graft.err())
                    .isLessThan(3);
        }
    }

    private static Optional<SweepRecord> newest(Program graft) {
        try (TrackReader track = Tracking.openReadOnly(graft.results())) {
            return track.sweeps().stream().findFirst();
        }
    }

    /** Strikes at a process until it ends or enough is done, and says whether it was hit. */
    private boolean attack(Program graft, Process controller, List<String> command, int life)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        boolean struck = false;
        String where = "seed " + SEED + ", kill " + (kills + 1) + ", " + graft.folder() + ", " + command + ": ";
        while (kills < KILLS && !controller.waitFor(random.nextInt(life(graft, life)), TimeUnit.MILLISECONDS)) {
            Blow blow = Blow.draw(random);
            String moment = moment(graft.err());
            where = "seed " + SEED + ", kill " + (kills + 1) + " (" + blow + ", "
                    + (System.nanoTime() - start) / 1_000_000 + " ms after the start, " + moment + "), "
                    + graft.folder() + ", " + command + ": ";
            if (strike(blow, controller)) {
                struck = true;
                kills++;
                blows.merge(blow.name(), 1, Integer::sum);
                moments.merge(moment, 1, Integer::sum);
                if (blow != Blow.WORKER) {
                    break;
                }
            }
        }
        if (!controller.waitFor(2, TimeUnit.MINUTES)) {
            throw new AssertionError(where + "did not end: " + graft.err());
        }
        String err = graft.err();
        assertThat(err).as(where).doesNotContain("\tat ", "This is a bug");
        int code = controller.exitValue();
        if (struck) {
            // 130, 137 and 143 are what signals make of a process that does not handle them, or not yet.
            assertThat(code)
                    .as(where + err)
                    .isIn(ExitCode.OK, ExitCode.INTERRUPTED, ExitCode.ENVIRONMENT, 130, 137, 143);
        } else {
            assertThat(code).as(where + err).isIn(ExitCode.OK, ExitCode.NOTHING);
        }
        if (random.nextBoolean()) {
            leavesNothing(where, graft);
        } // Otherwise what comes next may meet the workers of what has just died.
        Outcome.isSound(where, graft.results());
        return struck;
    }

    /** Guesses how long a sweep goes on; its start takes about a third of an undisturbed one of this size. */
    private static int life(Program graft, int whole) {
        try (TrackReader track = Tracking.openReadOnly(graft.results())) {
            List<TrialRecord> trials = track.sweeps().stream()
                    .findFirst()
                    .map(sweep -> track.trials(sweep.id()))
                    .orElse(List.of());
            long open = trials.stream()
                    .filter(trial -> trial.state() != TrialState.FINISHED)
                    .count();
            return trials.isEmpty() ? whole : (int) (whole / 3 + whole * 2L / 3 * open / trials.size());
        }
    }

    /** Says what a sweep was at, going by what it has printed. */
    private static String moment(String err) {
        return !err.contains("sweep ")
                ? "before the sweep"
                : err.contains("features of ") ? "in trials" : "in the frozen pass";
    }

    /** Kills, and says whether what was to be killed lived. */
    private boolean strike(Blow blow, Process controller) throws IOException, InterruptedException {
        List<ProcessHandle> victims = new ArrayList<>();
        if (blow == Blow.CONTROLLER || blow == Blow.WORKER || blow == Blow.BOTH) {
            List<ProcessHandle> workers = controller.descendants().toList();
            if (blow != Blow.WORKER) {
                victims.add(controller.toHandle());
            }
            if (blow != Blow.CONTROLLER) {
                if (workers.isEmpty()) {
                    return false;
                }
                victims.add(workers.get(random.nextInt(workers.size())));
            }
            Collections.shuffle(victims, random);
            boolean lived = victims.stream().allMatch(ProcessHandle::isAlive);
            victims.forEach(ProcessHandle::destroyForcibly);
            return lived;
        }
        boolean lived = controller.isAlive();
        signal(blow.signal(), controller);
        if (blow == Blow.TERM_TWICE || blow == Blow.INT_TWICE) {
            controller.waitFor(random.nextInt(500), TimeUnit.MILLISECONDS);
            signal(blow.signal(), controller);
        }
        return lived;
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }

    /** Checks that no process of a program lives on, waiting a moment for it to notice. */
    private static void leavesNothing(String where, Program graft) throws IOException, InterruptedException {
        List<String> left = processes(graft);
        for (int i = 0; i < 300 && !left.isEmpty(); i++) {
            Thread.sleep(100);
            left = processes(graft);
        }
        assertThat(left).as(where + "processes that stay").isEmpty();
    }

    /** Finds the processes of a program by their environment, where the system shows it. */
    private static List<String> processes(Program graft) throws IOException {
        List<String> found = new ArrayList<>();
        Path all = Path.of("/proc");
        if (!Files.isDirectory(all)) {
            return found;
        }
        try (Stream<Path> processes = Files.list(all)) {
            for (Path process : processes.toList()) {
                try {
                    String environment =
                            new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
                    if (environment.contains("GRAFT_HOME=" + graft.home() + "\0")) {
                        found.add(process.getFileName() + " "
                                + Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                                        .replace('\0', ' '));
                    }
                } catch (IOException e) {
                    // No process, gone by now, or not ours to look at.
                }
            }
        }
        return found;
    }

    private static List<Path> parts(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(".*\\.(part|tmp|stop)"))
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
