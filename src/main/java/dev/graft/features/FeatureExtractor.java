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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Runs the frozen base over all images once and stores every wanted output of that pass. Decoding of the next batches
 * goes on while ONNX Runtime works on one.
 */
public final class FeatureExtractor {

    /** Images per run of the model, where nothing else is asked for. */
    public static final int BATCH = 32;

    /** Batches in memory: the model runs on one, the others are being decoded or wait. */
    private static final int BATCHES = 3;

    private final FeatureStore store;
    private final int threads;
    private final int decoders;
    private final int batch;
    private final PixelCache cache;
    private final Supplier<List<Integer>> later;
    private final Models models;

    /** Uses a store and as many threads for ONNX Runtime, and for decoding, as given. */
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
        this(store, threads, batch, (base, outputs, count) -> Model.of(base.model(outputs, count)));
    }

    FeatureExtractor(FeatureStore store, int threads, int batch, Models models) {
        this(store, threads, threads, batch, PixelCache.none(), List::of, models);
    }

    private FeatureExtractor(
            FeatureStore store,
            int threads,
            int decoders,
            int batch,
            PixelCache cache,
            Supplier<List<Integer>> later,
            Models models) {
        if (batch < 1) {
            throw new IllegalArgumentException("a batch must be at least 1 image, but was " + batch);
        }
        this.store = store;
        this.threads = threads;
        this.decoders = decoders;
        this.batch = batch;
        this.cache = cache;
        this.later = later;
        this.models = models;
    }

    /** Returns the same with other threads for decoding, at least 1. */
    public FeatureExtractor decodingOn(int decoders) {
        return new FeatureExtractor(store, threads, decoders, batch, cache, later, models);
    }

    /**
     * Returns the same with memory for pixels. What is extracted does not depend on it.
     *
     * @param cache what earlier passes left, and where this one leaves pixels for later ones
     * @param later returns the image sizes of the passes over the same images that are still to come; asked only where
     *     something is to be computed
     */
    public FeatureExtractor keeping(PixelCache cache, Supplier<List<Integer>> later) {
        return new FeatureExtractor(store, threads, decoders, batch, cache, later, models);
    }

    /** Makes the model of a pass. */
    interface Models {
        Model model(FrozenBase base, List<FeatureOutput> outputs, int threads);
    }

    /** A frozen base at work; see {@link OnnxModel#run}. */
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
     * @param prefixSeconds running the model; 0 when nothing was computed
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

    private record Filled(int images, FloatBuffer buffer, CompletableFuture<Void> done) {}

    private Pass compute(
            FeatureSource source,
            FrozenBase base,
            List<FeatureOutput> outputs,
            Progress progress,
            BooleanSupplier cancelled)
            throws IOException {
        List<Wanted> wanted = wanted(source);
        List<String> nodes = outputs.stream().map(FeatureOutput::node).toList();
        Deque<AutoCloseable> open = new ArrayDeque<>();
        ExecutorService readers = Executors.newFixedThreadPool(decoders);
        open.push(() -> {
            readers.shutdownNow();
            readers.awaitTermination(1, TimeUnit.MINUTES);
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
            PixelReader reader = source.reader(base, cache, readers);
            long prefixNanos = 0;
            int imageFloats = 3 * base.imageSize() * base.imageSize();
            int floats = Math.multiplyExact(batch, imageFloats);
            // Begun before there is a model: to make one takes as long as to decode the first batches.
            Deque<Filled> ahead = new ArrayDeque<>();
            int nextFirst = 0;
            for (; ahead.size() < BATCHES && nextFirst < wanted.size(); nextFirst += batch) {
                ahead.add(fill(reader, wanted, nextFirst, OnnxModel.buffer(floats)));
            }
            Model model = models.model(base, outputs, threads);
            open.push(model);
            for (int first = 0; first < wanted.size(); first += batch) {
                Filled current = ahead.remove();
                PixelReader.await(current.done());
                if (cancelled.getAsBoolean()) {
                    throw new CancelledException();
                }
                long start = System.nanoTime();
                List<float[]> values = model.run(current.buffer(), current.images(), nodes);
                prefixNanos += System.nanoTime() - start;
                if (nextFirst < wanted.size()) {
                    ahead.add(fill(reader, wanted, nextFirst, current.buffer()));
                    nextFirst += batch;
                }
                for (int i = 0; i < writers.size(); i++) {
                    int rowLength = values.get(i).length / current.images();
                    for (int row = 0; row < current.images(); row++) {
                        writers.get(i).write(values.get(i), row * rowLength);
                    }
                }
                progress.images(Math.min(first + batch, wanted.size()), wanted.size());
            }
            for (FeatureFile.Writer writer : writers) {
                writer.commit();
            }
            cache.end(comingSizes);
            return new Pass(reader.seconds(), prefixNanos / 1e9);
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

    private Filled fill(PixelReader reader, List<Wanted> wanted, int first, FloatBuffer buffer) {
        List<Wanted> images = wanted.subList(first, Math.min(first + batch, wanted.size()));
        return new Filled(images.size(), buffer, reader.fill(images, buffer));
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
