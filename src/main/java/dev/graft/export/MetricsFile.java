package dev.graft.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.analysis.Confusion;
import dev.graft.track.Prediction;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import dev.graft.train.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code metrics.json}: what was measured, and how. */
final class MetricsFile {

    static final String NAME = "metrics.json";

    private static final long MOST_BYTES = 64L << 20;

    private MetricsFile() {}

    /** Reads what a bundle says of the test images; empty where there were none, or it cannot be read. */
    static Optional<TrialBundles.TestFigure> test(Path bundle) {
        Path file = bundle.resolve(NAME);
        try {
            if (Files.size(file) > MOST_BYTES) {
                return Optional.empty();
            }
            JsonNode test = Bundle.JSON.readTree(Files.readAllBytes(file)).path("test");
            long images = test.path("images").asLong();
            double accuracy = test.path("accuracy").asDouble(Double.NaN);
            return images > 0 && accuracy >= 0 && accuracy <= 1
                    ? Optional.of(new TrialBundles.TestFigure(images, accuracy))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static ObjectNode of(
            SweepRecord sweep,
            TrialRecord trial,
            Map<String, Double> kept,
            List<Prediction> predictions,
            Optional<Evaluation> test,
            ParityCheck check) {
        ObjectNode node = Bundle.JSON.createObjectNode();
        node.put("sweep", sweep.id());
        node.put("trial", trial.id());
        node.put("metric", sweep.metric());
        node.put("goal", sweep.goal());
        node.put("kept_epoch", trial.keptEpoch());
        node.put("seed", trial.seed());
        node.set("parameters", Bundle.JSON.valueToTree(trial.parameters()));
        node.set("labels", Bundle.JSON.valueToTree(sweep.classes()));
        ObjectNode validation = node.putObject("validation");
        validation.put("images", predictions.size());
        kept.forEach((name, value) -> validation.put(name.equals("loss") ? "train_loss" : name, value));
        validation.set(
                "confusion",
                Bundle.JSON.valueToTree(
                        Confusion.of(predictions, sweep.classes().size())));
        test.ifPresent(evaluation -> {
            ObjectNode split = node.putObject("test");
            split.put("images", evaluation.images());
            split.put("loss", evaluation.loss());
            split.put("accuracy", evaluation.accuracy());
            split.put("macro_f1", evaluation.macroF1());
            split.set("confusion", Bundle.JSON.valueToTree(evaluation.confusion()));
        });
        node.set("parity", Bundle.JSON.valueToTree(check));
        node.set("provenance", Bundle.JSON.valueToTree(new TreeMap<>(sweep.provenance())));
        return node;
    }
}
