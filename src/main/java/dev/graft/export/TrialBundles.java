package dev.graft.export;

import dev.graft.data.DataException;
import dev.graft.export.ModelExporter.Step;
import dev.graft.track.TrialRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The bundles of recorded trials, each in {@code bundles/TRIAL} of a results directory: made when somebody asks, one at a
 * time and in the background, then handed out and asked for predictions. A folder of a trial's name is a whole bundle,
 * whichever process made it. Does not take the lock of the results directory, so that it never keeps a sweep from running.
 * Safe for use by several threads.
 */
public final class TrialBundles implements AutoCloseable {

    static final String ENDING = "the dashboard is ending";

    private static final long MAX_CARD_BYTES = 8L << 20;
    private static final Duration IDLE = Duration.ofMinutes(3);

    private final Path directory;
    private final BundleExports exports;
    private final BundlePredictions predictions;

    /** Does the work. */
    interface Exporter {

        /** Returns why a trial cannot be exported; empty where nothing speaks against it. */
        Optional<String> obstacle(TrialRecord trial);

        /** Exports a trial and returns what the user should know of it. */
        List<String> export(TrialRecord trial, Path to, Consumer<Step> progress);
    }

    /** How far a trial's bundle is. */
    public enum State {
        /** Nobody has asked for it. */
        NONE,
        /** It is being made, or waits to be. */
        EXPORTING,
        /** It is there. */
        READY,
        /** It could not be made. */
        FAILED;

        /** Returns the state as records and pages write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Where a trial's bundle stands.
     *
     * @param reason why it failed; for one that nobody asked for, why it cannot be made; else empty
     * @param step what is being done; empty while it waits, and where nothing is done
     * @param ahead how many others are made before it
     * @param folder where it is, or will be
     * @param bytes the size of its files; 0 before it is there
     * @param notes what the user should know of it, as far as this process made it
     */
    public record Status(
            State state, String reason, Optional<Step> step, int ahead, Path folder, long bytes, List<String> notes) {

        /** Copies the list. */
        public Status {
            notes = List.copyOf(notes);
        }
    }

    /**
     * What a trial's model says of an image.
     *
     * @param classes all classes, the likeliest first
     * @param width the image's width in pixels, upright
     * @param height its height
     * @param seen what the network was given of it, as a JPEG file
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    public record Predicted(List<Likelihood> classes, int width, int height, byte[] seen) {

        /** Copies the list. */
        public Predicted {
            classes = List.copyOf(classes);
        }
    }

    /**
     * One class of a prediction.
     *
     * @param label the class
     * @param probability in [0, 1]
     */
    public record Likelihood(String label, double probability) {}

    /**
     * Uses a results directory.
     *
     * @param exporters makes what exports a trial: each sweep found its base weights in places of its own
     * @param threads threads for predictions
     */
    public TrialBundles(Path results, Function<TrialRecord, ModelExporter> exporters, int threads) {
        this(
                results,
                new Exporter() {
                    @Override
                    public Optional<String> obstacle(TrialRecord trial) {
                        return exporters.apply(trial).obstacle(trial);
                    }

                    @Override
                    public List<String> export(TrialRecord trial, Path to, Consumer<Step> progress) {
                        return exporters
                                .apply(trial)
                                .export(trial, to, progress)
                                .notes();
                    }
                },
                threads,
                IDLE);
    }

    TrialBundles(Path results, Exporter exporter, int threads, Duration idle) {
        this.directory = results.resolve("bundles");
        this.exports = new BundleExports(directory, exporter, daemon("bundle-export", Thread.MIN_PRIORITY));
        this.predictions = new BundlePredictions(threads, idle, daemon("bundle-close", Thread.NORM_PRIORITY));
    }

    private static ScheduledExecutorService daemon(String name, int priority) {
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.setPriority(priority);
            return thread;
        };
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, threads);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    /** Says where a trial's bundle stands. */
    public Status status(TrialRecord trial) {
        return exports.status(trial);
    }

    /**
     * Begins to make a trial's bundle, unless it is there or under way.
     *
     * @throws ExportException when the trial has no model to export, or something is in the way; the user's fault
     * @throws BusyException when too many wait already
     */
    public Status begin(TrialRecord trial) {
        return exports.begin(trial);
    }

    /**
     * Returns a trial's model card, in Markdown.
     *
     * @throws ExportException when the trial has no bundle
     */
    public String card(String trialId) {
        Path file = folder(trialId).whole().path().resolve("README.md");
        try {
            if (Files.size(file) > MAX_CARD_BYTES) {
                throw new ExportException(file + " is larger than any model card");
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ExportException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * What the test images gave, which no choice was made with.
     *
     * @param images how many there were
     * @param accuracy the share of them that was predicted rightly, in [0, 1]
     */
    public record TestFigure(long images, double accuracy) {}

    /** Returns what a trial's bundle says of the test images; empty where there were none, or there is no bundle. */
    public Optional<TestFigure> test(TrialRecord trial) {
        Status status = status(trial);
        return status.state() == State.READY ? MetricsFile.test(status.folder()) : Optional.empty();
    }

    /**
     * Opens a trial's bundle as an archive; whoever asks for it closes it, on the same thread.
     *
     * @throws ExportException when the trial has no bundle, or a file of it cannot be read
     */
    public BundleArchive archive(String trialId) {
        return BundleArchive.open(folder(trialId).whole());
    }

    /**
     * Says what a trial's model makes of an image. The model stays open for some minutes, for the next one.
     *
     * @param image the bytes of an image file
     * @throws DataException when it is no readable image; the user's fault
     * @throws ExportException when the trial has no bundle, or it cannot be used
     * @throws BusyException when too many wait already
     */
    public Predicted predict(String trialId, byte[] image) {
        return predictions.predict(folder(trialId).whole(), image);
    }

    /** Says whether a model is open. */
    boolean isOpen() {
        return predictions.isOpen();
    }

    private BundleFolder folder(String trialId) {
        return BundleFolder.of(directory, trialId);
    }

    /** Takes nothing on any more; an export under way ends by itself, or with the process. */
    @Override
    public void close() {
        exports.close();
        predictions.close();
    }
}
