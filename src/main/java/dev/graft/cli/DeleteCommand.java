package dev.graft.cli;

import dev.graft.run.SweepDeletion;
import dev.graft.run.SweepDeletion.Freed;
import dev.graft.run.SweepDeletion.Part;
import dev.graft.track.StoreException;
import java.io.Console;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft delete}. */
@Command(
        name = "delete",
        description =
                "Delete an ended sweep for good: its record, weights, logs, and bundles below the results directory.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class DeleteCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SWEEP", description = "an id, the beginning of one, or latest")
    private String sweepReference;

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Option(names = "--dry-run", description = "only show what would go")
    private boolean dryRun;

    @Mixin
    private Places.Results results;

    @Mixin
    private Places.Json json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Freed found = SweepDeletion.preview(results.path, sweepReference);
        String title = "sweep " + found.sweepId();
        if (dryRun) {
            print(found, title + " has ");
            return ExitCode.OK;
        }
        if (found.obstacle().isPresent()) {
            throw new StoreException(
                    title + " cannot be deleted now: " + found.obstacle().get());
        }
        if (!yes && !isConfirmed(found)) {
            out.println("nothing was deleted");
            return ExitCode.NOTHING;
        }
        // By its id, as latest may mean another one by now.
        Freed freed = SweepDeletion.delete(results.path, found.sweepId(), InstantSource.system());
        print(freed, "deleted " + title + ": ");
        return ExitCode.OK;
    }

    private boolean isConfirmed(Freed found) {
        Console console = System.console();
        if (console == null || json.wanted || !Boolean.getBoolean("graft.stderr.terminal")) {
            throw new UsageException("sweep " + found.sweepId() + " would be gone for good, with " + words(found)
                    + "; say --yes to delete it");
        }
        String answer = console.readLine(
                "%s", "Delete sweep " + found.sweepId() + " for good, with " + words(found) + "? [y/N] ");
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }

    private static String words(Freed freed) {
        return Words.plural(freed.trials(), "trial") + " (" + freed.finished() + " finished), "
                + words(freed.models(), "kept model") + ", " + words(freed.logs(), "log") + " and "
                + words(freed.bundles(), "bundle file");
    }

    private static String words(Part part, String noun) {
        return Words.plural(part.files(), noun) + (part.files() == 0 ? "" : " (" + Words.bytes(part.bytes()) + ")");
    }

    private void print(Freed freed, String beginning) {
        PrintWriter out = spec.commandLine().getOut();
        if (json.wanted) {
            out.println(JsonOutput.of(node(freed)));
            return;
        }
        out.println(beginning + words(freed));
        freed.obstacle().ifPresent(obstacle -> out.println("it cannot be deleted now: " + obstacle));
        freed.notes().forEach(note -> out.println(TextTable.oneLine(note)));
        out.println("features stay in the cache until " + Places.command() + " gc --features"
                + (dryRun ? "; nothing was changed" : ""));
    }

    private Map<String, Object> node(Freed freed) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("dryRun", dryRun);
        node.put("sweep", freed.sweepId());
        node.put("trials", freed.trials());
        node.put("finished", freed.finished());
        node.put("models", node(freed.models()));
        node.put("logs", node(freed.logs()));
        node.put("bundles", node(freed.bundles()));
        node.put("bytes", freed.bytes());
        node.put("obstacle", freed.obstacle().orElse(null));
        node.put("notes", freed.notes());
        return node;
    }

    private static Map<String, Object> node(Part part) {
        return Map.of("files", part.files(), "bytes", part.bytes());
    }
}
