package dev.graft.cli;

import dev.graft.track.RecordFacts;
import dev.graft.track.Tracking;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft backup}. */
@Command(
        name = "backup",
        description = "Copy the record into a new file, also while a sweep runs.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class BackupCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "where to; must not exist")
    private Path file;

    @Mixin
    private Places.Results results;

    @Override
    public Integer call() {
        RecordFacts copy = Tracking.backup(results.path, file);
        spec.commandLine()
                .getOut()
                .println("wrote " + file + ": " + Words.bytes(copy.bytes()) + ", "
                        + Words.plural(copy.sweeps(), "sweep") + ", " + Words.plural(copy.trials(), "trial"));
        return ExitCode.OK;
    }
}
