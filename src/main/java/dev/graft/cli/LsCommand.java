package dev.graft.cli;

import dev.graft.analysis.SweepSummary;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialState;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code graft ls}. */
@Command(name = "ls", description = "List the recorded sweeps, the newest first.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class LsCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

    @Spec
    private CommandSpec spec;

    @Mixin
    private Places.Results results;

    @Mixin
    private Places.Json json;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        TextTable table = new TextTable(List.of("sweep", "name", "state", "finished", "best", "started"), Set.of(3, 4));
        List<SweepSummary> sweeps = new ArrayList<>();
        try (TrackReader track = Tracking.openAsItStands(results.path, InstantSource.system())) {
            for (SweepRecord record : track.sweeps()) {
                List<TrialLine> trials = track.lines(record);
                long finished = trials.stream()
                        .filter(trial -> trial.state() == TrialState.FINISHED)
                        .count();
                SweepSummary sweep = SweepSummary.of(record, trials);
                Double best = sweep.bestValue();
                table.row(List.of(
                        sweep.id(),
                        sweep.name(),
                        sweep.state(),
                        finished + "/" + sweep.trials(),
                        best == null ? "-" : Words.metric(sweep.metric(), best),
                        TIME.format(record.createdAt())));
                sweeps.add(sweep);
            }
        }
        if (json.wanted) {
            out.println(JsonOutput.of(sweeps));
        } else if (sweeps.isEmpty()) {
            out.println("no sweeps in " + results.path + " yet; begin with: " + Places.command() + " demo");
        } else {
            table.lines().forEach(out::println);
        }
        return ExitCode.OK;
    }
}
