package dev.graft.export;

import dev.graft.base.WeightException;
import dev.graft.data.DataException;
import dev.graft.export.ModelExporter.Step;
import dev.graft.fetch.FetchException;
import dev.graft.fetch.FolderTree;
import dev.graft.onnx.OnnxException;
import dev.graft.track.StoreException;
import dev.graft.track.TrialRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bundles of recorded trials, each in {@code bundles/TRIAL} of a results directory: made when somebody asks, one at a
 * time and in the background, then handed out and asked for predictions. A folder of a trial's name is a whole bundle,
 * whichever process made it. Takes no lock, so that it never keeps a sweep from running. Safe for use by several threads.
 */
public final class TrialBundles implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TrialBundles.class);

    /** Not what a path could be made of. */
    private static final Pattern TRIAL = Pattern.compile("[0-9a-z]{1,32}-[0-9]{1,9}");

    private static final String ENDING = "the dashboard is ending";

    private static final int MOST_WAITING = 8;
    private static final int MOST_PREDICTING = 4;
    private static final long MAX_CARD_BYTES = 8L << 20;
    private static final Duration IDLE = Duration.ofMinutes(3);

    /** What a process that died left half-written is deleted when nobody can be writing it any more. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path directory;
    private final Exporter exporter;
    private final int threads;
    private final InstantSource clock;
    private final Duration idle;
    private final ScheduledExecutorService work = daemon("bundle-export", Thread.MIN_PRIORITY);
    private final ScheduledExecutorService closing = daemon("bundle-close", Thread.NORM_PRIORITY);

    /** In the order in which they were asked for; those that failed stay until they are asked for again. */
    private final Map<String, Job> jobs = new LinkedHashMap<>();

    private final Semaphore predicting = new Semaphore(MOST_PREDICTING);
    private final Object bundleLock = new Object();
    private @Nullable Bundle bundle;
    private String bundleTrial = "";
    private long bundleUsed;
    private boolean closed;

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

    /** An export under way, or one that ended badly. Guarded by the map's lock. */
    private static final class Job {
        private Optional<Step> step = Optional.empty();
        private String failure = "";
        private boolean open = true;
        private List<String> notes = List.of();
    }

    /**
     * Uses a results directory.
     *
     * @param exporters makes what exports a trial: each sweep found its base weights in places of its own
     * @param threads threads for predictions
     */
    public TrialBundles(
            Path results, Function<TrialRecord, ModelExporter> exporters, int threads, InstantSource clock) {
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
                clock,
                IDLE);
    }

    TrialBundles(Path results, Exporter exporter, int threads, InstantSource clock, Duration idle) {
        this.directory = results.resolve("bundles");
        this.exporter = exporter;
        this.threads = threads;
        this.clock = clock;
        this.idle = idle;
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
        Path folder = folder(trial.id());
        Optional<String> missing = missing(folder);
        synchronized (jobs) {
            Job job = jobs.get(trial.id());
            if (job != null && job.open) {
                return new Status(State.EXPORTING, "", job.step, ahead(trial.id()), folder, 0, List.of());
            }
            if (missing.isEmpty()) {
                return new Status(
                        State.READY,
                        "",
                        Optional.empty(),
                        0,
                        folder,
                        bytes(folder),
                        job == null ? List.of() : job.notes);
            }
            String failure = Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
                    ? folder + " is no whole bundle: it has no " + missing.get() + "; delete it and export again"
                    : job == null ? "" : job.failure;
            if (!failure.isEmpty()) {
                return new Status(State.FAILED, failure, Optional.empty(), 0, folder, 0, List.of());
            }
        }
        return new Status(State.NONE, exporter.obstacle(trial).orElse(""), Optional.empty(), 0, folder, 0, List.of());
    }

    /**
     * Begins to make a trial's bundle, unless it is there or under way.
     *
     * @throws ExportException when the trial has no model to export, or something is in the way; the user's fault
     * @throws BusyException when too many wait already
     */
    public Status begin(TrialRecord trial) {
        Status before = status(trial);
        if (before.state() == State.READY || before.state() == State.EXPORTING) {
            return before;
        }
        exporter.obstacle(trial).ifPresent(reason -> {
            throw new ExportException(reason);
        });
        if (Files.exists(before.folder(), LinkOption.NOFOLLOW_LINKS)) {
            throw new ExportException(before.reason());
        }
        synchronized (jobs) {
            Job known = jobs.get(trial.id());
            if (known == null || !known.open) {
                if (jobs.values().stream().filter(job -> job.open).count() > MOST_WAITING) {
                    throw new BusyException(MOST_WAITING + " exports wait already; ask again when one has ended");
                }
                Job job = new Job();
                try {
                    work.execute(() -> export(trial, job));
                } catch (RejectedExecutionException e) {
                    throw new ExportException(ENDING, e);
                }
                jobs.remove(trial.id());
                jobs.put(trial.id(), job);
            }
        }
        return status(trial);
    }

    private void export(TrialRecord trial, Job job) {
        String failure;
        List<String> notes = List.of();
        try {
            deleteAbandoned(trial.id());
            notes = exporter.export(trial, folder(trial.id()), step -> {
                synchronized (jobs) {
                    job.step = Optional.of(step);
                }
            });
            failure = "";
        } catch (ExportException
                | DataException
                | FetchException
                | OnnxException
                | StoreException
                | WeightException e) {
            failure = String.valueOf(e.getMessage());
            log.info("trial {} was not exported: {}", trial.id(), failure);
        } catch (OutOfMemoryError e) {
            failure = "this takes more memory than the dashboard has; graft export " + trial.id()
                    + " --to DIR does it in a process of its own";
            log.warn("trial {} was not exported", trial.id(), e);
        } catch (RuntimeException | IOException | LinkageError | StackOverflowError | AssertionError e) {
            // Native libraries fail with errors; whoever waits must hear of those, too.
            failure = "this is a bug in Graft; the log of the dashboard has the details";
            log.error("trial {} was not exported", trial.id(), e);
        }
        // Another process may have been quicker; then what is there is as good.
        boolean there = missing(folder(trial.id())).isEmpty();
        synchronized (jobs) {
            job.open = false;
            job.failure = there ? "" : failure;
            job.notes = notes;
        }
    }

    private void deleteAbandoned(String trialId) throws IOException {
        Instant then = clock.instant().minus(ABANDONED);
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, "." + trialId + ".part-*")) {
            for (Path part : parts) {
                if (Files.getLastModifiedTime(part, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isBefore(then)) {
                    FolderTree.delete(part);
                }
            }
        } catch (NoSuchFileException e) {
            log.debug("there are no bundles yet", e);
        }
    }

    /** Counts the exports that end before a trial's; called with the lock. */
    private int ahead(String trialId) {
        int ahead = 0;
        for (Map.Entry<String, Job> job : jobs.entrySet()) {
            if (job.getKey().equals(trialId)) {
                return ahead;
            }
            ahead += job.getValue().open ? 1 : 0;
        }
        return ahead;
    }

    /**
     * Returns a trial's model card, in Markdown.
     *
     * @throws ExportException when the trial has no bundle
     */
    public String card(String trialId) {
        Path file = whole(trialId).resolve("README.md");
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
     * Writes a trial's bundle as a ZIP archive with one folder; the same bundle gives the same bytes.
     *
     * @throws ExportException when the trial has no bundle
     * @throws IOException when a file cannot be read, or the archive not be written
     */
    public void zip(String trialId, OutputStream out) throws IOException {
        Path folder = whole(trialId);
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        for (String name : ModelExporter.FILES) {
            ZipEntry entry = new ZipEntry(trialId + "/" + name);
            // The earliest that the format knows.
            entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
            // Weights hardly shrink.
            zip.setLevel(name.startsWith("model.") ? Deflater.NO_COMPRESSION : Deflater.DEFAULT_COMPRESSION);
            zip.putNextEntry(entry);
            Files.copy(folder.resolve(name), zip);
            zip.closeEntry();
        }
        zip.finish();
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
        Path folder = whole(trialId);
        if (!predicting.tryAcquire()) {
            throw new BusyException("several images are being looked at already; ask again in a moment");
        }
        try {
            synchronized (bundleLock) {
                Bundle opened = open(trialId, folder);
                try {
                    return predicted(opened.labels(), opened.predict(image));
                } finally {
                    bundleUsed = System.nanoTime();
                    closing.schedule(this::closeIdle, idle.toNanos(), TimeUnit.NANOSECONDS);
                }
            }
        } finally {
            predicting.release();
        }
    }

    private Bundle open(String trialId, Path folder) {
        if (closed) {
            throw new ExportException(ENDING);
        }
        if (bundle == null || !bundleTrial.equals(trialId)) {
            closeBundle();
            bundle = Bundle.open(folder, threads);
            bundleTrial = trialId;
        }
        return bundle;
    }

    private void closeIdle() {
        synchronized (bundleLock) {
            // Not before: a later use has a later look of its own.
            if (System.nanoTime() - bundleUsed >= idle.toNanos()) {
                closeBundle();
            }
        }
    }

    private void closeBundle() {
        if (bundle != null) {
            bundle.close();
            bundle = null;
        }
    }

    /** Says whether a model is open. */
    boolean isOpen() {
        synchronized (bundleLock) {
            return bundle != null;
        }
    }

    private static Predicted predicted(List<String> labels, Bundle.Answer answer) {
        List<Likelihood> classes = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            classes.add(new Likelihood(labels.get(i), answer.probabilities()[i]));
        }
        classes.sort(Comparator.comparingDouble(Likelihood::probability).reversed());
        return new Predicted(classes, answer.width(), answer.height(), answer.seen());
    }

    private Path whole(String trialId) {
        Path folder = folder(trialId);
        if (missing(folder).isPresent()) {
            throw new ExportException("trial " + trialId + " has no bundle yet; export it first");
        }
        return folder;
    }

    private Path folder(String trialId) {
        if (!TRIAL.matcher(trialId).matches()) {
            throw new ExportException("a trial is named by its sweep and its number, for example k3v9x2ab-7");
        }
        return directory.resolve(trialId);
    }

    /** Returns what a folder lacks to be a bundle; links count as nothing, since they may lead anywhere. */
    private static Optional<String> missing(Path folder) {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                ? ModelExporter.FILES.stream()
                        .filter(name -> !Files.isRegularFile(folder.resolve(name), LinkOption.NOFOLLOW_LINKS))
                        .findFirst()
                : Optional.of("files");
    }

    private static long bytes(Path folder) {
        try (Stream<Path> files = ModelExporter.FILES.stream().map(folder::resolve)) {
            long bytes = 0;
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Takes nothing on any more; an export under way ends by itself, or with the process. */
    @Override
    public void close() {
        work.shutdownNow();
        synchronized (bundleLock) {
            closed = true;
            closing.shutdownNow();
            closeBundle();
        }
    }
}
