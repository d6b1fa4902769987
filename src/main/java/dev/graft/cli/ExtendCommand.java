package dev.graft.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft extend}. */
@Command(
        name = "extend",
        description =
                "Add the new combinations of a changed file to a sweep, and run them; its trials stay as they are.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class ExtendCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "SWEEP", description = "an id, the beginning of one, or latest")
    private String sweepReference;

    @Parameters(index = "1", paramLabel = "FILE", description = "the sweep file with more values")
    private Path file;

    @Mixin
    private Places.Running running;

    @Override
    public Integer call() {
        return running.command(spec)
                .extend(sweepReference, file, running.fetcher(spec))
                .exitCode();
    }
}
