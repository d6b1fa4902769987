package dev.graft.train;

import dev.graft.data.Dataset;
import dev.graft.data.LabelledImage;
import dev.graft.features.DrawnSource;
import dev.graft.features.FeatureExtractor;
import dev.graft.features.FeatureFile;
import dev.graft.features.FeatureOutput;
import dev.graft.features.FeatureRows;
import dev.graft.features.FeatureStore;
import dev.graft.features.FrozenBase;
import dev.graft.features.TrainingFeatures;
import dev.graft.plan.Plan;
import dev.graft.search.Trial;
import dev.graft.spec.EarlyStopping;
import dev.graft.spec.FineTune;
import dev.graft.spec.Method;
import dev.graft.spec.Metric;
import dev.graft.spec.Parameters;
import dev.graft.spec.Retry;
import dev.graft.spec.Sweep;
import dev.graft.spec.SweepData;
import dev.graft.spec.TrialParameters;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/** Setups of trials small enough to train in a test. */
final class SmallTrial {

    static final EarlyStopping NEVER = new EarlyStopping(false, "val_loss", 1, 0, true);
    static final Metric ACCURACY = new Metric("val_accuracy", Metric.Goal.MAXIMIZE);
    static final Metric LOSS = new Metric("val_loss", Metric.Goal.MINIMIZE);

    private static final int TRAIN = 60;
    private static final int VALIDATION = 30;
    private static final int CLASSES = 3;
    private static final int WIDTH = 8;

    private SmallTrial() {}

    static Sweep sweep(int epochs, EarlyStopping stopping, Metric metric, FineTune fineTune) {
        SweepData data = new SweepData("images", Optional.empty(), List.of(), 1, SweepData.OnBadImage.FAIL);
        return new Sweep(
                "small",
                data,
                Method.GRID,
                metric,
                Map.of(),
                List.of(),
                epochs,
                stopping,
                fineTune,
                42,
                1,
                new Retry(1),
                0,
                OptionalInt.of(3),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalLong.empty());
    }

    static Sweep sweep(int epochs, EarlyStopping stopping, Metric metric) {
        return sweep(epochs, stopping, metric, new FineTune(0.1, 1));
    }

    static Trial trial(String base, int size, Map<String, Object> some, long seed) {
        Map<String, Object> assignment = new LinkedHashMap<>(some);
        assignment.put("base", base);
        assignment.put("image_size", size);
        return new Trial(1, assignment, Parameters.from(assignment), seed);
    }

    /** Three noisy clouds of vectors, in memory. */
    static TrialSetup vectors(Sweep sweep, Map<String, Object> parameters, long seed) {
        Random random = new Random(9);
        int[] labels = new int[TRAIN + VALIDATION];
        float[][] values = new float[TRAIN + VALIDATION][WIDTH];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % CLASSES;
            for (int j = 0; j < WIDTH; j++) {
                values[i][j] = (float) (random.nextGaussian() + (j % CLASSES == labels[i] ? 1 : 0));
            }
        }
        TrainingFeatures train = new TrainingFeatures() {
            @Override
            public int images() {
                return TRAIN;
            }

            @Override
            public int[] shape() {
                return new int[] {WIDTH};
            }

            @Override
            public void read(int epoch, int[] images, int from, int count, float[] into) {
                for (int i = 0; i < count; i++) {
                    System.arraycopy(values[images[from + i]], 0, into, i * WIDTH, WIDTH);
                }
            }
        };
        FeatureRows validation = new FeatureRows() {
            @Override
            public int rows() {
                return VALIDATION;
            }

            @Override
            public int[] shape() {
                return new int[] {WIDTH};
            }

            @Override
            public void read(int row, float[] into, int offset) {
                System.arraycopy(values[TRAIN + row], 0, into, offset, WIDTH);
            }
        };
        return new TrialSetup(
                sweep,
                trial("sprout", 32, parameters, seed),
                DrawnSource.sprout(32),
                CLASSES,
                java.util.Arrays.copyOf(labels, TRAIN),
                java.util.Arrays.copyOfRange(labels, TRAIN, TRAIN + VALIDATION),
                new TrialSetup.Features(train, validation),
                Optional.empty());
    }

    /** Drawn images through a real base; the store lies in the folder. */
    static TrialSetup images(Path folder, FrozenBase base, Sweep sweep, Map<String, Object> some, long seed) {
        Dataset dataset = DrawnSource.dataset(folder.resolve("images"), 32, 12);
        Trial trial = trial(base.architecture().name(), base.imageSize(), some, seed);
        TrialParameters parameters = trial.parameters();
        FeatureOutput head = base.headOutput(Plan.pooling(parameters.pooling()));
        List<FeatureOutput> outputs = new ArrayList<>(List.of(head));
        if (parameters.fineTuneDepth() > 0) {
            outputs.add(base.tailOutput(parameters.fineTuneDepth()));
        }
        Map<FeatureOutput, FeatureFile> files = new FeatureExtractor(
                        new FeatureStore(folder.resolve("store"), InstantSource.system()), 2)
                .extract(DrawnSource.source(dataset, List.of(), 1), base, outputs, (done, total) -> {}, () -> false)
                .files();
        return new TrialSetup(
                sweep,
                trial,
                base,
                2,
                labels(dataset.train()),
                labels(dataset.validation()),
                features(files.get(head)),
                outputs.size() == 1 ? Optional.empty() : Optional.of(features(files.get(outputs.get(1)))));
    }

    static int[] labels(List<LabelledImage> images) {
        return images.stream().mapToInt(LabelledImage::label).toArray();
    }

    private static TrialSetup.Features features(FeatureFile file) {
        return new TrialSetup.Features(TrainingFeatures.of(file), file.validation());
    }

    /** Keeps what a trial tells. */
    static final class Heard implements TrialListener {

        final List<EpochResult> results = new ArrayList<>();
        final List<Boolean> kept = new ArrayList<>();
        final List<float[]> probabilities = new ArrayList<>();
        int cancelAfter = Integer.MAX_VALUE;

        @Override
        public void epochEnded(EpochResult result, boolean isKept, float[] values) {
            results.add(result);
            kept.add(isKept);
            probabilities.add(values.clone());
        }

        @Override
        public boolean cancelled() {
            return results.size() >= cancelAfter;
        }

        List<Double> losses() {
            return results.stream().map(EpochResult::loss).toList();
        }
    }
}
