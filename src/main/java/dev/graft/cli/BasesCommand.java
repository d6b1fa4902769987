package dev.graft.cli;

import dev.graft.base.Architecture;
import dev.graft.base.Catalogue;
import dev.graft.run.Home;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code graft bases}. */
@Command(
        name = "bases",
        description = "List the bases that a sweep may name; graft bases pull fetches their weights.",
        mixinStandardHelpOptions = true,
        subcommands = {PullCommand.class, RandomWeightsCommand.class, SpeedCommand.class})
@SuppressWarnings("NullAway.Init")
final class BasesCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private Places.Weights weights;

    @Mixin
    private Places.Json json;

    @Override
    public Integer call() {
        Home home = Places.home();
        Catalogue catalogue = weights.catalogue(home);
        var out = spec.commandLine().getOut();
        if (json.wanted) {
            List<Map<String, @Nullable Object>> all = new ArrayList<>();
            entries(catalogue).forEach(entry -> all.add(json(catalogue, entry)));
            out.println(JsonOutput.of(all));
            return ExitCode.OK;
        }
        TextTable table = new TextTable(
                List.of("base", "state", "size", "smallest image", "features", "blocks", "input", "licence", "source"),
                Set.of(2, 3, 4, 5));
        for (Catalogue.Entry entry : entries(catalogue)) {
            table.row(List.of(
                    entry.name(),
                    BaseState.of(catalogue, entry).word(),
                    bytes(catalogue, entry).map(Words::bytes).orElse(""),
                    String.valueOf(entry.architecture().minimumSize()),
                    String.valueOf(entry.architecture().featureWidth()),
                    String.valueOf(entry.blocks()),
                    entry.architecture().preprocessing().name(),
                    entry.licence(),
                    host(entry)));
        }
        table.lines().forEach(out::println);
        return ExitCode.OK;
    }

    private static List<Catalogue.Entry> entries(Catalogue catalogue) {
        return catalogue.entries().stream()
                .map(entry -> catalogue.found(entry.name()))
                .toList();
    }

    /** Returns where the weights come from, short enough for a terminal; {@code --json} has it whole. */
    private static String host(Catalogue.Entry entry) {
        return entry.weights().address().map(URI::getHost).orElse(entry.source());
    }

    /** Returns the size of the file that is there, or of the official one where it is known. */
    private static Optional<Long> bytes(Catalogue catalogue, Catalogue.Entry entry) {
        Optional<Path> file = catalogue.weightFile(entry);
        try {
            return file.isPresent()
                    ? Optional.of(Files.size(file.get()))
                    : entry.weights().bytes().stream().boxed().findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Map<String, @Nullable Object> json(Catalogue catalogue, Catalogue.Entry entry) {
        Architecture architecture = entry.architecture();
        Map<String, @Nullable Object> node = new LinkedHashMap<>();
        node.put("name", entry.name());
        node.put("state", BaseState.of(catalogue, entry).word());
        node.put("file", entry.embedded() ? null : entry.weights().fileName());
        node.put("path", catalogue.weightFile(entry).map(Path::toString).orElse(null));
        node.put("address", entry.weights().address().map(Object::toString).orElse(null));
        node.put("bytes", bytes(catalogue, entry).orElse(null));
        node.put("checksum", entry.weights().checksum().map(Object::toString).orElse(null));
        node.put("smallest_image", architecture.minimumSize());
        node.put("feature_width", architecture.featureWidth());
        node.put("blocks", entry.blocks());
        node.put("preprocessing", architecture.preprocessing().name());
        node.put("licence", entry.licence());
        node.put("source", entry.source());
        return node;
    }
}
