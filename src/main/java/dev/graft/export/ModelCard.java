package dev.graft.export;

import dev.graft.analysis.ClassReport;
import dev.graft.analysis.Confusion;
import dev.graft.analysis.WilsonInterval;
import dev.graft.base.Catalogue;
import dev.graft.run.Provenance;
import dev.graft.spec.BaseName;
import dev.graft.spec.PlainText;
import dev.graft.spec.TrialParameters;
import dev.graft.track.Prediction;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import dev.graft.train.Evaluation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The bundle's README: what the model is, what it was measured at, and what it is not for. */
record ModelCard(
        SweepRecord sweep,
        TrialRecord trial,
        TrialParameters parameters,
        Catalogue.Entry entry,
        Map<String, Double> kept,
        List<Prediction> predictions,
        Optional<Evaluation> test,
        ParityCheck check) {

    String text() {
        StringBuilder card = new StringBuilder();
        card.append("# ")
                .append(plain(sweep.name()))
                .append(", trial ")
                .append(trial.number())
                .append("\n\n");
        card.append("An image classifier with %d classes: a head%s on the base `%s`, trained by Graft %s.%s\n\n"
                .formatted(
                        sweep.classes().size(),
                        parameters.fineTuneDepth() > 0
                                ? (parameters.fineTuneDepth() == 1
                                        ? " and the last block"
                                        : " and the last " + parameters.fineTuneDepth() + " blocks")
                                : "",
                        code(base()),
                        provenance("graft"),
                        size()));
        measured(card);
        classes(card);
        confusion(card);
        howTrained(card);
        use(card);
        limits(card);
        return card.toString();
    }

    private void measured(StringBuilder card) {
        card.append("## Measured\n\n| split | images | accuracy | 95 % interval | macro F1 | loss |\n");
        card.append("|---|---:|---:|---|---:|---:|\n");
        int[][] confusion = Confusion.of(predictions, sweep.classes().size());
        long correct = 0;
        for (int i = 0; i < confusion.length; i++) {
            correct += confusion[i][i];
        }
        Map<String, Double> metrics =
                trial.best().map(TrialRecord.Epoch::metrics).orElse(Map.of());
        row(
                card,
                "validation",
                predictions.size(),
                correct,
                kept.getOrDefault("val_macro_f1", Double.NaN),
                kept.getOrDefault("val_loss", Double.NaN));
        test.ifPresent(evaluation -> {
            long right = 0;
            for (int i = 0; i < evaluation.classes(); i++) {
                right += evaluation.correct(i);
            }
            row(card, "test", evaluation.images(), right, evaluation.macroF1(), evaluation.loss());
        });
        card.append("\nThe model was chosen among %s by its best epoch's `%s` on the validation images,"
                        .formatted("the trials of a sweep", sweep.metric())
                + " which makes the validation figures somewhat too good"
                + (test.isPresent()
                        ? "; the test images were used once, for this table.\n\n"
                        : "; there was no test split to correct that.\n\n"));
    }

    private String size() {
        return trial.modelWeights().isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        " It has %,d weights.",
                        trial.modelWeights().getAsLong());
    }

    private static void row(StringBuilder card, String split, int images, long correct, double macroF1, double loss) {
        WilsonInterval interval = WilsonInterval.of(correct, images);
        card.append(String.format(
                Locale.ROOT,
                "| %s | %d | %.1f %% | %.1f %% to %.1f %% | %.3f | %.4f |%n",
                split,
                images,
                100.0 * correct / images,
                100 * interval.low(),
                100 * interval.high(),
                macroF1,
                loss));
    }

    private void classes(StringBuilder card) {
        card.append("## Classes (validation)\n\n| class | images | precision | recall | F1 |\n");
        card.append("|---|---:|---:|---:|---:|\n");
        int[][] confusion = Confusion.of(predictions, sweep.classes().size());
        for (ClassReport.Row row : ClassReport.of(sweep.classes(), confusion).rows()) {
            card.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %.3f | %.3f | %.3f |%n",
                    plain(row.name()),
                    row.support(),
                    row.precision(),
                    row.recall(),
                    row.f1()));
        }
        card.append('\n');
    }

    private void confusion(StringBuilder card) {
        card.append("## Confusion (validation; rows are what the images are, columns what was predicted)\n\n|  |");
        sweep.classes().forEach(name -> card.append(' ').append(plain(name)).append(" |"));
        card.append("\n|---|").append("---:|".repeat(sweep.classes().size())).append('\n');
        int[][] confusion = Confusion.of(predictions, sweep.classes().size());
        for (int i = 0; i < confusion.length; i++) {
            card.append("| ").append(plain(sweep.classes().get(i))).append(" |");
            for (int count : confusion[i]) {
                card.append(' ').append(count).append(" |");
            }
            card.append('\n');
        }
        card.append('\n');
    }

    private void howTrained(StringBuilder card) {
        card.append("## Training\n\n");
        trial.parameters()
                .forEach((name, value) -> card.append("- `")
                        .append(name)
                        .append("`: ")
                        .append(plain(String.valueOf(value)))
                        .append('\n'));
        if (sweep.provenance().containsKey(Provenance.CENTER_CROP)) {
            card.append("- `data.center_crop`: ")
                    .append(provenance(Provenance.CENTER_CROP))
                    .append('\n');
        }
        card.append("- seed: ").append(trial.seed()).append('\n');
        card.append("- kept epoch: ")
                .append(trial.keptEpoch())
                .append(" of ")
                .append(trial.epochs())
                .append('\n');
        card.append("- training images: ").append(provenance("train_images")).append("; data set SHA-256 `");
        card.append(provenance("dataset_sha256")).append("`\n");
        card.append("- base weights, digest of their values (not of the file) `")
                .append(provenance("weights_sha256." + parameters.base()))
                .append("`\n- the whole sweep file is `sweep.yaml`; machine and versions are in `metrics.json`\n\n");
    }

    private void use(StringBuilder card) {
        card.append("## Use\n\n`graft predict . photo.jpg`, or any ONNX runtime with `model.onnx`: input"
                + " `input`, `[batch, 3, " + parameters.imageSize() + ", " + parameters.imageSize()
                + "]` floats prepared as `preprocessing.json` says; output `head_predictions`, `[batch, "
                + sweep.classes().size() + "]` probabilities in the order of `labels.txt`. `model.zip` is the same"
                + " network for Deeplearning4j"
                + (parameters.fineTuneDepth() > 0
                        ? ", batch normalisation of the fine-tuned blocks folded into their convolutions"
                        : "")
                + String.format(
                        Locale.ROOT,
                        ". Loaded again, the two differed by at most %.1e in any probability on %d images.%n%n",
                        check.engineDifference(),
                        check.engineImages()));
    }

    private void limits(StringBuilder card) {
        card.append("## Limits and licences\n\nIt knows only the classes above and gives one of them to any image."
                + " Figures hold for images like those of the data set; nobody has looked at fairness, at hostile"
                + " images or at other cameras. Base weights: "
                + BaseName.parse(parameters.base())
                        .weights()
                        .map(own -> "`" + code(fileName(own)) + "`, under whatever licence they came to you")
                        .orElse(entry.licence() + " (" + entry.source() + ")")
                + ". The licence of the training images is that of their owner.\n");
    }

    /** Returns the base's name with the file name alone of weights of the user's own: cards are handed on. */
    private String base() {
        BaseName name = BaseName.parse(parameters.base());
        return new BaseName(name.architecture(), name.alpha(), name.weights().map(ModelCard::fileName)).toString();
    }

    private static String fileName(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    private String provenance(String name) {
        return sweep.provenance().getOrDefault(name, "unknown");
    }

    /** Keeps user-made text within the backticks around it. */
    private static String code(String text) {
        return PlainText.of(text).replace('`', '\'');
    }

    /** Keeps user-made text from being read as Markdown or HTML. */
    private static String plain(String text) {
        return PlainText.of(text).replaceAll("([\\\\`*_{}\\[\\]<>()#+!|~&:@])", "\\\\$1");
    }
}
