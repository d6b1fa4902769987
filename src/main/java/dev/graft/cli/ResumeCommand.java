package dev.graft.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft resume}. */
@Command(
        name = "resume",
        description = "Go on with a sweep that was stopped or died; finished trials stay as they are.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class ResumeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SWEEP",
            arity = "0..1",
            description = "an id, the beginning of one, or latest; if left out, the newest that did not run to its end")
    private @Nullable String sweepReference;

    @Option(names = "--failed", description = "try trials that failed or crashed again, too")
    private boolean failed;

    @Mixin
    private Places.Running running;

    @Override
    public Integer call() {
        return running.command(spec)
                .resume(Optional.ofNullable(sweepReference), failed, running.fetcher(spec))
                .exitCode();
    }
}
