package dev.graft;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.base.Catalogue;
import dev.graft.base.PseudoRandomWeights;
import dev.graft.base.Safetensors;
import dev.graft.data.Dataset;
import dev.graft.export.Bundle;
import dev.graft.export.ModelExporter;
import dev.graft.fetch.Fetcher;
import dev.graft.run.Home;
import dev.graft.run.Stopping;
import dev.graft.run.SweepListener;
import dev.graft.run.SweepRunner;
import dev.graft.run.SweepSetup;
import dev.graft.run.TrialModels;
import dev.graft.run.WorkerLaunch;
import dev.graft.search.Trials;
import dev.graft.spec.BaseName;
import dev.graft.spec.Parameters;
import dev.graft.spec.SweepFile;
import dev.graft.spec.TrialParameters;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example, made small: few drawn images, the least image size, two epochs, its own settings otherwise. */
class ExampleSweepsIT {

    private static final int MOST_TRIALS = 4;
    private static final int FEW_IMAGES = 20;
    private static final int THREADS = 2;
    private static final WorkerLaunch WORKER = new WorkerLaunch(
            List.of("dev.graft.cli.Graft", "worker"), List.of(), 1, THREADS, WorkerLaunch.DEFAULT_SILENCE);
    private static final Fetcher OFFLINE = Fetcher.offline();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    static Stream<Path> recipes() throws IOException {
        return ExampleSweepsTest.sweepFiles()
                .filter(file -> !file.endsWith("quickstart.yaml")) // SweepIT runs that one whole
                .filter(file -> !file.endsWith("all-bases.yaml")); // no recipe, and run below
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void runsOnAnotherBaseFromTheFileToAPrediction(Path file) throws IOException {
        Catalogue catalogue = new Catalogue(List.of());
        SweepFile.Parsed parsed =
                SweepFile.parse(file.getFileName().toString(), small(Files.readString(file), "sprout", 32), catalogue);
        assertThat(parsed.warnings()).isEmpty();
        Home home = new Home(folder.resolve("home"));
        SweepSetup setup = SweepSetup.prepare(
                parsed, folder.resolve("x.yaml"), catalogue, home, OFFLINE, OptionalInt.of(MOST_TRIALS));
        List<TrialRecord> trials = run(setup);
        // The last of those whose weights are kept.
        TrialRecord last = trials.stream()
                .filter(trial -> new TrialModels(results()).has(trial.id()))
                .reduce((earlier, later) -> later)
                .orElseThrow();
        Path bundle = folder.resolve("bundle");
        try (TrackReader track = Tracking.openReadOnly(results())) {
            ModelExporter.Export export =
                    new ModelExporter(track, new TrialModels(results()), catalogue, home, THREADS).export(last, bundle);
            // The bundle's own way from file to probabilities gives what the trial recorded.
            assertThat(export.notes()).isEmpty();
            assertThat(export.check().recordedImages())
                    .isEqualTo(setup.source().dataset().validation().size());
            assertThat(export.check().changedLabels()).isZero();
        }
        JsonNode preprocessing =
                JSON.readTree(bundle.resolve("preprocessing.json").toFile());
        var centerCrop = parsed.sweep().data().centerCrop();
        assertThat(preprocessing.has("center_crop")).isEqualTo(centerCrop.isPresent());
        centerCrop.ifPresent(c -> {
            assertThat(preprocessing.path("center_crop").asDouble()).isEqualTo(c);
            assertThat(bundle.resolve("README.md")).content().contains("`data.center_crop`: " + c);
        });
        try (Bundle opened = Bundle.open(bundle, THREADS)) {
            assertThat(opened.labels())
                    .isEqualTo(setup.source().dataset().classes())
                    .hasSize(parsed.sweep().data().classes().isEmpty() ? 3 : 2);
            assertThat(opened.predict(folder.resolve("images/train/dress/0.png")))
                    .hasSize(opened.labels().size());
        }
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void runsOnItsOwnBaseWithMadeUpWeights(Path file) throws IOException {
        String text = Files.readString(file);
        Path weights = Files.createDirectories(folder.resolve("random-weights"));
        Catalogue catalogue = new Catalogue(List.of(weights));
        SweepFile.Parsed asWritten = SweepFile.parse(file.toString(), text, catalogue);
        String name = Trials.of(asWritten.sweep()).get(0).parameters().base();
        String architecture = BaseName.parse(name).architecture();
        int size = catalogue.find(architecture).orElseThrow().minimumSize();
        SweepFile.Parsed parsed = SweepFile.parse(file.toString(), small(text, name, size), catalogue);
        for (String base : Trials.of(parsed.sweep()).stream()
                .map(trial -> trial.parameters().base())
                .collect(toSet())) {
            Catalogue.Entry entry = catalogue.entry(base);
            if (!entry.embedded()) {
                Safetensors.write(
                        weights.resolve(entry.name() + Catalogue.SAFETENSORS),
                        PseudoRandomWeights.of(entry.architecture()),
                        Map.of());
            }
        }
        run(SweepSetup.prepare(
                parsed,
                folder.resolve("x.yaml"),
                catalogue,
                new Home(folder.resolve("home")),
                OFFLINE,
                OptionalInt.of(MOST_TRIALS)));
    }

    @Test
    void runsEveryBase() throws IOException {
        draw();
        Path weights = Files.createDirectories(folder.resolve("random-weights"));
        Catalogue catalogue = new Catalogue(List.of(weights));
        for (String name : catalogue.names()) {
            Catalogue.Entry entry = catalogue.entry(name);
            if (!entry.embedded()) {
                Path file = weights.resolve(name + Catalogue.SAFETENSORS);
                Safetensors.write(file, PseudoRandomWeights.of(entry.architecture()), Map.of());
            }
        }
        String text = onOurImages(Files.readString(Path.of("sweeps", "all-bases.yaml")))
                .replaceAll("(max_images: )\\d+", "$1" + FEW_IMAGES);
        SweepFile.Parsed parsed = SweepFile.parse("all-bases.yaml", text, catalogue);
        assertThat(parsed.warnings()).isEmpty();
        SweepSetup setup = SweepSetup.prepare(
                parsed,
                folder.resolve("x.yaml"),
                catalogue,
                new Home(folder.resolve("home")),
                OFFLINE,
                OptionalInt.empty());
        Dataset dataset = setup.source().dataset();
        assertThat(dataset.train().size() + dataset.validation().size()).isEqualTo(FEW_IMAGES);
        Map<String, Set<Integer>> depths = run(setup).stream()
                .map(trial -> Parameters.from(trial.parameters()))
                .collect(groupingBy(
                        TrialParameters::base, TreeMap::new, mapping(TrialParameters::fineTuneDepth, toSet())));
        assertThat(depths.keySet()).containsExactlyElementsOf(catalogue.names());
        assertThat(depths.values()).containsOnly(Set.of(0, 1));
    }

    private Path results() {
        return folder.resolve("results");
    }

    /** Runs a sweep to its end and returns its trials, all finished. */
    private List<TrialRecord> run(SweepSetup setup) {
        InstantSource clock = InstantSource.system();
        try (TrackWriter track = Tracking.open(results(), clock);
                TrackReader reader = Tracking.openReadOnly(results())) {
            SweepState state = new SweepRunner(
                            track,
                            reader,
                            results(),
                            new Home(folder.resolve("home")),
                            OptionalLong.empty(),
                            WORKER,
                            clock,
                            new SweepListener() {},
                            () -> Stopping.NO)
                    .run("recipe", setup, false);
            assertThat(state).isEqualTo(SweepState.FINISHED);
            List<TrialRecord> trials = reader.trials("recipe");
            assertThat(trials)
                    .hasSameSizeAs(setup.trials())
                    .allSatisfy(trial ->
                            assertThat(trial.state()).as(trial.reason()).isEqualTo(TrialState.FINISHED));
            return trials;
        }
    }

    /** Changes what a recipe costs and where its images are, and nothing else. */
    private String small(String text, String base, int size) throws IOException {
        draw();
        String small = onOurImages(text)
                .replaceAll("(?m)^epochs: \\d+", "epochs: 2")
                .replaceAll("(fine_tune: .*epochs: )\\d+", "$11")
                .replaceAll("(patience: )\\d+", "$11")
                .replaceAll("(views: )\\d+", "$12")
                .replaceAll("(base: +)\\{value: \\w+}", "$1{value: " + Matcher.quoteReplacement(base) + "}")
                .replaceAll("(image_size: +)\\{value: \\d+}", "$1{value: " + size + "}")
                .replaceAll("(image_size: +)\\{values: [^}]*}", "$1{values: [" + size + ", " + (size + 16) + "]}");
        assertThat(small).contains("epochs: 2", "{value: " + base + "}");
        return small;
    }

    private String onOurImages(String text) throws IOException {
        String path =
                "  path: " + JSON.writeValueAsString(folder.resolve("images").toString());
        String changed = text.replaceAll("(?m)^  path: .*$", Matcher.quoteReplacement(path));
        assertThat(changed).contains(path);
        return changed;
    }

    /** Draws three classes of noisy images that are no squares. */
    private void draw() throws IOException {
        List<String> classes = List.of("dress", "hat", "pants");
        SplittableRandom random = new SplittableRandom(5);
        for (int label = 0; label < classes.size(); label++) {
            for (int i = 0; i < 12; i++) {
                Path file = folder.resolve("images")
                        .resolve(i < 8 ? "train" : "validation")
                        .resolve(classes.get(label))
                        .resolve(i + ".png");
                BufferedImage image = new BufferedImage(60 + 3 * i, 90 - 4 * i, BufferedImage.TYPE_3BYTE_BGR);
                for (int y = 0; y < image.getHeight(); y++) {
                    for (int x = 0; x < image.getWidth(); x++) {
                        image.setRGB(x, y, random.nextInt(80, 256) << 8 * label | random.nextInt(0x404040) & 0x3F3F3F);
                    }
                }
                Files.createDirectories(file.getParent());
                ImageIO.write(image, "png", file.toFile());
            }
        }
    }
}
