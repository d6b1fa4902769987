package dev.graft.cli;

import dev.graft.analysis.Ranking;
import dev.graft.analysis.SweepView;
import dev.graft.track.SweepAnnotation;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft show}. */
@Command(name = "show", description = "Show a sweep with its trials, the best first.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class ShowCommand implements Callable<Integer> {

    private static final int MOST = 200;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SWEEP",
            arity = "0..1",
            defaultValue = "latest",
            description = "an id, the beginning of one, or latest (default)")
    private String sweepReference;

    @Mixin
    private Places.Results results;

    @Mixin
    private Places.Json json;

    @Option(names = "--all", description = "show every trial, not only the best " + MOST)
    private boolean all;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        try (TrackReader track = Tracking.openAsItStands(results.path, InstantSource.system())) {
            SweepRecord sweep = track.sweep(sweepReference);
            if (json.wanted) {
                List<TrialRecord> trials = track.trials(sweep.id());
                out.println(JsonOutput.of(SweepView.of(sweep, trials, track.featureGroups(sweep.id()))));
                return ExitCode.OK;
            }
            String name = track.sweepAnnotations()
                    .getOrDefault(sweep.id(), SweepAnnotation.NONE)
                    .nameOf(sweep);
            out.println("sweep " + sweep.id() + " (" + TextTable.oneLine(name) + "), "
                    + sweep.state().word()
                    + (sweep.reason().isEmpty() ? "" : ": " + TextTable.oneLine(sweep.reason())));
            out.println("frozen base: " + Words.plural(sweep.frozenPasses(), "pass") + " done, "
                    + sweep.frozenPassesSaved() + " saved by sharing");
            out.println();
            List<TrialLine> lines = track.lines(sweep);
            List<TrialRecord> trials = track.trials(Ranking.orderLines(sweep, lines).stream()
                    .limit(all ? Long.MAX_VALUE : MOST)
                    .map(TrialLine::id)
                    .toList());
            LeaderboardText.lines(sweep, trials, Places.colours()).forEach(out::println);
            if (trials.size() < lines.size()) {
                out.println();
                out.println("the best " + trials.size() + " of " + Words.plural(lines.size(), "trial")
                        + "; --all shows every one");
            }
        }
        return ExitCode.OK;
    }
}
