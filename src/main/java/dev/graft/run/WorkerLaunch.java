package dev.graft.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How worker processes are begun: this program's own Java, class path and options, with a share of the machine each.
 *
 * @param program what follows the Java options: the main class and its arguments
 * @param options further Java options, after all others
 * @param workers how many work at once, at least 1
 * @param threads of each, at least 1
 * @param silence how long a worker may say nothing before it is given up
 */
public record WorkerLaunch(List<String> program, List<String> options, int workers, int threads, Duration silence) {

    /** Enough for the longest pause of a healthy Java on a machine that swaps. */
    public static final Duration DEFAULT_SILENCE = Duration.ofSeconds(60);

    /** What the controller was started with and a worker must not inherit. */
    private static final Pattern OWN = Pattern.compile(
            "-Xm[sx].*|-XX:(Max|Initial)?(Heap|RAM).*|-agentlib:.*|-agentpath:.*|-javaagent:.*|-Dgraft\\..*"
                    + "|-Dorg\\.bytedeco\\.javacpp\\.max.*|-XX:ErrorFile=.*|-XX:ActiveProcessorCount=.*"
                    + "|-XX:SharedArchiveFile=.*|-XX:ArchiveClassesAtExit=.*|-XX:TieredStopAtLevel=.*");

    /** Names the archive of a worker's classes, with which it starts faster. */
    private static final String ARCHIVE = "graft.worker.archive";

    /** Copies the lists. */
    public WorkerLaunch {
        program = List.copyOf(program);
        options = List.copyOf(options);
    }

    /**
     * Begins a worker.
     *
     * @param log where its standard error goes, at the end of what is there
     */
    Process start(Path log) throws IOException {
        WorkerMemory memory = memory();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !OWN.matcher(argument).matches())
                .forEach(command::add);
        command.addAll(List.of(
                "-Xmx" + memory.heapBytes(),
                "-XX:ActiveProcessorCount=" + threads,
                // What is left in memory after this error is anybody's guess: a new process is surer.
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+DisplayVMOutputToStderr",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + log.resolveSibling(log.getFileName() + ".crash-%p.txt"),
                "-Dorg.bytedeco.javacpp.maxbytes=" + memory.nativeBytes(),
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0"));
        Path archive = Path.of(System.getProperty(ARCHIVE, ""));
        if (Files.isRegularFile(archive)) {
            command.add("-XX:SharedArchiveFile=" + archive);
        }
        command.addAll(options);
        command.addAll(program);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // In the environment, because some native libraries fail on very long command lines.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("OMP_NUM_THREADS", String.valueOf(threads));
        // Waiting OpenMP threads must not spin: they would slow decoding and ONNX Runtime on the same cores.
        builder.environment().putIfAbsent("OMP_WAIT_POLICY", "passive");
        // glibc keeps what oneDNN takes and gives back in every operation, instead of asking the kernel for it again.
        // An arena for each thread that trains: they would wait for each other.
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", String.valueOf(threads));
        // No more than 32 MiB: older ones refuse that, and then have no threshold that adapts itself either.
        builder.environment().putIfAbsent("MALLOC_MMAP_THRESHOLD_", "33554432");
        builder.environment().putIfAbsent("MALLOC_TRIM_THRESHOLD_", "1073741824");
        if (WorkerCores.hasAvx512()) {
            // OpenBLAS 0.3.19 does not know AMD's processors with AVX-512, and takes its kernels for AVX2 there.
            builder.environment().putIfAbsent("OPENBLAS_CORETYPE", "SkylakeX");
        }
        return builder.start();
    }

    WorkerMemory memory() {
        return WorkerMemory.of(WorkerMemory.machineBytes(), workers);
    }

    /** Says what ended a process that was not asked to end. */
    static String death(int exitCode, Optional<String> crash) {
        if (crash.isPresent()) {
            return "its worker crashed in native code: " + crash.get();
        }
        return switch (exitCode) {
            case OUT_OF_MEMORY -> "its worker ran out of memory";
            case 134 -> "its worker crashed in native code (SIGABRT)";
            case 137 -> "its worker was killed (SIGKILL)";
            case 139 -> "its worker crashed in native code (SIGSEGV)";
            case 143 -> "its worker was killed (SIGTERM)";
            default ->
                exitCode > 128 && exitCode < 160
                        ? "its worker was killed (signal " + (exitCode - 128) + ")"
                        : "its worker ended with code " + exitCode;
        };
    }

    /** What Java exits with when {@code -XX:+ExitOnOutOfMemoryError} ends it. */
    static final int OUT_OF_MEMORY = 3;
}
