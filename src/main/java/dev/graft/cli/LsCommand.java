package dev.graft.cli;

import dev.graft.analysis.Ranking;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
        TextTable table = new TextTable(List.of("sweep", "name", "state", "trials", "best", "started"), Set.of(3, 4));
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        try (TrackReader track = Tracking.openReadOnly(results.path)) {
            for (SweepRecord sweep : track.sweeps()) {
                List<TrialRecord> trials = track.trials(sweep.id());
                long done =
                        trials.stream().filter(trial -> !trial.state().isOpen()).count();
                long finished = trials.stream()
                        .filter(trial -> trial.state() == TrialState.FINISHED)
                        .count();
                Optional<TrialRecord> best = Ranking.best(sweep, trials);
                @Nullable
                Double value =
                        best.isPresent() ? Ranking.value(sweep, best.get()).orElse(Double.NaN) : null;
                String state = sweep.state().name().toLowerCase(Locale.ROOT);
                table.row(List.of(
                        sweep.id(),
                        sweep.name(),
                        state,
                        done + "/" + trials.size(),
                        value == null ? "-" : Words.metric(sweep.metric(), value),
                        TIME.format(sweep.createdAt())));
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                row.put("id", sweep.id());
                row.put("name", sweep.name());
                row.put("state", state);
                row.put("trials", trials.size());
                row.put("finished", finished);
                row.put("metric", sweep.metric());
                row.put("goal", sweep.goal());
                row.put("best_trial", best.map(TrialRecord::id).orElse(null));
                row.put("best_value", value);
                row.put("created_at", sweep.createdAt().toString());
                rows.add(row);
            }
        }
        if (json.wanted) {
            out.println(JsonOutput.of(rows));
        } else if (rows.isEmpty()) {
            out.println("no sweeps in " + results.path + " yet; begin with: " + Places.command() + " demo");
        } else {
            table.lines().forEach(out::println);
        }
        return ExitCode.OK;
    }
}
