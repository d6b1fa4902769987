package dev.graft.cli;

import dev.graft.base.Catalogue;
import dev.graft.export.ModelExporter;
import dev.graft.run.Home;
import dev.graft.run.TrialModels;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft export}. */
@Command(
        name = "export",
        description = "Write the best model of a sweep, or a trial's, as a bundle that anyone can run.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class ExportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SWEEP|TRIAL", description = "a sweep (its best trial), or a trial as in latest-7")
    private String reference;

    @Option(names = "--to", paramLabel = "DIR", required = true, description = "a new folder for the bundle")
    private Path to;

    @Mixin
    private Places.Results results;

    @Mixin
    private Places.Weights weights;

    @Mixin
    private Places.Net net;

    @Override
    public Integer call() {
        Home home = Places.home();
        var out = spec.commandLine().getOut();
        Catalogue catalogue =
                weights.catalogue(home, net.fetcher(spec.commandLine().getErr()));
        try (TrackReader track = Tracking.openReadOnly(results.path)) {
            TrialRecord trial = References.trialOrBest(track, reference);
            ModelExporter.Export export = new ModelExporter(
                            track, new TrialModels(results.path), catalogue, home, Places.threads())
                    .export(trial, to);
            export.notes().forEach(spec.commandLine().getErr()::println);
            out.println("trial " + trial.id() + " exported to " + to);
            var check = export.check();
            out.println(String.format(
                    Locale.ROOT,
                    "checked: ONNX Runtime and Deeplearning4j differ by at most %.1e on %d images; the record by at"
                            + " most %.1e on %d",
                    check.engineDifference(),
                    check.engineImages(),
                    check.recordedDifference(),
                    check.recordedImages()));
            export.test()
                    .ifPresent(test -> out.println("test split: accuracy " + Words.metric("accuracy", test.accuracy())
                            + " on " + test.images() + " images"));
            out.println("try it: " + Places.command() + " predict " + Words.quoted(to) + " IMAGE");
        }
        return ExitCode.OK;
    }
}
