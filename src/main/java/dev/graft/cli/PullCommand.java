package dev.graft.cli;

import dev.graft.base.Catalogue;
import dev.graft.base.WeightException;
import dev.graft.fetch.FetchException;
import dev.graft.fetch.Fetched;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft bases pull}. */
@Command(
        name = "pull",
        description = "Fetch the official weights of bases, and check those that are there.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class PullCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "bases, as graft bases lists them")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "every base")
    private boolean all;

    @Option(
            names = "--weights",
            paramLabel = "DIR",
            description = "where the files go, for example to be carried elsewhere (default: GRAFT_HOME/weights)")
    private @Nullable Path weights;

    @Mixin
    private Places.Net net;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Path folder = weights == null
                ? Places.home().weights()
                : weights.toAbsolutePath().normalize();
        Catalogue catalogue = new Catalogue(List.of(folder), net.fetcher(err));
        List<String> wanted = wanted(catalogue);
        Interrupts.leave(err, "stopped; what was fetched is kept, and pulling again goes on with it");
        int failed = 0;
        for (String name : wanted) {
            try {
                Optional<Fetched> file = catalogue.pull(name);
                spec.commandLine().getOut().println(name + ": " + describe(file));
            } catch (FetchException | WeightException e) {
                failed++;
                err.println(name + ": " + e.getMessage());
            }
        }
        return failed > 0 ? ExitCode.ENVIRONMENT : ExitCode.OK;
    }

    private List<String> wanted(Catalogue catalogue) {
        List<String> known =
                catalogue.entries().stream().map(Catalogue.Entry::name).toList();
        if (all == !names.isEmpty()) {
            throw new UsageException(
                    all
                            ? "--all is every base; name none beside it"
                            : "name bases to pull, or --all; there are " + String.join(", ", known));
        }
        return all
                ? known
                : BaseNames.find(catalogue, names).stream()
                        .map(Catalogue.Entry::name)
                        .toList();
    }

    private static String describe(Optional<Fetched> pulled) {
        if (pulled.isEmpty()) {
            return BaseState.BUILT_IN.word() + ", nothing to fetch";
        }
        Fetched file = pulled.get();
        String checked = file.checked()
                ? file.checksum().algorithm().word() + " is right"
                : "no digest is published for it; it has " + file.checksum();
        return BaseState.READY.word() + ", " + (file.fetched() ? "fetched now, " : "it was there, ") + checked + ": "
                + file.file();
    }
}
