package dev.graft.cli;

import dev.graft.base.Catalogue;
import dev.graft.features.FeatureStore;
import dev.graft.fetch.Fetcher;
import dev.graft.run.Home;
import dev.graft.run.SweepPlan;
import dev.graft.run.SweepSetup;
import dev.graft.spec.SweepFile;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
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
    private Places.Json json;

    @Override
    public Integer call() {
        Home home = Places.home();
        Fetcher fetcher = net.fetcher(spec.commandLine().getErr());
        Catalogue catalogue = weights.catalogue(home, fetcher);
        SweepFile.Parsed parsed = SweepFile.read(file, catalogue);
        parsed.warnings().forEach(warning -> spec.commandLine().getErr().println(warning + " (warning)"));
        SweepSetup setup = SweepSetup.prepare(parsed, file, catalogue, home, fetcher, OptionalInt.empty());
        SweepPlan plan;
        try (TrackReader recorded = Tracking.openReadOnly(results.path)) {
            plan = SweepPlan.of(setup, new FeatureStore(home.features(), InstantSource.system()), recorded);
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
                List.of("base", "size", "cut", "trials", "images", "cache", "cached"), Set.of(1, 3, 4, 5));
        for (SweepPlan.Group group : plan.featureGroups()) {
            table.row(List.of(
                    group.base(),
                    String.valueOf(group.imageSize()),
                    group.cut(),
                    String.valueOf(group.trials()),
                    String.valueOf(group.images()),
                    Words.bytes(group.bytes()),
                    group.cached() ? "yes" : "no"));
        }
        table.lines().forEach(out::println);
        out.println();
        out.println("frozen base: " + Words.plural(plan.frozenPasses(), "pass") + " over the images to do, "
                + plan.frozenPassesSaved() + " saved by sharing");
        long missing = plan.featureGroups().stream()
                .filter(group -> !group.cached())
                .mapToLong(SweepPlan.Group::bytes)
                .sum();
        out.println("cache: " + Words.bytes(missing) + " to write to " + home.features());
        return ExitCode.OK;
    }
}
