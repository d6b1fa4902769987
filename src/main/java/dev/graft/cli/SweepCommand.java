package dev.graft.cli;

import dev.graft.analysis.Ranking;
import dev.graft.analysis.SweepView;
import dev.graft.base.Catalogue;
import dev.graft.features.FeatureStore;
import dev.graft.fetch.Fetcher;
import dev.graft.run.Home;
import dev.graft.run.SweepRunner;
import dev.graft.run.SweepSetup;
import dev.graft.run.TrialModels;
import dev.graft.spec.SweepFile;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** What {@code run} and {@code demo} share: prepare, run, show the leaderboard and what to do next. */
final class SweepCommand {

    private final PrintWriter out;
    private final PrintWriter err;
    private final Path results;
    private final List<Path> weights;
    private final boolean json;
    private final boolean retrain;

    SweepCommand(CommandSpec spec, Path results, List<Path> weights, boolean json, boolean retrain) {
        this.out = spec.commandLine().getOut();
        this.err = spec.commandLine().getErr();
        this.results = results;
        this.weights = List.copyOf(weights);
        this.json = json;
        this.retrain = retrain;
    }

    /** A sweep that ran. */
    record Ended(String sweepId, int exitCode) {}

    Ended run(SweepFile.Parsed parsed, Path file, Catalogue catalogue, Fetcher fetcher, OptionalInt maxTrials) {
        Home home = Places.home();
        int threads = Places.threads();
        parsed.warnings().forEach(warning -> err.println(warning + " (warning)"));
        Interrupts.leave(err, "stopped before the sweep began; what was fetched is kept");
        SweepSetup setup = SweepSetup.prepare(parsed, file, catalogue, home, fetcher, maxTrials);
        setup.madeUp()
                .forEach(base -> err.println(
                        "the weights of " + base + " are pseudo-random: what comes of it means nothing (warning)"));
        setup.source().dataset().skipped().forEach(problem -> err.println(problem + " (skipped)"));
        if (setup.trials().isEmpty()) {
            err.println("there is nothing to do: the sweep has no trials");
            return new Ended("", ExitCode.NOTHING);
        }
        InstantSource clock = InstantSource.system();
        String id = Tracking.newSweepId(new SecureRandom());
        ProgressPrinter progress = new ProgressPrinter(StatusLine.of(err));
        SweepState state;
        try (TrackWriter track = Tracking.open(results, clock);
                TrackReader recorded = Tracking.openReadOnly(results)) {
            for (String crashed : track.sweepUp()) {
                err.println("sweep " + crashed + " had died; it is recorded as crashed");
            }
            Interrupts interrupts = Interrupts.listen(err);
            state = new SweepRunner(
                            track,
                            recorded,
                            new TrialModels(results),
                            new FeatureStore(home.features(), clock),
                            threads,
                            clock,
                            progress,
                            interrupts::requested,
                            retrain)
                    .run(id, setup);
        } finally {
            progress.end();
        }
        try (TrackReader track = Tracking.openReadOnly(results)) {
            show(track, id);
        }
        if (state == SweepState.CANCELLED) {
            return new Ended(id, ExitCode.INTERRUPTED);
        }
        return new Ended(id, progress.failed() > 0 ? ExitCode.TRIALS_FAILED : ExitCode.OK);
    }

    private void show(TrackReader track, String id) {
        SweepRecord sweep = track.sweep(id);
        List<TrialRecord> trials = track.trials(id);
        if (json) {
            out.println(JsonOutput.of(SweepView.of(sweep, trials, track.featureGroups(id))));
            return;
        }
        out.println();
        LeaderboardText.lines(sweep, trials, Places.colours()).forEach(out::println);
        out.println();
        out.println("frozen base: " + Words.plural(sweep.frozenPasses(), "pass") + " over the images, "
                + sweep.frozenPassesSaved() + " saved by sharing");
        Optional<TrialRecord> best = Ranking.best(sweep, trials);
        String where = results.toString().equals("results") ? "" : " --results " + Words.quoted(results);
        best.ifPresent(trial -> {
            out.println("best: trial " + trial.id() + ", " + sweep.metric() + " "
                    + Words.metric(sweep.metric(), Ranking.value(sweep, trial).orElse(Double.NaN)));
            out.println();
            out.println("look at it:       " + Places.command() + " ui" + where);
            out.println("export the best:  " + Places.command() + " export " + id + " --to best-model" + where
                    + weights.stream()
                            .map(folder -> " --weights " + Words.quoted(folder))
                            .collect(Collectors.joining()));
        });
    }
}
