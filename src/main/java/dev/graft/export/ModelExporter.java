package dev.graft.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.base.BaseWeights;
import dev.graft.base.Catalogue;
import dev.graft.base.Network;
import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.ImageFolder;
import dev.graft.data.LabelledImage;
import dev.graft.fetch.FolderTree;
import dev.graft.onnx.OnnxExporter;
import dev.graft.run.BundleWriting;
import dev.graft.run.Home;
import dev.graft.run.KeptModels;
import dev.graft.run.Provenance;
import dev.graft.run.TrialModels;
import dev.graft.spec.Parameters;
import dev.graft.spec.PlainText;
import dev.graft.spec.SweepFile;
import dev.graft.spec.SweepFileException;
import dev.graft.spec.TrialParameters;
import dev.graft.track.EpochRecord;
import dev.graft.track.Prediction;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import dev.graft.train.Evaluation;
import dev.graft.train.Head;
import dev.graft.train.TrainedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/**
 * Writes the model of a trial as a bundle. The model is the one that was measured: frozen base, the kept epoch's tail
 * and head. The bundle takes its name only after both its models were loaded again and agreed, with each other and with
 * what the trial recorded.
 */
public final class ModelExporter {

    /** The files of a bundle, as it is handed on. */
    static final List<String> FILES = List.of(
            "README.md", "labels.txt", MetricsFile.NAME, Bundle.MODEL, "model.zip", Bundle.PREPROCESSING, "sweep.yaml");

    private final TrackReader track;
    private final TrialModels models;
    private final Catalogue catalogue;
    private final Home home;
    private final int threads;

    /** Reads from a results directory and finds base weights through the catalogue. */
    public ModelExporter(TrackReader track, TrialModels models, Catalogue catalogue, Home home, int threads) {
        this.track = track;
        this.models = models;
        this.catalogue = catalogue;
        this.home = home;
        this.threads = threads;
    }

    /**
     * What an export found.
     *
     * @param folder the bundle
     * @param check how well its models agree
     * @param test the test split's metrics, empty where there is none
     * @param notes what the user should know, for example that the data was not there to check against
     */
    public record Export(Path folder, ParityCheck check, Optional<Evaluation> test, List<String> notes) {}

    /** What an export does, in this order. */
    public enum Step {
        /** Reads the base's weights and puts the network together. */
        ASSEMBLE("putting the network together"),
        /** Writes the ONNX and Deeplearning4j files. */
        WRITE("writing the ONNX and Deeplearning4j files"),
        /** Finds the sweep's images and loads both models again. */
        COMPARE("comparing both with what the trial recorded"),
        /** Measures the test split, where there is one. */
        TEST("measuring on the test images"),
        /** Writes metrics and model card, and gives the bundle its name. */
        FINISH("writing the model card");

        private final String words;

        Step(String words) {
            this.words = words;
        }

        /** Returns what is being done. */
        public String words() {
            return words;
        }
    }

    /** Returns why a trial cannot be exported, and what to do; empty where nothing speaks against it. */
    public Optional<String> obstacle(TrialRecord trial) {
        if (trial.state() != TrialState.FINISHED) {
            return Optional.of("trial " + trial.id() + " is "
                    + trial.state().word()
                    + "; only a finished trial has a model to export");
        }
        return models.has(trial.id()) ? Optional.empty() : Optional.of(notKept(trial));
    }

    /**
     * Exports a finished trial.
     *
     * @param to a folder that does not exist yet, or is empty
     * @throws ExportException when the trial has no model, or the models disagree; nothing is left behind then
     */
    public Export export(TrialRecord trial, Path to) {
        return export(trial, to, step -> {});
    }

    /** Exports a finished trial, and tells of each step as it begins. */
    Export export(TrialRecord trial, Path to, Consumer<Step> progress) {
        Path target = to.toAbsolutePath().normalize();
        if (trial.state() == TrialState.FINISHED) {
            requireFree(target);
        }
        obstacle(trial).ifPresent(reason -> {
            throw new ExportException(reason);
        });
        SweepRecord sweep = track.sweep(trial.sweepId());
        progress.accept(Step.ASSEMBLE);
        TrialParameters parameters = Parameters.from(trial.parameters());
        Catalogue.Entry entry = catalogue.found(parameters.base());
        BaseWeights weights = weights(entry, sweep);
        String recorded = sweep.provenance().get("weights_sha256." + parameters.base());
        if (!weights.digest().equals(recorded)) {
            throw new ExportException("the weights of " + parameters.base()
                    + " on this machine are not those the trial was trained with (digest of values " + weights.digest()
                    + ", but was " + recorded + ")");
        }
        Network network = entry.architecture().network(parameters.imageSize());
        ComputationGraph graph = TrainedModel.assemble(
                network,
                weights,
                models.load(trial.id()),
                parameters,
                sweep.classes().size());
        try {
            Files.createDirectories(parent(target));
            try (BundleWriting writing = BundleWriting.of(target)) {
                // Not createTempDirectory: that one is readable by its owner alone, and keeps being so when renamed.
                Path work = Files.createDirectory(writing.folder());
                try {
                    progress.accept(Step.WRITE);
                    Export export = fill(work, target, graph, sweep, trial, parameters, entry, progress);
                    Files.deleteIfExists(target);
                    Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
                    return export;
                } finally {
                    FolderTree.delete(work);
                }
            }
        } catch (IOException e) {
            throw new ExportException("cannot write " + target + ": " + e.getMessage(), e);
        } finally {
            graph.close();
        }
    }

    /** Loads the weights of a base; a user's own from where they were then. */
    private BaseWeights weights(Catalogue.Entry entry, SweepRecord sweep) {
        String own = sweep.provenance().get(Provenance.OWN_WEIGHTS + entry.name());
        return own == null ? catalogue.load(entry.name()) : BaseWeights.read(entry.architecture(), Path.of(own));
    }

    private Export fill(
            Path work,
            Path target,
            ComputationGraph graph,
            SweepRecord sweep,
            TrialRecord trial,
            TrialParameters parameters,
            Catalogue.Entry entry,
            Consumer<Step> progress)
            throws IOException {
        int size = parameters.imageSize();
        byte[] onnx = OnnxExporter.export(graph, InputType.convolutional(size, size, 3), List.of(Head.OUTPUT));
        Files.write(work.resolve(Bundle.MODEL), onnx);
        ModelSerializer.writeModel(graph, work.resolve("model.zip").toFile(), false);
        PreprocessingFile preprocessing = PreprocessingFile.of(
                entry.architecture().preprocessing(),
                size,
                centerCrop(sweep),
                Network.INPUT,
                Head.OUTPUT,
                sweep.classes());
        Bundle.JSON
                .writerWithDefaultPrettyPrinter()
                .writeValue(work.resolve(Bundle.PREPROCESSING).toFile(), preprocessing);
        Files.writeString(work.resolve("labels.txt"), labelLines(sweep.classes()));
        Files.writeString(work.resolve("sweep.yaml"), sweep.fileText());

        progress.accept(Step.COMPARE);
        List<Prediction> predictions = track.predictions(trial.id());
        Optional<Dataset> dataset = dataset(sweep);
        List<String> notes = dataset.isPresent()
                ? List.of()
                : List.of("the images of the sweep are not there as they were: the models were compared on made-up"
                        + " pixels, and no test split was evaluated");
        ParityCheck check;
        Optional<Evaluation> test = Optional.empty();
        try (Bundle bundle = Bundle.open(work, threads)) {
            List<LabelledImage> validation = dataset.map(Dataset::validation).orElse(List.of());
            check = ParityCheck.of(bundle, work.resolve("model.zip"), validation, predictions);
            check.require();
            List<LabelledImage> testImages = dataset.map(Dataset::test).orElse(List.of());
            if (!testImages.isEmpty()) {
                progress.accept(Step.TEST);
                test = Optional.of(BundleEvaluation.of(bundle, testImages).evaluation());
            }
        }
        progress.accept(Step.FINISH);
        Map<String, Double> kept = keptMetrics(trial);
        ObjectNode metrics = MetricsFile.of(sweep, trial, kept, predictions, test, check);
        Bundle.JSON
                .writerWithDefaultPrettyPrinter()
                .writeValue(work.resolve(MetricsFile.NAME).toFile(), metrics);
        Files.writeString(
                work.resolve("README.md"),
                new ModelCard(sweep, trial, parameters, entry, kept, predictions, test, check).text(),
                StandardCharsets.UTF_8);
        return new Export(target, check, test, notes);
    }

    /** Returns the metrics of the epoch whose weights are kept: the best one's, unless the file says otherwise. */
    private Map<String, Double> keptMetrics(TrialRecord trial) {
        return track.epochs(trial.id()).stream()
                .filter(epoch -> epoch.epoch() == trial.keptEpoch())
                .findFirst()
                .map(EpochRecord::metrics)
                .orElseThrow(() -> new ExportException("trial " + trial.id() + " has no record of its kept epoch"));
    }

    private static OptionalDouble centerCrop(SweepRecord sweep) {
        String fraction = sweep.provenance().get(Provenance.CENTER_CROP);
        return fraction == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(fraction));
    }

    /** Opens the sweep's images again, if they are still the same. */
    private Optional<Dataset> dataset(SweepRecord sweep) {
        Path folder = Path.of(sweep.provenance().getOrDefault("data_folder", ""));
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try {
            var file = SweepFile.parse(sweep.fileName(), sweep.fileText(), catalogue)
                    .sweep();
            Dataset dataset = ImageFolder.open(file.data(), folder, file.seed(), Optional.of(home.imageChecks()));
            return dataset.digest().equals(sweep.provenance().get("dataset_sha256"))
                    ? Optional.of(dataset)
                    : Optional.empty();
        } catch (DataException | SweepFileException e) {
            return Optional.empty();
        }
    }

    private String notKept(TrialRecord trial) {
        SweepRecord sweep = track.sweep(trial.sweepId());
        OptionalInt keep = KeptModels.setting(sweep, catalogue);
        return "trial " + trial.id() + " has no weights to export: " + models.file(trial.id())
                + " does not exist"
                + (keep.isEmpty()
                        ? ""
                        : "; its sweep keeps the weights of its " + keep.getAsInt() + " best trials (keep_models: "
                                + keep.getAsInt() + ")")
                + ". A new sweep makes them again: graft run " + sweep.fileName()
                + " --retrain, with keep_models: all in it"
                + " where this trial is not among the best";
    }

    /** One line for each class, whatever it is called; {@code preprocessing.json} has the names to the letter. */
    static String labelLines(List<String> classes) {
        return classes.stream().map(PlainText::of).collect(Collectors.joining("\n", "", "\n"));
    }

    private static void requireFree(Path target) {
        try {
            if (Files.isDirectory(target)) {
                try (Stream<Path> entries = Files.list(target)) {
                    if (entries.findAny().isPresent()) {
                        throw new ExportException(target + " is not empty; name a new folder with --to");
                    }
                }
            } else if (Files.exists(target)) {
                throw new ExportException(target + " is a file; name a folder with --to");
            }
        } catch (IOException e) {
            throw new ExportException("cannot look into " + target + ": " + e.getMessage(), e);
        }
    }

    private static Path parent(Path target) {
        Path parent = target.getParent();
        if (parent == null) {
            throw new ExportException("cannot export to " + target);
        }
        return parent;
    }
}
