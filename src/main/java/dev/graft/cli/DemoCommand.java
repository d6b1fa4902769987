package dev.graft.cli;

import dev.graft.base.Catalogue;
import dev.graft.fetch.Fetcher;
import dev.graft.spec.SweepFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code graft demo}. */
@Command(
        name = "demo",
        description = "Run sweeps/quickstart.yaml, offline, on images and a base that come with Graft.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class DemoCommand implements Callable<Integer> {

    private static final String FILE = "sweeps/quickstart.yaml";

    @Spec
    private CommandSpec spec;

    @Mixin
    private Places.Results results;

    @Mixin
    private Places.Json json;

    @Override
    public Integer call() throws IOException {
        Catalogue catalogue = new Catalogue(List.of(Places.home().weights()));
        // It needs nothing from the network, and so asks for nothing.
        Fetcher fetcher = Fetcher.offline();
        SweepFile.Parsed parsed = SweepFile.parse(FILE, text(), catalogue);
        return new SweepCommand(spec, results.path, new Places.Weights(), json.wanted, new Places.Workers().launch())
                .run(parsed, Path.of(FILE), catalogue, fetcher, OptionalInt.empty(), false)
                .exitCode();
    }

    private static String text() throws IOException {
        try (InputStream in = DemoCommand.class.getResourceAsStream("/" + FILE)) {
            if (in == null) {
                throw new IOException(FILE + " is missing from this build of Graft");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
