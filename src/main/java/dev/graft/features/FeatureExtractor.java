package dev.graft.features;

import dev.graft.data.LabelledImage;
import dev.graft.features.PixelReader.Wanted;
import dev.graft.onnx.OnnxModel;
import java.io.IOException;
import java.nio.FloatBuffer;
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
import java.util.function.BooleanSupplier;

/**
 * Runs the frozen base over all images once and stores every wanted output of that pass. Decoding of the next batch
 * goes on while ONNX Runtime works on this one.
 */
public final class FeatureExtractor {

    /** Images per run of the model; also part of what makes results bit-equal, so it never varies. */
    static final int BATCH = 32;

    private final FeatureStore store;
    private final int threads;

    /** Uses a store and as many threads for ONNX Runtime, and for decoding, as given. */
    public FeatureExtractor(FeatureStore store, int threads) {
        this.store = store;
        this.threads = threads;
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
     * Returns the features of some outputs, computing in one pass those the store lacks.
     *
     * @throws FeatureStoreException when they do not fit on the disk
     * @throws CancelledException when {@code cancelled} says so between two batches; nothing is stored then
     */
    public Extraction extract(
            FeatureSource source,
            FrozenBase base,
            List<FeatureOutput> outputs,
            Progress progress,
            BooleanSupplier cancelled) {
        Deque<AutoCloseable> open = new ArrayDeque<>();
        try {
            Map<FeatureOutput, FeatureKey> keys = new LinkedHashMap<>();
            outputs.stream()
                    .sorted(Comparator.comparing(
                            output -> source.key(base, output).digest()))
                    .forEach(output -> keys.put(output, source.key(base, output)));
            Map<FeatureOutput, FeatureFile> files = new LinkedHashMap<>();
            List<FeatureOutput> missing = new ArrayList<>();
            // In one order for all processes, so that no two wait for each other.
            for (Map.Entry<FeatureOutput, FeatureKey> entry : keys.entrySet()) {
                Optional<FeatureFile> found = store.find(entry.getValue());
                if (found.isEmpty()) {
                    open.push(store.lock(entry.getValue()));
                    found = store.find(entry.getValue());
                }
                found.ifPresentOrElse(file -> files.put(entry.getKey(), file), () -> missing.add(entry.getKey()));
            }
            if (missing.isEmpty()) {
                return new Extraction(files, List.of(), 0, 0);
            }
            Pass pass = compute(source, base, missing, progress, cancelled);
            for (FeatureOutput output : missing) {
                FeatureKey key = source.key(base, output);
                files.put(
                        output,
                        store.find(key)
                                .orElseThrow(() -> new FeatureStoreException(
                                        store.file(key) + " vanished right after it was written")));
            }
            return new Extraction(files, missing, pass.decodeSeconds(), pass.prefixSeconds());
        } catch (IOException e) {
            throw new FeatureStoreException("features cannot be stored: " + e.getMessage(), e);
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
        long bytes = 0;
        for (FeatureOutput output : outputs) {
            bytes += source.bytes(base, output);
        }
        store.deleteStaleParts();
        store.requireSpace(bytes);
        List<Wanted> wanted = wanted(source);
        List<String> nodes = outputs.stream().map(FeatureOutput::node).toList();
        Deque<AutoCloseable> open = new ArrayDeque<>();
        ExecutorService decoders = Executors.newFixedThreadPool(threads);
        open.push(decoders::shutdownNow);
        try {
            List<FeatureFile.Writer> writers = new ArrayList<>();
            for (FeatureOutput output : outputs) {
                FeatureKey key = source.key(base, output);
                FeatureFile.Writer writer =
                        new FeatureFile.Writer(store.file(key), source.header(key, base.shape(output)));
                open.push(writer);
                writers.add(writer);
            }
            OnnxModel model = base.model(outputs, threads);
            open.push(model);
            PixelReader reader = source.reader(base, decoders);
            long prefixNanos = 0;
            int imageFloats = 3 * base.imageSize() * base.imageSize();
            FloatBuffer[] buffers = {OnnxModel.buffer(BATCH * imageFloats), OnnxModel.buffer(BATCH * imageFloats)};
            Filled next = fill(reader, wanted, 0, buffers[0]);
            int batch = 0;
            for (int first = 0; first < wanted.size(); first += BATCH) {
                Filled current = next;
                PixelReader.await(current.done());
                if (cancelled.getAsBoolean()) {
                    throw new CancelledException();
                }
                next = fill(reader, wanted, first + BATCH, buffers[++batch % 2]);
                long start = System.nanoTime();
                List<float[]> values = model.run(current.buffer(), current.images(), nodes);
                prefixNanos += System.nanoTime() - start;
                for (int i = 0; i < writers.size(); i++) {
                    int rowLength = values.get(i).length / current.images();
                    for (int row = 0; row < current.images(); row++) {
                        writers.get(i).write(values.get(i), row * rowLength);
                    }
                }
                progress.images(Math.min(first + BATCH, wanted.size()), wanted.size());
            }
            for (FeatureFile.Writer writer : writers) {
                writer.commit();
            }
            return new Pass(reader.seconds(), prefixNanos / 1e9);
        } finally {
            closeAll(open);
        }
    }

    private static Filled fill(PixelReader reader, List<Wanted> wanted, int first, FloatBuffer buffer) {
        List<Wanted> batch =
                first >= wanted.size() ? List.of() : wanted.subList(first, Math.min(first + BATCH, wanted.size()));
        return new Filled(batch.size(), buffer, reader.fill(batch, buffer));
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

    private static void closeAll(Deque<AutoCloseable> open) {
        IOException failure = null;
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IOException(e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw new FeatureStoreException("cannot close: " + failure.getMessage(), failure);
        }
    }
}
