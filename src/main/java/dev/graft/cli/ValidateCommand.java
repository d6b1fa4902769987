package dev.graft.cli;

import dev.graft.base.Catalogue;
import dev.graft.fetch.Fetcher;
import dev.graft.run.SweepSetup;
import dev.graft.search.Trials;
import dev.graft.spec.SweepFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft validate}. */
@Command(
        name = "validate",
        description = "Check a sweep file, its images and its own weights; say everything that is wrong.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class ValidateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "the sweep file")
    private Path file;

    @Mixin
    private Places.Weights weights;

    @Option(names = "--no-data", description = "check the file alone, not the images and weights it names")
    private boolean noData;

    @Override
    public Integer call() {
        Catalogue catalogue = weights.catalogue(Places.home());
        SweepFile.Parsed parsed = SweepFile.read(file, catalogue);
        var err = spec.commandLine().getErr();
        parsed.warnings().forEach(warning -> err.println(warning + " (warning)"));
        String images = "";
        if (!noData) {
            var checked = SweepSetup.check(parsed, file, catalogue, Places.home(), Fetcher.offline());
            if (checked.isPresent()) {
                var dataset = checked.get().dataset();
                dataset.skipped().forEach(problem -> err.println(problem + " (skipped)"));
                images = ", " + Words.plural(dataset.classes().size(), "class") + ", "
                        + dataset.train().size() + " training and "
                        + dataset.validation().size() + " validation images";
            } else {
                images = ", images not fetched yet: "
                        + SweepSetup.toFetch(parsed, Places.home()).orElse("");
            }
        }
        int trials = Trials.of(parsed.sweep()).size();
        spec.commandLine()
                .getOut()
                .println(TextTable.oneLine(file.toString()) + ": ok, " + Words.plural(trials, "trial") + images);
        return ExitCode.OK;
    }
}
