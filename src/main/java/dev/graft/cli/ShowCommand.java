package dev.graft.cli;

import dev.graft.analysis.FilterException;
import dev.graft.analysis.Leaderboard;
import dev.graft.analysis.SweepView;
import dev.graft.analysis.TrialFacts;
import dev.graft.analysis.TrialFilter;
import dev.graft.spec.PlainText;
import dev.graft.track.SweepAnnotation;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialAnnotation;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
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

    @Option(
            names = "--filter",
            paramLabel = "CONDITION",
            defaultValue = "",
            description = {
                "show only trials that meet a condition, for example",
                "\"base = mobilenet_v2 and val_accuracy > 0.8\" or \"state in (failed, crashed)\""
            })
    private String condition;

    @Option(names = "--all", description = "show every trial, not only the best " + MOST)
    private boolean all;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        try (TrackReader track = Tracking.openAsItStands(results.path, InstantSource.system())) {
            SweepRecord sweep = track.sweep(sweepReference);
            if (json.wanted) {
                List<TrialRecord> trials = track.trials(sweep.id());
                List<TrialRecord> matching =
                        trials.stream().filter(chosen(track, sweep, trials)).toList();
                out.println(JsonOutput.of(
                        SweepView.of(sweep, track.lines(sweep), matching, track.featureGroups(sweep.id()))));
                return ExitCode.OK;
            }
            Part part = all || !condition.isBlank() ? chosen(track, sweep) : best(track, sweep);
            String name = track.sweepAnnotations()
                    .getOrDefault(sweep.id(), SweepAnnotation.NONE)
                    .nameOf(sweep);
            out.println("sweep " + sweep.id() + " (" + TextTable.oneLine(name) + "), "
                    + sweep.state().word()
                    + (sweep.reason().isEmpty() ? "" : ": " + TextTable.oneLine(sweep.reason())));
            out.println("frozen base: " + Words.plural(sweep.frozenPasses(), "pass") + " done, "
                    + sweep.frozenPassesSaved() + " saved by sharing");
            out.println();
            LeaderboardText.lines(part.board, Places.colours()).forEach(out::println);
            if (part.board.rows().size() < part.all) {
                out.println();
                out.println(note(part));
            }
        }
        return ExitCode.OK;
    }

    /**
     * What is shown of a sweep's trials.
     *
     * @param matching how many trials meet the condition; all where there is none
     * @param failed how many of those failed
     * @param all how many trials there are
     */
    private record Part(Leaderboard board, int matching, long failed, int all) {}

    /** Returns the best trials without reading the others, of which there may be thousands. */
    private static Part best(TrackReader track, SweepRecord sweep) {
        List<TrialLine> lines = track.lines(sweep);
        return new Part(
                Leaderboard.best(track, sweep, lines, MOST),
                lines.size(),
                lines.stream().filter(line -> failed(line.state())).count(),
                lines.size());
    }

    private Part chosen(TrackReader track, SweepRecord sweep) {
        List<TrialRecord> trials = track.trials(sweep.id());
        Predicate<TrialRecord> chosen = chosen(track, sweep, trials);
        List<TrialRecord> matching = trials.stream().filter(chosen).toList();
        return new Part(
                Leaderboard.of(sweep, trials).only(chosen, all ? trials.size() : MOST),
                matching.size(),
                matching.stream().filter(trial -> failed(trial.state())).count(),
                trials.size());
    }

    private static boolean failed(TrialState state) {
        return state == TrialState.FAILED || state == TrialState.CRASHED;
    }

    /** Says what the table does not show; trials that failed come last in it, and so are the first to be missed. */
    private String note(Part part) {
        String whole = Words.plural(part.all, "trial");
        int shown = part.board.rows().size();
        if (shown == part.matching) {
            return shown + " of " + whole + (shown == 1 ? " meets" : " meet") + " the condition";
        }
        String begin = condition.isBlank()
                ? "the best " + shown + " of " + whole
                : "the best " + shown + " of the " + part.matching + " of " + whole + " that meet the condition";
        return begin + "; --all shows every one"
                + (part.failed > 0 && condition.isBlank()
                        ? ", --filter \"state in (failed, crashed)\" the " + part.failed + " that failed"
                        : "");
    }

    private Predicate<TrialRecord> chosen(TrackReader track, SweepRecord sweep, List<TrialRecord> trials) {
        if (condition.isBlank()) {
            return trial -> true;
        }
        Set<String> names = new HashSet<>();
        trials.forEach(trial -> {
            names.addAll(trial.parameters().keySet());
            trial.best().ifPresent(epoch -> names.addAll(epoch.metrics().keySet()));
        });
        try {
            TrialFilter filter = TrialFilter.parse(condition, names);
            Map<String, TrialAnnotation> notes = track.trialAnnotations(sweep.id());
            Set<String> passing = new HashSet<>();
            for (TrialFacts facts : TrialFacts.of(sweep, trials)) {
                TrialAnnotation note = notes.getOrDefault(facts.trial().id(), TrialAnnotation.NONE);
                if (filter.accepts(new TrialFacts(facts.trial(), facts.rank(), note.pinned(), note.hidden()))) {
                    passing.add(facts.trial().id());
                }
            }
            return trial -> passing.contains(trial.id());
        } catch (FilterException e) {
            String before = PlainText.of(condition.substring(0, e.position()));
            throw new UsageException("--filter: " + e.getMessage() + "\n  " + PlainText.of(condition) + "\n  "
                    + " ".repeat(before.length()) + "^");
        }
    }
}
