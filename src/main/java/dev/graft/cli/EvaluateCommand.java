package dev.graft.cli;

import dev.graft.analysis.ClassReport;
import dev.graft.data.LabelledFolder;
import dev.graft.export.Bundle;
import dev.graft.export.BundleEvaluation;
import dev.graft.spec.Problem;
import dev.graft.train.Evaluation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

/** {@code graft evaluate}. */
@Command(
        name = "evaluate",
        description = "Measure a bundle on a folder with one folder of images per class.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class EvaluateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "BUNDLE", description = "a folder written by graft export")
    private Path bundleFolder;

    @Parameters(index = "1", paramLabel = "FOLDER", description = "a folder with class folders")
    private Path folder;

    @Option(names = "--known-classes", description = "leave out folders of classes that the model does not know")
    private boolean knownClasses;

    @Mixin
    private Places.Json json;

    @Override
    public Integer call() {
        try (Bundle bundle = Bundle.open(bundleFolder, Places.threads())) {
            LabelledFolder labelled = LabelledFolder.open(folder, bundle.labels(), knownClasses);
            BundleEvaluation result = BundleEvaluation.of(bundle, labelled.images());
            List<Problem> skipped = new ArrayList<>(labelled.skipped());
            skipped.addAll(result.skipped());
            skipped.forEach(problem -> spec.commandLine().getErr().println(problem + " (skipped)"));
            print(bundle.labels(), result.evaluation(), skipped.size());
        }
        return ExitCode.OK;
    }

    private void print(List<String> labels, Evaluation evaluation, int skipped) {
        var out = spec.commandLine().getOut();
        if (json.wanted) {
            Map<String, @Nullable Object> node = new LinkedHashMap<>();
            node.put("images", evaluation.images());
            node.put("skipped", skipped);
            node.put("accuracy", evaluation.accuracy());
            node.put("loss", evaluation.loss());
            node.put("macro_f1", evaluation.macroF1());
            node.put("confusion", evaluation.confusion());
            node.put("labels", labels);
            out.println(JsonOutput.of(node));
            return;
        }
        out.println("accuracy " + Words.metric("accuracy", evaluation.accuracy()) + " on "
                + Words.plural(evaluation.images(), "image") + ", macro F1 "
                + Words.metric("f1", evaluation.macroF1()) + ", loss " + Words.metric("loss", evaluation.loss()));
        out.println();
        TextTable table = new TextTable(List.of("class", "images", "precision", "recall", "F1"), Set.of(1, 2, 3, 4));
        for (ClassReport.Row row :
                ClassReport.of(labels, evaluation.confusion()).rows()) {
            table.row(List.of(
                    row.name(),
                    String.valueOf(row.support()),
                    Words.metric("f1", row.precision()),
                    Words.metric("f1", row.recall()),
                    Words.metric("f1", row.f1())));
        }
        table.lines().forEach(out::println);
    }
}
