package dev.graft.cli;

import dev.graft.base.Catalogue;
import dev.graft.run.Garbage;
import dev.graft.run.Home;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code graft gc}. */
@Command(
        name = "gc",
        description = "Free disk space: leftovers of dead processes, damaged features, weights and logs nobody keeps.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class GcCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--dry-run", description = "only show what would go")
    private boolean dryRun;

    @Option(names = "--features", description = "delete all features too; they are computed again when needed")
    private boolean features;

    @Option(
            names = "--older-than",
            paramLabel = "DAYS",
            description = "with --features: only those that were not used for so many days")
    private @Nullable Integer olderThan;

    @Mixin
    private Places.Results results;

    @Mixin
    private Places.Json json;

    @Override
    public Integer call() {
        if (olderThan != null && !features) {
            throw new UsageException("--older-than goes with --features");
        }
        if (olderThan != null && olderThan < 0) {
            throw new UsageException("--older-than must be at least 0 days, but was " + olderThan);
        }
        Home home = Places.home();
        Garbage.Wanted wanted = new Garbage.Wanted(
                Places.cacheMaxBytes(System.getenv()),
                features,
                olderThan == null ? OptionalInt.empty() : OptionalInt.of(olderThan));
        Garbage garbage =
                new Garbage(results.path, home, new Catalogue(List.of(home.weights())), wanted, InstantSource.system());
        Garbage.Found found = dryRun ? garbage.find() : garbage.free();
        if (json.wanted) {
            spec.commandLine().getOut().println(JsonOutput.of(node(found)));
        } else {
            print(found);
        }
        return ExitCode.OK;
    }

    private void print(Garbage.Found found) {
        var out = spec.commandLine().getOut();
        TextTable table = new TextTable(List.of("what", "why", "size", "file"), Set.of(2));
        found.items()
                .forEach(item -> table.row(List.of(
                        item.kind(),
                        TextTable.oneLine(item.reason()),
                        Words.bytes(item.bytes()),
                        TextTable.oneLine(item.path().toString()))));
        if (found.items().isEmpty()) {
            out.println("nothing to free");
        } else {
            table.lines().forEach(out::println);
            out.println();
            out.println((dryRun ? "would free " : "freed ") + Words.bytes(found.bytes()) + " in "
                    + Words.plural(found.items().size(), "file")
                    + (dryRun ? "; nothing was changed" : ""));
        }
        found.notes().forEach(note -> out.println(TextTable.oneLine(note)));
    }

    private Map<String, Object> node(Garbage.Found found) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("dryRun", dryRun);
        node.put(
                "items",
                found.items().stream()
                        .map(item -> {
                            Map<String, Object> line = new LinkedHashMap<>();
                            line.put("kind", item.kind());
                            line.put("path", item.path().toString());
                            line.put("reason", item.reason());
                            line.put("bytes", item.bytes());
                            return line;
                        })
                        .toList());
        node.put("bytes", found.bytes());
        node.put("notes", found.notes());
        return node;
    }
}
