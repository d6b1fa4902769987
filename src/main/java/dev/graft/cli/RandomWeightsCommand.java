package dev.graft.cli;

import dev.graft.base.Catalogue;
import dev.graft.base.PseudoRandomWeights;
import dev.graft.base.Safetensors;
import dev.graft.base.WeightException;
import dev.graft.base.WeightFile;
import dev.graft.run.Home;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft bases random}. */
@Command(
        name = "random",
        description =
                "Write files with pseudo-random weights, for trying and timing bases whose weights are not at hand. "
                        + "What such bases see is worth nothing.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class RandomWeightsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "bases (default: every one whose weights are missing)")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--to",
            paramLabel = "DIR",
            required = true,
            description = "the folder for the files; name it with --weights when running a sweep")
    private Path to;

    @Mixin
    private Places.Weights weights;

    @Override
    public Integer call() {
        try {
            write();
            return ExitCode.OK;
        } catch (FileAlreadyExistsException e) {
            throw new UsageException("--to must be a folder, but " + e.getMessage() + " is a file");
        } catch (IOException e) {
            throw new WeightException("weights cannot be written to " + to + ": " + e.getMessage(), e);
        }
    }

    private void write() throws IOException {
        Home home = Places.home();
        Path folder = to.toAbsolutePath().normalize();
        Files.createDirectories(folder);
        if (Files.isDirectory(home.weights()) && Files.isSameFile(folder, home.weights())) {
            throw new UsageException("--to must not be " + folder
                    + ", where every sweep would take pseudo-random weights for the official ones");
        }
        Catalogue catalogue = weights.catalogue(home);
        for (Catalogue.Entry entry : wanted(catalogue)) {
            Path file = folder.resolve(entry.name() + Catalogue.SAFETENSORS);
            if (Files.exists(file) && !WeightFile.isPseudoRandom(file)) {
                throw new UsageException(
                        file + " is there already and holds other weights; move it, or name another --to");
            }
            Safetensors.write(file, PseudoRandomWeights.of(entry.architecture()), WeightFile.PSEUDO_RANDOM_MARK);
            spec.commandLine().getOut().println(entry.name() + ": " + file);
        }
    }

    private List<Catalogue.Entry> wanted(Catalogue catalogue) {
        return names.isEmpty()
                ? catalogue.names().stream()
                        .map(catalogue::found)
                        .filter(entry -> BaseState.of(catalogue, entry) == BaseState.TO_DOWNLOAD)
                        .toList()
                : BaseNames.find(catalogue, names);
    }
}
