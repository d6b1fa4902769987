package dev.graft.cli;

import dev.graft.analysis.AttemptView;
import dev.graft.track.EpochRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft trial}. */
@Command(name = "trial", description = "Show one trial, epoch by epoch.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class TrialCommand implements Callable<Integer> {

    private static final List<String> METRICS =
            List.of("loss", "val_loss", "val_accuracy", "val_macro_f1", "learning_rate");

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "TRIAL", description = "a trial's id, as in k3v9x2ab-7, or latest-7")
    private String reference;

    @Option(names = "--log", description = "show the end of the log of attempts that came to nothing")
    private boolean log;

    @Mixin
    private Places.Results results;

    @Mixin
    private Places.Json json;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        try (TrackReader track = Tracking.openAsItStands(results.path, InstantSource.system())) {
            TrialRecord trial = References.trial(track, reference);
            List<EpochRecord> epochs = track.epochs(trial.id());
            List<AttemptView> attempts = AttemptView.of(track.attempts(trial.id()));
            if (json.wanted) {
                out.println(JsonOutput.of(json(trial, epochs, attempts)));
                return ExitCode.OK;
            }
            out.println("trial " + trial.id() + ", " + trial.state().word()
                    + (trial.reason().isEmpty() ? "" : ": " + TextTable.oneLine(trial.reason())));
            trial.parameters().forEach((name, value) -> out.println("  " + name + ": " + Words.value(value)));
            out.println("  seed: " + trial.seed());
            trial.modelWeights()
                    .ifPresent(
                            weights -> out.println("  model weights: " + String.format(Locale.ROOT, "%,d", weights)));
            out.println("features " + trial.featureGroup() + (trial.cacheHit() ? ", found in the cache" : ""));
            trial.seconds().forEach((part, seconds) -> out.println("  " + part + ": " + Words.seconds(seconds)));
            attempts(attempts).forEach(out::println);
            out.println();
            List<String> header = new ArrayList<>(List.of("epoch", "phase"));
            header.addAll(METRICS);
            TextTable table = new TextTable(header, Set.of(0, 1, 2, 3, 4, 5, 6));
            for (EpochRecord epoch : epochs) {
                List<String> cells = new ArrayList<>(List.of(
                        epoch.epoch() + (epoch.epoch() == trial.keptEpoch() ? " *" : "  "),
                        String.valueOf(epoch.phase())));
                for (String metric : METRICS) {
                    cells.add(Words.metric(metric, epoch.metrics().getOrDefault(metric, Double.NaN)));
                }
                table.row(cells);
            }
            table.lines().forEach(out::println);
            if (trial.keptEpoch() > 0) {
                out.println("* the epoch whose weights are kept");
            }
        }
        return ExitCode.OK;
    }

    /** Says what came of attempts, where one alone did not do. */
    private List<String> attempts(List<AttemptView> attempts) {
        List<String> lines = new ArrayList<>();
        for (AttemptView attempt : attempts) {
            if (attempts.size() > 1 || !attempt.log().isEmpty()) {
                lines.add("attempt " + attempt.attempt() + " " + attempt.state()
                        + (attempt.worker().isEmpty() ? "" : " (" + TextTable.oneLine(attempt.worker()) + ")")
                        + (attempt.reason().isEmpty() ? "" : ": " + TextTable.oneLine(attempt.reason()))
                        + (attempt.log().isEmpty() || log ? "" : "; --log shows the end of its log"));
            }
            if (log) {
                attempt.log().lines().forEach(line -> lines.add("  | " + TextTable.oneLine(line)));
            }
        }
        return lines;
    }

    private static Map<String, @Nullable Object> json(
            TrialRecord trial, List<EpochRecord> epochs, List<AttemptView> attempts) {
        Map<String, @Nullable Object> node = new LinkedHashMap<>();
        node.put("id", trial.id());
        node.put("sweep", trial.sweepId());
        node.put("number", trial.number());
        node.put("state", trial.state().word());
        node.put("reason", trial.reason());
        node.put("parameters", trial.parameters());
        node.put("seed", trial.seed());
        node.put("feature_group", trial.featureGroup());
        node.put("cache", Map.of("hit", trial.cacheHit()));
        node.put("kept_epoch", trial.keptEpoch());
        node.put("seconds", trial.seconds());
        node.put(
                "model_weights",
                trial.modelWeights().isPresent() ? trial.modelWeights().getAsLong() : null);
        node.put("attempts", attempts);
        node.put(
                "epochs",
                epochs.stream()
                        .map(epoch -> {
                            Map<String, @Nullable Object> one = new LinkedHashMap<>();
                            one.put("epoch", epoch.epoch());
                            one.put("phase", epoch.phase());
                            Map<String, @Nullable Double> metrics = new LinkedHashMap<>();
                            epoch.metrics()
                                    .forEach((name, value) -> metrics.put(name, Double.isFinite(value) ? value : null));
                            one.put("metrics", metrics);
                            one.put("classes", epoch.classes());
                            return one;
                        })
                        .toList());
        return node;
    }
}
