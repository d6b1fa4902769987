package dev.graft.cli;

import dev.graft.data.DataException;
import dev.graft.export.Bundle;
import dev.graft.spec.PlainText;
import dev.graft.train.Evaluation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft predict}. */
@Command(name = "predict", description = "Say what a bundle sees in images.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class PredictCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "BUNDLE", description = "a folder written by graft export")
    private Path bundleFolder;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "image files")
    private List<Path> images;

    @Mixin
    private Places.Json json;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        boolean failed = false;
        try (Bundle bundle = Bundle.open(bundleFolder, Places.threads())) {
            for (Path image : images) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                row.put("path", image.toString());
                try {
                    float[] probabilities = bundle.predict(image);
                    int best = Evaluation.likeliest(probabilities, 0, probabilities.length);
                    Map<String, Float> byLabel = new LinkedHashMap<>();
                    for (int i = 0; i < probabilities.length; i++) {
                        byLabel.put(bundle.labels().get(i), probabilities[i]);
                    }
                    row.put("label", bundle.labels().get(best));
                    row.put("probabilities", byLabel);
                    if (!json.wanted) {
                        out.println(
                                TextTable.oneLine(image + ": " + bundle.labels().get(best)) + ", "
                                        + Words.metric("accuracy", probabilities[best]));
                    }
                } catch (DataException e) {
                    failed = true;
                    row.put("label", null);
                    row.put("probabilities", Map.of());
                    row.put("error", e.getMessage());
                    spec.commandLine().getErr().println(PlainText.of(String.valueOf(e.getMessage())));
                }
                rows.add(row);
            }
        }
        if (json.wanted) {
            out.println(JsonOutput.of(rows));
        }
        return failed ? ExitCode.ENVIRONMENT : ExitCode.OK;
    }
}
