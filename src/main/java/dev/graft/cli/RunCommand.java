package dev.graft.cli;

import dev.graft.base.Catalogue;
import dev.graft.fetch.Fetcher;
import dev.graft.spec.SweepFile;
import dev.graft.track.SweepRecord;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
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
    private Places.Running running;

    @Option(names = "--max-trials", paramLabel = "N", description = "run only the first N trials")
    private @Nullable Integer maxTrials;

    @Option(
            names = "--resume",
            negatable = true,
            description = "go on with a sweep of this file that was stopped or died, if there is one, or (--no-resume) "
                    + "begin a new one; without either Graft asks, or begins a new one where nobody can answer")
    private @Nullable Boolean resume;

    @Option(names = "--retrain", description = "train also trials whose result is recorded already")
    private boolean retrain;

    @Override
    public Integer call() {
        if (maxTrials != null && maxTrials < 1) {
            throw new UsageException("--max-trials must be at least 1, but was " + maxTrials);
        }
        if (Boolean.TRUE.equals(resume) && (retrain || maxTrials != null)) {
            throw new UsageException(
                    "--resume goes on with a sweep as it began: --retrain and --max-trials are for new ones");
        }
        Fetcher fetcher = running.fetcher(spec);
        Catalogue catalogue = running.catalogue(fetcher);
        SweepFile.Parsed parsed = SweepFile.read(file, catalogue);
        SweepCommand command = running.command(spec);
        boolean whole = !retrain && maxTrials == null;
        Optional<SweepRecord> unfinished = whole ? command.unfinished(parsed) : Optional.empty();
        if (unfinished.isPresent() && isToBeResumed(command, unfinished.get())) {
            return command.resume(unfinished.map(SweepRecord::id), false, fetcher)
                    .exitCode();
        }
        return command.run(
                        parsed,
                        file,
                        catalogue,
                        fetcher,
                        maxTrials == null ? OptionalInt.empty() : OptionalInt.of(maxTrials),
                        retrain)
                .exitCode();
    }

    private boolean isToBeResumed(SweepCommand command, SweepRecord sweep) {
        if (resume != null) {
            return resume;
        }
        String found = "sweep " + sweep.id() + " of this file did not run to its end, " + command.progress(sweep);
        Console console = System.console();
        if (console != null && Boolean.getBoolean("graft.stderr.terminal")) {
            String answer = console.readLine("%s. Go on with it? [Y/n] ", found);
            return answer != null && !answer.strip().toLowerCase(Locale.ROOT).startsWith("n");
        }
        PrintWriter err = spec.commandLine().getErr();
        err.println(
                found + "; this is a new one, which takes finished trials over. To go on instead, add --resume, or:");
        err.println("  " + Places.command() + " resume " + sweep.id() + Places.resultsOption(running.results()));
        return false;
    }
}
