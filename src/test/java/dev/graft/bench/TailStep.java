package dev.graft.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.graft.base.Architecture;
import dev.graft.base.BaseWeights;
import dev.graft.base.Catalogue;
import dev.graft.base.PseudoRandomWeights;
import dev.graft.features.FeatureRows;
import dev.graft.features.FrozenBase;
import dev.graft.features.TrainingFeatures;
import dev.graft.search.Trial;
import dev.graft.spec.EarlyStopping;
import dev.graft.spec.FineTune;
import dev.graft.spec.Method;
import dev.graft.spec.Metric;
import dev.graft.spec.Parameters;
import dev.graft.spec.Retry;
import dev.graft.spec.Sweep;
import dev.graft.spec.SweepData;
import dev.graft.train.EpochResult;
import dev.graft.train.TrialListener;
import dev.graft.train.TrialSetup;
import dev.graft.train.TrialTrainer;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Times the steps of a trial's second phase on made-up features: {@code BASE SIZE DEPTH BATCH STEPS}. Prints the median
 * wall time and the median processor time of a step in milliseconds. What is timed is {@link TrialTrainer} itself: from one batch that it reads to the next.
 */
public final class TailStep {

    private static final int CLASSES = 10;
    private static final int WARM_UP = 5;

    private TailStep() {}

    /** Runs. */
    @SuppressWarnings("SystemOut") // A program of its own.
    public static void main(String[] args) {
        int size = Integer.parseInt(args[1]);
        int depth = Integer.parseInt(args[2]);
        int batch = Integer.parseInt(args[3]);
        int steps = Integer.parseInt(args[4]);
        Architecture architecture = new Catalogue(List.of()).entry(args[0]).architecture();
        FrozenBase base = new FrozenBase(
                architecture, BaseWeights.ofFile(architecture, PseudoRandomWeights.of(architecture)), size);
        int images = (WARM_UP + steps + 1) * batch;
        int[] labels = new int[images];
        Arrays.setAll(labels, i -> i % CLASSES);
        Clock clock = new Clock(WARM_UP + steps + 1);
        Map<String, Object> assignment = Map.of(
                "base",
                args[0],
                "image_size",
                size,
                "fine_tune_depth",
                depth,
                "batch_size",
                batch,
                "dense_units",
                128,
                "dropout",
                0.2);
        TrialSetup setup = new TrialSetup(
                sweep(),
                new Trial(1, assignment, Parameters.from(assignment), 7),
                base,
                CLASSES,
                labels,
                Arrays.copyOf(labels, CLASSES),
                features(new int[] {architecture.featureWidth()}, images, new Clock(WARM_UP + steps + 1)),
                Optional.of(features(base.shape(base.tailOutput(depth)), images, clock)));
        TrialTrainer.train(setup, new TrialListener() {
            @Override
            public void epochEnded(EpochResult result, boolean kept, float[] probabilities) {}

            @Override
            public boolean cancelled() {
                return false;
            }
        });
        System.out.printf(Locale.ROOT, "%.1f %.1f%n", median(clock.wall), median(clock.processor));
    }

    /** What the clocks showed whenever a batch was read. */
    private static final class Clock {

        private final OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        private final long[] wall;
        private final long[] processor;
        private int next;

        Clock(int reads) {
            wall = new long[reads];
            processor = new long[reads];
        }

        void read() {
            wall[next] = System.nanoTime();
            processor[next++] = system.getProcessCpuTime();
        }
    }

    /** Returns the median step in milliseconds. */
    private static double median(long[] reads) {
        long[] steps = new long[reads.length - WARM_UP - 1];
        Arrays.setAll(steps, i -> reads[WARM_UP + i + 1] - reads[WARM_UP + i]);
        Arrays.sort(steps);
        return steps[steps.length / 2] / 1e6;
    }

    /** Uniform numbers in [0, 1), a few images' worth over and over; notes when each batch is read. */
    private static TrialSetup.Features features(int[] shape, int images, Clock clock) {
        int length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        float[] values = new float[8 * length];
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble();
        }
        TrainingFeatures train = new TrainingFeatures() {
            @Override
            public int images() {
                return images;
            }

            @Override
            public int[] shape() {
                return shape.clone();
            }

            @Override
            public void read(int epoch, int[] order, int from, int count, float[] into) {
                clock.read();
                for (int i = 0; i < count; i++) {
                    System.arraycopy(values, order[from + i] % 8 * length, into, i * length, length);
                }
            }
        };
        FeatureRows validation = new FeatureRows() {
            @Override
            public int rows() {
                return CLASSES;
            }

            @Override
            public int[] shape() {
                return shape.clone();
            }

            @Override
            public void read(int row, float[] into, int offset) {
                System.arraycopy(values, row % 8 * length, into, offset, length);
            }
        };
        return new TrialSetup.Features(train, validation);
    }

    /** One epoch of each phase. */
    private static Sweep sweep() {
        return new Sweep(
                "tail-step",
                new SweepData("images", Optional.empty(), List.of(), 1, SweepData.OnBadImage.FAIL),
                Method.GRID,
                new Metric("val_loss", Metric.Goal.MINIMIZE),
                Map.of(),
                List.of(),
                1,
                new EarlyStopping(false, "val_loss", 1, 0, true),
                new FineTune(0.1, 1),
                42,
                1,
                new Retry(1),
                0,
                OptionalInt.of(CLASSES),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalLong.empty());
    }
}
