package dev.graft.cli;

import dev.graft.analysis.Leaderboard;
import dev.graft.analysis.Ranking;
import dev.graft.analysis.SweepView;
import dev.graft.base.Catalogue;
import dev.graft.fetch.Fetcher;
import dev.graft.run.Home;
import dev.graft.run.RecordedSweep;
import dev.graft.run.SweepRunner;
import dev.graft.run.SweepSetup;
import dev.graft.run.TrialModels;
import dev.graft.run.WorkerLaunch;
import dev.graft.spec.Sweep;
import dev.graft.spec.SweepFile;
import dev.graft.track.AttemptRecord;
import dev.graft.track.StoreException;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** What commands that run trials share: prepare, run, show the leaderboard and what to do next. */
final class SweepCommand {

    private final PrintWriter out;
    private final PrintWriter err;
    private final Path results;
    private final Places.Weights weights;
    private final boolean json;
    private final WorkerLaunch launch;
    private final InstantSource clock = InstantSource.system();

    SweepCommand(CommandSpec spec, Path results, Places.Weights weights, boolean json, WorkerLaunch launch) {
        this.out = spec.commandLine().getOut();
        this.err = spec.commandLine().getErr();
        this.results = results;
        this.weights = weights;
        this.json = json;
        this.launch = launch;
    }

    /** A sweep that ran. */
    record Ended(String sweepId, int exitCode) {}

    /** Runs a new sweep. */
    Ended run(
            SweepFile.Parsed parsed,
            Path file,
            Catalogue catalogue,
            Fetcher fetcher,
            OptionalInt maxTrials,
            boolean retrain) {
        begin(parsed);
        SweepSetup setup = SweepSetup.prepare(parsed, file, catalogue, Places.home(), fetcher, maxTrials);
        tell(setup);
        if (setup.trials().isEmpty()) {
            err.println("there is nothing to do: the sweep has no trials");
            return new Ended("", ExitCode.NOTHING);
        }
        String id = Tracking.newSweepId(new SecureRandom());
        try (TrackWriter track = open();
                TrackReader recorded = Tracking.openReadOnly(results)) {
            return drive(id, parsed.sweep(), track, recorded, runner -> Optional.of(runner.run(id, setup, retrain)));
        }
    }

    /** Goes on with a recorded sweep. */
    Ended resume(Optional<String> reference, boolean failed, Fetcher fetcher) {
        try (TrackReader recorded = Tracking.openReadOnly(results)) {
            // Before anything is created: a reference that means nothing must not leave a record behind.
            String id = reference
                    .map(recorded::sweep)
                    .or(() -> newestLeft(recorded, failed))
                    .orElseGet(() -> recorded.sweep("latest"))
                    .id();
            try (TrackWriter track = open()) {
                SweepRecord sweep = recorded.sweep(id);
                RecordedSweep before = new RecordedSweep(sweep, recorded.trials(id));
                Catalogue catalogue = catalogue(before, fetcher);
                SweepFile.Parsed parsed = before.file(catalogue);
                begin(parsed);
                SweepSetup setup = before.setup(parsed, catalogue, Places.home(), fetcher);
                tell(setup);
                return drive(id, parsed.sweep(), track, recorded, runner -> runner.resume(sweep, setup, failed));
            }
        }
    }

    /** Adds the new combinations of a file to a recorded sweep, and runs them. */
    Ended extend(String reference, Path file, Fetcher fetcher) {
        try (TrackReader recorded = Tracking.openReadOnly(results)) {
            String id = recorded.sweep(reference).id();
            try (TrackWriter track = open()) {
                SweepRecord sweep = recorded.sweep(id);
                RecordedSweep before = new RecordedSweep(sweep, recorded.trials(id));
                Catalogue catalogue = catalogue(before, fetcher);
                SweepFile.Parsed changed = SweepFile.read(file, catalogue);
                begin(changed);
                RecordedSweep.Extended extended = before.extended(changed, file, catalogue, Places.home(), fetcher);
                tell(extended.setup());
                if (extended.added().isEmpty()) {
                    err.println("there is nothing to add: sweep " + id + " has every combination of " + file);
                    return new Ended(id, ExitCode.NOTHING);
                }
                return drive(id, changed.sweep(), track, recorded, runner -> runner.extend(sweep, changed, extended));
            }
        }
    }

    /** Says whether a controller is at work; where nobody can tell, opening the record will. */
    private boolean isWritten() {
        try {
            return Tracking.isWritten(results);
        } catch (StoreException e) {
            return true;
        }
    }

    /**
     * Finds the newest sweep of the same file, if it was stopped or died before all its trials ended.
     *
     * @return empty also where a controller is at work, since what it runs is its own
     */
    Optional<SweepRecord> unfinished(SweepFile.Parsed parsed) {
        try (TrackReader recorded = Tracking.openReadOnly(results)) {
            if (recorded.sweeps().isEmpty() || isWritten()) {
                return Optional.empty();
            }
            return recorded.sweeps().stream()
                    .filter(sweep -> sweep.fileText().equals(parsed.text()))
                    .findFirst()
                    .filter(sweep -> sweep.state() != SweepState.FINISHED
                            && recorded.trials(sweep.id()).stream().anyMatch(trial -> isLeft(recorded, trial)));
        }
    }

    private static Optional<SweepRecord> newestLeft(TrackReader recorded, boolean failed) {
        return recorded.sweeps().stream()
                .filter(sweep -> sweep.state() != SweepState.FINISHED
                        ? recorded.trials(sweep.id()).stream().anyMatch(trial -> isLeft(recorded, trial))
                        : failed && hasFailed(recorded, sweep.id()))
                .findFirst();
    }

    /** Says whether resuming a sweep would run a trial. */
    private static boolean isLeft(TrackReader recorded, TrialRecord trial) {
        if (trial.state() == TrialState.CRASHED) {
            List<AttemptRecord> attempts = recorded.attempts(trial.id());
            return !attempts.isEmpty() && !attempts.get(attempts.size() - 1).counts();
        }
        return trial.state().isOpen() || trial.state() == TrialState.CANCELLED;
    }

    /** Counts a sweep's trials that need not run again. */
    String progress(SweepRecord sweep) {
        try (TrackReader recorded = Tracking.openReadOnly(results)) {
            List<TrialRecord> trials = recorded.trials(sweep.id());
            long finished = trials.stream()
                    .filter(trial -> trial.state() == TrialState.FINISHED)
                    .count();
            return finished + " of " + Words.plural(trials.size(), "trial") + " finished";
        }
    }

    /** Bases whose weights are looked for where the user says, and where they were when the sweep began. */
    private Catalogue catalogue(RecordedSweep sweep, Fetcher fetcher) {
        return weights.catalogue(sweep.weightFolders(), Places.home(), fetcher);
    }

    private TrackWriter open() {
        TrackWriter track = Tracking.open(results, clock);
        for (String crashed : track.sweepUp()) {
            err.println("sweep " + crashed + " had died; it is recorded as crashed");
        }
        return track;
    }

    private void begin(SweepFile.Parsed parsed) {
        parsed.warnings().forEach(warning -> err.println(warning + " (warning)"));
        Interrupts.leave(err, "stopped before the sweep began; what was fetched is kept");
    }

    private void tell(SweepSetup setup) {
        setup.madeUp()
                .forEach(base -> err.println(
                        "the weights of " + base + " are pseudo-random: what comes of it means nothing (warning)"));
        setup.source().dataset().skipped().forEach(problem -> err.println(problem + " (skipped)"));
    }

    /** What a runner is to do; empty where there was nothing to do. */
    private interface Work {
        Optional<SweepState> of(SweepRunner runner);
    }

    private Ended drive(String id, Sweep sweep, TrackWriter track, TrackReader recorded, Work work) {
        Home home = Places.home();
        ProgressPrinter progress = new ProgressPrinter(StatusLine.of(err));
        Interrupts interrupts = Interrupts.listen(err);
        Optional<SweepState> state;
        try {
            state = work.of(new SweepRunner(
                    track,
                    recorded,
                    results,
                    home,
                    Places.cacheMaxBytes(sweep),
                    launch,
                    clock,
                    progress,
                    interrupts::asked));
        } catch (StoreException e) {
            progress.end();
            err.println(e.getMessage());
            err.println("once that is mended, go on with it:  " + resumeCommand(id));
            return new Ended(id, ExitCode.ENVIRONMENT);
        } finally {
            progress.end();
        }
        if (state.isEmpty()) {
            err.println("there is nothing to do: no trial of sweep " + id + " waits"
                    + (hasFailed(recorded, id) ? "; --failed tries those that failed again" : ""));
            return new Ended(id, ExitCode.NOTHING);
        }
        show(recorded, id);
        if (hasFailed(recorded, id)) {
            err.println("try the failed ones again:  " + resumeCommand(id) + " --failed");
        }
        if (state.get() == SweepState.FINISHED) {
            return new Ended(id, hasFailed(recorded, id) ? ExitCode.TRIALS_FAILED : ExitCode.OK);
        }
        err.println("sweep " + id + " "
                + (state.get() == SweepState.CANCELLED
                        ? "was stopped"
                        : "ended early: " + recorded.sweep(id).reason())
                + "\ngo on with it:    " + resumeCommand(id));
        if (state.get() == SweepState.CANCELLED) {
            return new Ended(id, ExitCode.INTERRUPTED);
        }
        return new Ended(id, hasFailed(recorded, id) ? ExitCode.TRIALS_FAILED : ExitCode.ENVIRONMENT);
    }

    private String resumeCommand(String id) {
        return Places.command() + " resume " + id + Places.resultsOption(results);
    }

    private static boolean hasFailed(TrackReader recorded, String id) {
        return recorded.trials(id).stream()
                .anyMatch(trial -> trial.state() == TrialState.FAILED || trial.state() == TrialState.CRASHED);
    }

    private void show(TrackReader track, String id) {
        SweepRecord sweep = track.sweep(id);
        List<TrialRecord> trials = track.trials(id);
        if (json) {
            out.println(JsonOutput.of(SweepView.of(sweep, trials, track.featureGroups(id))));
            return;
        }
        out.println();
        LeaderboardText.lines(Leaderboard.of(sweep, trials), Places.colours()).forEach(out::println);
        out.println();
        out.println("frozen base: " + Words.plural(sweep.frozenPasses(), "pass") + " over the images, "
                + sweep.frozenPassesSaved() + " saved by sharing");
        Optional<TrialRecord> best = Ranking.best(sweep, trials);
        String where = Places.resultsOption(results);
        best.ifPresent(trial -> {
            out.println("best: trial " + trial.id() + ", " + sweep.metric() + " "
                    + Words.metric(sweep.metric(), Ranking.value(sweep, trial).orElse(Double.NaN)));
            out.println();
            out.println("look at it:       " + Places.command() + " ui" + where);
            if (!new TrialModels(results).has(trial.id())) {
                return;
            }
            out.println("export the best:  " + Places.command() + " export " + id + " --to best-model" + where
                    + weights.paths().stream()
                            .map(folder -> " --weights " + Words.quoted(folder))
                            .collect(Collectors.joining()));
        });
    }
}
