package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.analysis.Leaderboard;
import dev.graft.track.EpochRecord;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ShowCommandTest {

    @TempDir
    Path results;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Trials alternate between two bases; the first has failed, all others have finished, the later the better. */
    private void record(int count) {
        List<TrialRecord> trials = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("base", number % 2 == 0 ? "vgg16" : "sprout");
            parameters.put("dropout", number == 1 ? 0.5 : 0.0);
            trials.add(TrialRecord.waiting("aaaaaaaa", number, parameters, 1, ""));
        }
        try (TrackWriter writer = Tracking.open(results, InstantSource.system())) {
            writer.createSweep(
                    new SweepRecord(
                            "aaaaaaaa",
                            "clothing",
                            SweepState.RUNNING,
                            "",
                            "grid",
                            "val_accuracy",
                            "maximize",
                            "clothing.yaml",
                            "name: clothing\n",
                            List.of("dress", "hat"),
                            Instant.parse("2026-01-02T03:04:05Z"),
                            Optional.empty(),
                            0,
                            0,
                            Map.of()),
                    trials);
            for (TrialRecord trial : trials) {
                writer.startTrial(trial.id(), "", false, "worker 1");
                if (trial.number() == 1) {
                    writer.endTrial(trial.id(), TrialState.FAILED, "loss is NaN", Map.of(), "");
                    continue;
                }
                double accuracy = (double) trial.number() / count;
                writer.addEpoch(trial.id(), new EpochRecord(1, 1, Map.of("val_accuracy", accuracy), List.of()));
                writer.endTrial(trial.id(), TrialState.FINISHED, "", Map.of("total", 1.0), "");
            }
            writer.endSweep("aaaaaaaa", SweepState.FINISHED, "");
        }
    }

    private int show(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--results", results.toString()));
        all.addAll(List.of(arguments));
        return new CommandLine(new ShowCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler(new Failures())
                .execute(all.toArray(String[]::new));
    }

    @Test
    void showsTheTrialsThatMeetAConditionWithThePlacesTheyHaveAmongAll() {
        record(5);
        assertThat(show("--filter", "base = sprout and val_accuracy >= 60%")).isEqualTo(ExitCode.OK);
        assertThat(out.toString().lines().skip(3))
                .containsExactly(
                        "#  trial  val_accuracy    base  dropout  kept/epochs   time  state",
                        "1      5       100.0 %  sprout        0          0/1  1.0 s  finished",
                        "3      3        60.0 %  sprout        0          0/1  1.0 s  finished",
                        "",
                        "2 of 5 trials meet the condition");
    }

    @Test
    void pointsAtWhatIsWrongWithACondition() {
        record(2);
        assertThat(show("--filter", "base = sprout and acuracy > 0.5")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .startsWith("--filter: trials have no acuracy; ")
                .endsWith("\n  base = sprout and acuracy > 0.5\n                    ^\n");
    }

    @Test
    void saysOfALongTableWhatItDoesNotShow() {
        record(203);
        assertThat(show()).isEqualTo(ExitCode.OK);
        List<String> lines = out.toString().lines().toList();
        // The failed trial, which alone has another dropout, is not among the best 200, but its column is there.
        assertThat(lines.get(3)).contains("dropout");
        assertThat(lines).hasSize(3 + 1 + 200 + 2);
        assertThat(lines.get(lines.size() - 1))
                .isEqualTo("the best 200 of 203 trials; --all shows every one, --filter \"state in (failed, crashed)\""
                        + " the 1 that failed");
    }

    @Test
    void showsTheBestAsItWouldIfItHadReadAll() {
        record(230);
        assertThat(show()).isEqualTo(ExitCode.OK);
        try (TrackReader track = Tracking.openReadOnly(results)) {
            SweepRecord sweep = track.sweep("latest");
            Leaderboard board = Leaderboard.of(sweep, track.trials(sweep.id()));
            assertThat(out.toString().lines().skip(3).limit(201))
                    .containsExactlyElementsOf(LeaderboardText.lines(board.only(trial -> true, 200), false));
        }
        out.getBuffer().setLength(0);
        assertThat(show("--filter", "number > 0")).isEqualTo(ExitCode.OK);
        String filtered = out.toString();
        out.getBuffer().setLength(0);
        assertThat(show()).isEqualTo(ExitCode.OK);
        assertThat(out.toString().lines().limit(204))
                .containsExactlyElementsOf(filtered.lines().limit(204).toList());
    }

    @Test
    void showsEveryTrialOfALongTableWhereAskedTo() {
        record(203);
        assertThat(show("--all")).isEqualTo(ExitCode.OK);
        assertThat(out.toString().lines()).hasSize(3 + 1 + 203);
        assertThat(out.toString()).contains("failed: loss is NaN").doesNotContain("--all");
    }

    @Test
    void writesTheTrialsThatMeetAConditionAsJson() throws Exception {
        record(5);
        assertThat(show("--json", "--filter", "state = failed")).isEqualTo(ExitCode.OK);
        JsonNode sweep = new ObjectMapper().readTree(out.toString());
        assertThat(sweep.path("trials").findValuesAsText("number")).containsExactly("1");
        assertThat(sweep.path("best_trial").asText()).isEqualTo("aaaaaaaa-5");
    }
}
