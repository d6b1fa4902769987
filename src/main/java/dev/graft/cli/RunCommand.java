package dev.graft.cli;

import dev.graft.base.Catalogue;
import dev.graft.fetch.Fetcher;
import dev.graft.spec.SweepFile;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft run}. */
@Command(name = "run", description = "Run every trial of a sweep file.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "the sweep file")
    private Path file;

    @Mixin
    private Places.Results results;

    @Mixin
    private Places.Weights weights;

    @Mixin
    private Places.Net net;

    @Mixin
    private Places.Json json;

    @Option(names = "--max-trials", paramLabel = "N", description = "run only the first N trials")
    private @Nullable Integer maxTrials;

    @Option(names = "--retrain", description = "train also trials whose result is recorded already")
    private boolean retrain;

    @Override
    public Integer call() {
        if (maxTrials != null && maxTrials < 1) {
            throw new UsageException("--max-trials must be at least 1, but was " + maxTrials);
        }
        Fetcher fetcher = net.fetcher(spec.commandLine().getErr());
        Catalogue catalogue = weights.catalogue(Places.home(), fetcher);
        SweepFile.Parsed parsed = SweepFile.read(file, catalogue);
        return new SweepCommand(spec, results.path, weights.paths, json.wanted, retrain)
                .run(
                        parsed,
                        file,
                        catalogue,
                        fetcher,
                        maxTrials == null ? OptionalInt.empty() : OptionalInt.of(maxTrials))
                .exitCode();
    }
}
