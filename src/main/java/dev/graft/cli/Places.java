package dev.graft.cli;

import dev.graft.base.Catalogue;
import dev.graft.fetch.Fetcher;
import dev.graft.fetch.WebAccess;
import dev.graft.run.Home;
import dev.graft.run.WorkerCores;
import dev.graft.run.WorkerLaunch;
import dev.graft.run.WorkerMemory;
import dev.graft.spec.ByteSize;
import dev.graft.spec.Sweep;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where a command finds and leaves things; the options that say so. */
final class Places {

    /** The record of one results directory. */
    static final class Results {
        @Option(
                names = "--results",
                paramLabel = "DIR",
                defaultValue = "results",
                description = "where sweeps are recorded (default: ${DEFAULT-VALUE})")
        @SuppressWarnings("NullAway.Init")
        Path path;
    }

    /** Weight files. */
    static final class Weights {
        @Option(
                names = "--weights",
                paramLabel = "DIR",
                description =
                        "a folder with weight files, looked into before GRAFT_HOME/weights; may be given several times, "
                                + "the first that has a file counts")
        private List<Path> paths = new ArrayList<>();

        /** Returns the folders that the user named. */
        List<Path> paths() {
            return List.copyOf(paths);
        }

        /** Returns the bases; weights that are missing stay so. */
        Catalogue catalogue(Home home) {
            return new Catalogue(folders(home));
        }

        /** Returns the bases; weights that are missing are fetched into {@code GRAFT_HOME/weights} when needed. */
        Catalogue catalogue(Home home, Fetcher fetcher) {
            return new Catalogue(folders(home), fetcher);
        }

        /** Returns the bases of a sweep that ran before, whose weights were looked for in some folders. */
        Catalogue catalogue(List<Path> before, Home home, Fetcher fetcher) {
            Set<Path> folders = new LinkedHashSet<>(named());
            folders.addAll(before);
            folders.remove(home.weights());
            folders.add(home.weights());
            return new Catalogue(List.copyOf(folders), fetcher);
        }

        private List<Path> folders(Home home) {
            List<Path> folders = named();
            folders.add(home.weights());
            return folders;
        }

        private List<Path> named() {
            List<Path> folders = new ArrayList<>();
            for (Path path : paths) {
                if (!Files.isDirectory(path)) {
                    throw new UsageException("--weights must be a folder, but there is none at " + path);
                }
                folders.add(path.toAbsolutePath().normalize());
            }
            return folders;
        }
    }

    /** What may be fetched. */
    static final class Net {
        @Option(names = "--offline", description = "fetch nothing; GRAFT_OFFLINE=1 does the same")
        boolean offline;

        Fetcher fetcher(PrintWriter err) {
            return new Fetcher(
                    WebAccess.of(System.getenv(), offline),
                    InstantSource.system(),
                    new FetchPrinter(StatusLine.of(err)));
        }
    }

    /** Who works. */
    static final class Workers {
        @Option(
                names = "--workers",
                paramLabel = "N",
                defaultValue = "1",
                description = "worker processes, which divide the cores (default: ${DEFAULT-VALUE})")
        int number = 1;

        WorkerLaunch launch() {
            int threads = threads();
            if (number < 1 || number > threads) {
                throw new UsageException(
                        "--workers must be from 1 to the number of threads, " + threads + ", but was " + number);
            }
            cores(
                    threads / number,
                    WorkerMemory.of(WorkerMemory.machineBytes(), number).heapBytes());
            String options =
                    System.getenv().getOrDefault("GRAFT_WORKER_JAVA_OPTS", "").strip();
            return new WorkerLaunch(
                    List.of(System.getProperty("graft.worker.main", Graft.class.getName()), "worker"),
                    options.isEmpty() ? List.of() : List.of(options.split("\\s+")),
                    number,
                    threads / number,
                    Duration.ofSeconds(Long.getLong("graft.worker.silence", WorkerLaunch.DEFAULT_SILENCE.toSeconds())));
        }
    }

    /** What every command that runs trials is told. */
    static final class Running {
        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Results results;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Weights weights;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Net net;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Workers workers;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Json json;

        SweepCommand command(CommandSpec spec) {
            return new SweepCommand(spec, results.path, weights, json.wanted, workers.launch());
        }

        Fetcher fetcher(CommandSpec spec) {
            return net.fetcher(spec.commandLine().getErr());
        }

        Catalogue catalogue(Fetcher fetcher) {
            return weights.catalogue(home(), fetcher);
        }

        Path results() {
            return results.path;
        }
    }

    /** Machine-readable output. */
    static final class Json {
        @Option(names = "--json", description = "print JSON on standard output and nothing else there")
        boolean wanted;
    }

    private Places() {}

    /** Returns the option that names a results directory, as it is to follow a command; empty for the default. */
    static String resultsOption(Path results) {
        return results.toString().equals("results") ? "" : " --results " + Words.quoted(results);
    }

    /** Returns the most that features may take: what the sweep file says, or the environment; empty for no limit. */
    static OptionalLong cacheMaxBytes(Sweep sweep) {
        return sweep.cacheMaxBytes().isPresent() ? sweep.cacheMaxBytes() : cacheMaxBytes(System.getenv());
    }

    static Home home() {
        return Home.of(System.getenv(), Path.of(System.getProperty("user.home", ".")));
    }

    /** Returns the threads that decoding and ONNX Runtime may use: all cores, or {@code GRAFT_THREADS}. */
    static int threads() {
        String named = System.getenv().getOrDefault("GRAFT_THREADS", "");
        if (named.isBlank()) {
            return Runtime.getRuntime().availableProcessors();
        }
        try {
            int threads = Integer.parseInt(named.trim());
            if (threads >= 1) {
                return threads;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for both.
        }
        throw new UsageException("GRAFT_THREADS must be a whole number of at least 1, but was " + named);
    }

    /** Returns how a worker divides its threads and memory, as the environment has it. */
    static WorkerCores cores(int threads, long heapBytes) {
        try {
            return WorkerCores.of(threads, heapBytes, System.getenv());
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** Returns the limit of the feature store that {@code GRAFT_CACHE_MAX_BYTES} sets; a sweep file's own comes first. */
    static OptionalLong cacheMaxBytes(Map<String, String> environment) {
        String named = environment.getOrDefault("GRAFT_CACHE_MAX_BYTES", "");
        if (named.isBlank()) {
            return OptionalLong.empty();
        }
        OptionalLong bytes = ByteSize.parse(named);
        if (bytes.isEmpty()) {
            throw new UsageException("GRAFT_CACHE_MAX_BYTES must be " + ByteSize.EXAMPLES + ", but was " + named);
        }
        return bytes;
    }

    /** Says whether standard output is a terminal that is to show colours. */
    static boolean colours() {
        return Boolean.getBoolean("graft.stdout.terminal") && coloursWanted(System.getenv());
    }

    /** Says whether terminals are to show colours; see no-color.org. */
    static boolean coloursWanted(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(environment.get("TERM"));
    }

    /** Returns how the user called the program, for commands that messages suggest. */
    static String command() {
        return System.getProperty("graft.command", "graft");
    }
}
