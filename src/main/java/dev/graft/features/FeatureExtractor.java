package dev.graft.features;

import dev.graft.data.LabelledImage;
import dev.graft.features.PixelReader.Wanted;
import dev.graft.onnx.OnnxModel;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Runs the frozen base over all images once and stores every wanted output of that pass. Each thread takes a few images
 * from their files through the base; they do not wait for each other, and the features do not depend on their number.
 */
public final class FeatureExtractor {

    /** Images per run of the model, where nothing else is asked for: few, so that what lies between layers stays at hand. */
    public static final int BATCH = 4;

    /** Batches a thread may be ahead of what is written. */
    private static final int AHEAD = 3;

    private final FeatureStore store;
    private final int threads;
    private final int batch;
    private final PixelCache cache;
    private final Supplier<List<Integer>> later;
    private final Models models;

    /** Uses a store and as many threads as given. */
    public FeatureExtractor(FeatureStore store, int threads) {
        this(store, threads, BATCH);
    }

    /**
     * Does the same with another batch.
     *
     * @param batch images per run of the model, at least 1: less takes less memory, and may change the last digits of
     *     the features
     */
    public FeatureExtractor(FeatureStore store, int threads, int batch) {
        this(store, threads, batch, (base, outputs) -> Model.of(base.model(outputs, 1)));
    }

    FeatureExtractor(FeatureStore store, int threads, int batch, Models models) {
        this(store, threads, batch, PixelCache.none(), List::of, models);
    }

    private FeatureExtractor(
            FeatureStore store,
            int threads,
            int batch,
            PixelCache cache,
            Supplier<List<Integer>> later,
            Models models) {
        if (batch < 1) {
            throw new IllegalArgumentException("a batch must be at least 1 image, but was " + batch);
        }
        this.store = store;
        this.threads = threads;
        this.batch = batch;
        this.cache = cache;
        this.later = later;
        this.models = models;
    }

    /**
     * Returns the same with memory for pixels. What is extracted does not depend on it.
     *
     * @param cache what earlier passes left, and where this one leaves pixels for later ones
     * @param later returns the image sizes of the passes over the same images that are still to come; asked only where
     *     something is to be computed
     */
    public FeatureExtractor keeping(PixelCache cache, Supplier<List<Integer>> later) {
        return new FeatureExtractor(store, threads, batch, cache, later, models);
    }

    /** Makes the model of a pass; a run of it has one thread. */
    interface Models {
        Model model(FrozenBase base, List<FeatureOutput> outputs);
    }

    /** A frozen base at work, for several threads; see {@link OnnxModel#run}. */
    interface Model extends AutoCloseable {
        List<float[]> run(FloatBuffer images, int count, List<String> nodes);

        @Override
        void close();

        static Model of(OnnxModel model) {
            return new Model() {
                @Override
                public List<float[]> run(FloatBuffer images, int count, List<String> nodes) {
                    return model.run(images, count, nodes);
                }

                @Override
                public void close() {
                    model.close();
                }
            };
        }
    }

    /** Hears of a pass' progress. */
    public interface Progress {

        /** Says that so many of the pass' images are through. */
        void images(long done, long total);
    }

    /**
     * What a request came to.
     *
     * @param files the features of every output asked for
     * @param computed the outputs that were not in the store
     * @param decodeSeconds decoding and augmenting, summed over threads; 0 when nothing was computed
     * @param prefixSeconds running the model, the mean of the threads; 0 when nothing was computed
     */
    public record Extraction(
            Map<FeatureOutput, FeatureFile> files,
            List<FeatureOutput> computed,
            double decodeSeconds,
            double prefixSeconds) {}

    /**
     * Returns the features of some outputs, computing in one pass those the store lacks. No other process makes room of
     * them until the same store is asked for others, or this process ends.
     *
     * @throws FeatureStoreException when they do not fit on the disk, or cannot be written there
     * @throws OutOfMemoryException when memory runs out; a smaller batch may do
     * @throws CancelledException when {@code cancelled} says so between two batches, or while another process computes
     *     the same; nothing is stored then
     */
    public Extraction extract(
            FeatureSource source,
            FrozenBase base,
            List<FeatureOutput> outputs,
            Progress progress,
            BooleanSupplier cancelled) {
        for (boolean again = false; ; again = true) {
            try {
                return attempt(source, base, outputs, progress, cancelled);
            } catch (NoSuchFileException e) {
                if (again) {
                    throw store.failure(e, bytes(source, base, outputs));
                }
                store.tell(
                        "the feature store was deleted while it was written to, and is made again: " + e.getMessage());
            } catch (IOException e) {
                throw store.failure(e, bytes(source, base, outputs));
            }
        }
    }

    private static long bytes(FeatureSource source, FrozenBase base, List<FeatureOutput> outputs) {
        return outputs.stream().mapToLong(output -> source.bytes(base, output)).sum();
    }

    private Extraction attempt(
            FeatureSource source,
            FrozenBase base,
            List<FeatureOutput> outputs,
            Progress progress,
            BooleanSupplier cancelled)
            throws IOException {
        Deque<AutoCloseable> open = new ArrayDeque<>();
        try {
            Map<FeatureOutput, FeatureKey> keys = new LinkedHashMap<>();
            outputs.stream()
                    .sorted(Comparator.comparing(
                            output -> source.key(base, output).digest()))
                    .forEach(output -> keys.put(output, source.key(base, output)));
            Map<FeatureOutput, FeatureFile> files = new LinkedHashMap<>();
            List<FeatureOutput> missing = new ArrayList<>();
            store.use(keys.values());
            // In one order for all processes, so that no two wait for each other.
            for (Map.Entry<FeatureOutput, FeatureKey> entry : keys.entrySet()) {
                Optional<FeatureFile> found = store.findQuietly(entry.getValue());
                if (found.isEmpty()) {
                    open.push(store.lock(entry.getValue(), cancelled));
                    found = store.findOrClear(entry.getValue());
                }
                found.ifPresentOrElse(file -> files.put(entry.getKey(), file), () -> missing.add(entry.getKey()));
            }
            if (missing.isEmpty()) {
                return new Extraction(files, List.of(), 0, 0);
            }
            store.deleteStaleParts();
            store.makeRoom(
                    bytes(source, base, missing),
                    keys.values().stream().map(store::file).collect(Collectors.toSet()));
            Pass pass = compute(source, base, missing, progress, cancelled);
            for (FeatureOutput output : missing) {
                FeatureKey key = source.key(base, output);
                Optional<FeatureFile> written = store.find(key);
                if (written.isEmpty()) {
                    throw new NoSuchFileException(store.file(key) + " vanished right after it was written");
                }
                files.put(output, written.get());
            }
            return new Extraction(files, missing, pass.decodeSeconds(), pass.prefixSeconds());
        } finally {
            closeAll(open);
        }
    }

    private record Pass(double decodeSeconds, double prefixSeconds) {}

    private Pass compute(
            FeatureSource source,
            FrozenBase base,
            List<FeatureOutput> outputs,
            Progress progress,
            BooleanSupplier cancelled)
            throws IOException {
        List<Wanted> wanted = wanted(source);
        Deque<AutoCloseable> open = new ArrayDeque<>();
        CompletableFuture<Model> model = new CompletableFuture<>();
        // Whoever asks for fewer images at once is short of memory.
        int inParallel = Math.max(1, batch < BATCH ? threads * batch / BATCH : threads);
        ExecutorService lanes = Executors.newFixedThreadPool(inParallel);
        open.push(() -> {
            lanes.shutdownNow();
            model.cancel(false);
            awaitEnd(lanes);
        });
        try {
            List<FeatureFile.Writer> writers = new ArrayList<>();
            for (FeatureOutput output : outputs) {
                FeatureKey key = source.key(base, output);
                FeatureFile.Writer writer =
                        new FeatureFile.Writer(store.file(key), source.header(key, base.shape(output)));
                open.push(writer);
                writers.add(writer);
            }
            List<Integer> comingSizes = cache.keepsAnything() ? later.get() : List.of();
            cache.begin(base.imageSize(), source.repeatsPixels(), comingSizes);
            Lane lane = new Lane(
                    source.reader(base, cache, lanes),
                    model,
                    outputs.stream().map(FeatureOutput::node).toList(),
                    3 * base.imageSize() * base.imageSize());
            Deque<Future<Lane.Values>> ahead = new ArrayDeque<>();
            int next = 0;
            // Begun before there is a model: to make one takes as long as to decode the first images.
            for (; ahead.size() < inParallel * AHEAD && next < wanted.size(); next += batch) {
                ahead.add(lanes.submit(lane.through(batch(wanted, next))));
            }
            Model made = models.model(base, outputs);
            // Closed after the lanes have ended.
            open.addLast(made);
            model.complete(made);
            for (int done = 0; done < wanted.size(); ) {
                Lane.Values values = result(ahead.remove());
                if (cancelled.getAsBoolean()) {
                    throw new CancelledException();
                }
                if (next < wanted.size()) {
                    ahead.add(lanes.submit(lane.through(batch(wanted, next))));
                    next += batch;
                }
                for (int i = 0; i < writers.size(); i++) {
                    float[] rows = values.outputs().get(i);
                    int rowLength = rows.length / values.images();
                    for (int row = 0; row < values.images(); row++) {
                        writers.get(i).write(rows, row * rowLength);
                    }
                }
                done += values.images();
                progress.images(done, wanted.size());
            }
            for (FeatureFile.Writer writer : writers) {
                writer.commit();
            }
            cache.end(comingSizes);
            return new Pass(lane.reader.seconds(), lane.nanos.sum() / 1e9 / inParallel);
        } catch (IOException e) {
            cache.end(List.of());
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            cache.end(List.of());
            if (OutOfMemoryException.isBehind(e)) {
                throw OutOfMemoryException.of(e, batch, base.imageSize());
            }
            throw e;
        } finally {
            closeAll(open);
        }
    }

    /** Waits for threads that were told to end: what they use must not be closed before. */
    private static void awaitEnd(ExecutorService lanes) {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = lanes.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Wanted> batch(List<Wanted> wanted, int first) {
        return wanted.subList(first, Math.min(first + batch, wanted.size()));
    }

    /** Waits for a batch, passing on what went wrong. */
    private static Lane.Values result(Future<Lane.Values> batch) {
        try {
            return batch.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        }
    }

    /** What each thread does with a batch of images. */
    private final class Lane {

        private final PixelReader reader;
        private final CompletableFuture<Model> model;
        private final List<String> nodes;
        private final int imageFloats;
        private final LongAdder nanos = new LongAdder();
        private final ThreadLocal<FloatBuffer> buffers;

        Lane(PixelReader reader, CompletableFuture<Model> model, List<String> nodes, int imageFloats) {
            this.reader = reader;
            this.model = model;
            this.nodes = nodes;
            this.imageFloats = imageFloats;
            this.buffers = ThreadLocal.withInitial(() -> OnnxModel.buffer(Math.multiplyExact(batch, imageFloats)));
        }

        /** The outputs of some images, each {@code [images, ...]}. */
        record Values(int images, List<float[]> outputs) {}

        Callable<Values> through(List<Wanted> images) {
            return () -> {
                FloatBuffer pixels = buffers.get();
                for (int i = 0; i < images.size(); i++) {
                    reader.read(images.get(i), pixels.duplicate().position(i * imageFloats));
                }
                Model made = model.join();
                long start = System.nanoTime();
                List<float[]> values = made.run(pixels, images.size(), nodes);
                nanos.add(System.nanoTime() - start);
                return new Values(images.size(), values);
            };
        }
    }

    /** Training images view by view, then validation images: the order of a feature file's rows. */
    private static List<Wanted> wanted(FeatureSource source) {
        List<Wanted> wanted = new ArrayList<>();
        boolean augmented = !source.settings().augment().isEmpty();
        for (int view = 0; view < source.storedViews(); view++) {
            for (LabelledImage image : source.dataset().train()) {
                wanted.add(augmented ? new Wanted(image, view) : Wanted.plain(image));
            }
        }
        source.dataset().validation().forEach(image -> wanted.add(Wanted.plain(image)));
        return wanted;
    }

    private static void closeAll(Deque<AutoCloseable> open) throws IOException {
        IOException failure = null;
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                if (failure == null) {
                    // As it is: a disk that became read-only must still be known as one.
                    failure = e instanceof IOException disk ? disk : new IOException("cannot close: " + e, e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
