package dev.graft.bench;

import dev.graft.base.Catalogue;
import dev.graft.features.FeatureRows;
import dev.graft.features.MadeUpFeatures;
import dev.graft.features.TrainingFeatures;
import dev.graft.search.Trial;
import dev.graft.spec.Parameters;
import dev.graft.spec.SweepFile;
import dev.graft.train.EpochResult;
import dev.graft.train.HeadCohort;
import dev.graft.train.TrialListener;
import dev.graft.train.TrialOutcome;
import dev.graft.train.TrialSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trains heads for an epoch on the made-up features of very many images, {@code FILE IMAGES HEADS}, and prints what memory
 * it took. The file is written first where there is none: 1280 floats an image.
 */
final class ManyImages {

    private static final int WIDTH = 1280;
    private static final int CLASSES = 10;

    private ManyImages() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        int images = Integer.parseInt(arguments[1]);
        int heads = Integer.parseInt(arguments[2]);
        if (!Files.exists(file)) {
            MadeUpFeatures.write(file, images, WIDTH, CLASSES);
        }
        long start = System.nanoTime();
        MadeUpFeatures features = MadeUpFeatures.open(file, CLASSES);
        print("opened and checked", start);
        var sweep = SweepFile.parse(
                        "many.yaml",
                        "data: {path: images}\nparameters: {base: {value: mobilenet_v2}}\nepochs: 1\n",
                        new Catalogue(List.of()))
                .sweep();
        List<HeadCohort.Entry> entries = new ArrayList<>();
        for (int head = 0; head < heads; head++) {
            Map<String, Object> assignment = new LinkedHashMap<>(Map.of(
                    "base", "mobilenet_v2", "dense_units", 128, "dropout", 0.3, "learning_rate", 0.001 * (1 + head)));
            TrainingFeatures train = features.train();
            FeatureRows validation = features.validation();
            entries.add(new HeadCohort.Entry(
                    new TrialSetup(
                            sweep,
                            new Trial(head + 1, assignment, Parameters.from(assignment), 7),
                            null,
                            CLASSES,
                            features.trainLabels(),
                            features.validationLabels(),
                            new TrialSetup.Features(train, validation),
                            Optional.empty()),
                    new Silent(),
                    new Strict()));
        }
        HeadCohort.train(entries, Runtime.getRuntime().availableProcessors());
        print("an epoch of " + heads + " heads", start);
    }

    private static final class Silent implements TrialListener {
        @Override
        public void epochEnded(EpochResult result, boolean kept, float[] probabilities) {}

        @Override
        public boolean cancelled() {
            return false;
        }
    }

    private static final class Strict implements HeadCohort.Ending {
        @Override
        public void finished(TrialOutcome outcome) {}

        @Override
        public void failed(RuntimeException failure) {
            throw failure;
        }
    }

    private static void print(String what, long start) throws Exception {
        System.gc();
        Runtime java = Runtime.getRuntime();
        System.out.printf(
                "%-24s %6.1f s   Java objects %4d MiB",
                what, (System.nanoTime() - start) / 1e9, (java.totalMemory() - java.freeMemory()) >> 20);
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.matches("(VmHWM|RssAnon|RssFile):.*")) {
                System.out.printf("   %s %d MiB", line.split(":")[0], Long.parseLong(line.replaceAll("\\D", "")) >> 10);
            }
        }
        System.out.println();
    }
}
