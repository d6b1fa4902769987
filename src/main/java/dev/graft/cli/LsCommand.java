package dev.graft.cli;

import dev.graft.analysis.SweepSummary;
import dev.graft.track.SweepAnnotation;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code graft ls}. */
@Command(name = "ls", description = "List the recorded sweeps, the newest first.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class LsCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

    @Spec
    private CommandSpec spec;

    @Option(names = "--all", description = "list archived sweeps too")
    private boolean all;

    @Mixin
    private Places.Results results;

    @Mixin
    private Places.Json json;

    /** A sweep, and when it began, which the summary has as text. */
    private record Line(SweepSummary sweep, Instant started) {}

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        List<Line> lines = lines();
        List<Line> listed =
                lines.stream().filter(line -> all || !line.sweep().archived()).toList();
        String archived = lines.size() - listed.size() + " archived; list them with --all";
        if (json.wanted) {
            out.println(JsonOutput.of(listed.stream().map(Line::sweep).toList()));
        } else if (lines.isEmpty()) {
            out.println("no sweeps in " + results.path + " yet; begin with: " + Places.command() + " demo");
        } else if (listed.isEmpty()) {
            out.println("no sweeps in " + results.path + " but " + archived);
        } else {
            table(listed).lines().forEach(out::println);
            if (listed.size() < lines.size()) {
                out.println();
                out.println(archived);
            }
        }
        return ExitCode.OK;
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        try (TrackReader track = Tracking.openAsItStands(results.path, InstantSource.system())) {
            Map<String, SweepAnnotation> annotations = track.sweepAnnotations();
            for (SweepRecord record : track.sweeps()) {
                SweepAnnotation annotation = annotations.getOrDefault(record.id(), SweepAnnotation.NONE);
                lines.add(new Line(SweepSummary.of(record, track.lines(record), annotation), record.createdAt()));
            }
        }
        return lines;
    }

    private TextTable table(List<Line> lines) {
        List<String> header = new ArrayList<>(List.of("sweep", "name", "state", "finished", "best", "started"));
        boolean archived = lines.stream().anyMatch(line -> line.sweep().archived());
        boolean tags = lines.stream().anyMatch(line -> !line.sweep().tags().isEmpty());
        if (tags) {
            header.add("tags");
        }
        if (archived) {
            header.add("archived");
        }
        TextTable table = new TextTable(header, Set.of(3, 4));
        for (Line line : lines) {
            SweepSummary sweep = line.sweep();
            Double best = sweep.bestValue();
            List<String> row = new ArrayList<>(List.of(
                    sweep.id(),
                    sweep.name(),
                    sweep.state(),
                    sweep.finished() + "/" + sweep.trials(),
                    best == null ? "-" : Words.metric(sweep.metric(), best),
                    TIME.format(line.started())));
            if (tags) {
                row.add(String.join(", ", sweep.tags()));
            }
            if (archived) {
                row.add(sweep.archived() ? "archived" : "");
            }
            table.row(row);
        }
        return table;
    }
}
