package dev.graft.cli;

import dev.graft.base.Catalogue;
import dev.graft.features.FeatureStore;
import dev.graft.fetch.Fetcher;
import dev.graft.plan.Estimate;
import dev.graft.run.Home;
import dev.graft.run.RateFile;
import dev.graft.run.SweepPlan;
import dev.graft.run.SweepSetup;
import dev.graft.run.WorkerLaunch;
import dev.graft.spec.SweepFile;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft plan}. */
@Command(
        name = "plan",
        description = "Show what a sweep will do and share, without running it.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class PlanCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "the sweep file")
    private Path file;

    @Mixin
    private Places.Weights weights;

    @Mixin
    private Places.Results results;

    @Mixin
    private Places.Net net;

    @Mixin
    private Places.Workers workers;

    @Mixin
    private Places.Json json;

    @Override
    public Integer call() {
        Home home = Places.home();
        Fetcher fetcher = net.fetcher(spec.commandLine().getErr());
        Catalogue catalogue = weights.catalogue(home, fetcher);
        SweepFile.Parsed parsed = SweepFile.read(file, catalogue);
        parsed.warnings().forEach(warning -> spec.commandLine().getErr().println(warning + " (warning)"));
        SweepSetup setup = SweepSetup.prepare(parsed, file, catalogue, home, fetcher, OptionalInt.empty());
        OptionalLong limit = Places.cacheMaxBytes(parsed.sweep());
        WorkerLaunch launch = workers.launch();
        SweepPlan plan;
        try (TrackReader recorded = Tracking.openReadOnly(results.path)) {
            plan = SweepPlan.of(
                    setup,
                    new FeatureStore(home.features(), InstantSource.system()),
                    recorded,
                    limit,
                    new RateFile(home, launch.workers(), launch.threads()).read(),
                    launch.workers());
        }
        var out = spec.commandLine().getOut();
        if (json.wanted) {
            out.println(JsonOutput.of(plan));
            return ExitCode.OK;
        }
        out.println(Words.plural(plan.trials(), "trial") + " in "
                + Words.plural(plan.featureGroups().size(), "feature group")
                + (plan.recordedTrials() == 0
                        ? ""
                        : "; " + plan.recordedTrials() + " recorded already, not to be trained again"));
        out.println();
        TextTable table = new TextTable(
                List.of(
                        "base",
                        "size",
                        "cut",
                        "trials",
                        "images",
                        "bytes",
                        "cached",
                        "training",
                        "storing",
                        "recomputing",
                        "better"),
                Set.of(1, 3, 4, 5, 7, 8, 9));
        for (SweepPlan.Group group : plan.featureGroups()) {
            boolean trains = group.trialsToTrain() > 0;
            table.row(List.of(
                    group.base(),
                    String.valueOf(group.imageSize()),
                    group.cut(),
                    String.valueOf(group.trials()),
                    String.valueOf(group.images()),
                    Words.bytes(group.bytes()),
                    group.cached() ? "yes" : "no",
                    trains ? about(group.estimate()) : "",
                    trains ? Words.about(group.choice().storing()) : "",
                    trains ? Words.about(group.choice().recomputing()) : "",
                    trains ? better(group) : ""));
        }
        table.lines().forEach(out::println);
        out.println();
        out.println("frozen base: " + Words.plural(plan.frozenPasses(), "pass") + " over the images to do, "
                + plan.frozenPassesSaved() + " saved by sharing");
        plan.passes().stream()
                .filter(SweepPlan.Pass::needed)
                .forEach(pass -> out.println("  " + pass.base() + " at " + pass.imageSize() + " px: "
                        + Words.plural(pass.images(), "image") + ", " + about(pass.estimate())));
        long missing = plan.featureGroups().stream()
                .filter(group -> !group.cached())
                .mapToLong(SweepPlan.Group::bytes)
                .sum();
        out.println("cache: " + Words.bytes(missing) + " to write to " + home.features());
        tellTime(plan, launch.workers());
        return ExitCode.OK;
    }

    /** Says what is better for a group's features: to store them, or to compute them anew in every epoch. */
    private static String better(SweepPlan.Group group) {
        return group.choice().cache() ? "cache" : group.choice().fits() ? "recompute" : "recompute: too large to store";
    }

    private void tellTime(SweepPlan plan, int number) {
        var out = spec.commandLine().getOut();
        Estimate estimate = plan.estimate();
        if (estimate.seconds() == 0) {
            return;
        }
        out.println("time: about " + Words.about(estimate.seconds()) + " with " + Words.plural(number, "worker") + ": "
                + Words.about(estimate.start()) + " to begin, " + Words.about(estimate.decode() + estimate.prefix())
                + " for the frozen base, " + Words.about(estimate.head()) + " for heads"
                + (estimate.tail() > 0 ? ", " + Words.about(estimate.tail()) + " for tails" : "") + ", "
                + Words.about(estimate.validation() + estimate.other()) + " for validation and the rest");
        if (estimate.isRough()) {
            out.println("      rough: counted from arithmetic alone, until a sweep has run on this machine");
        }
    }

    private static String about(Estimate estimate) {
        return (estimate.isRough() ? "~ " : "") + Words.about(estimate.seconds());
    }
}
