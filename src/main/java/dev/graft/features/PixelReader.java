package dev.graft.features;

import dev.graft.base.Preprocessing;
import dev.graft.data.Augmenter;
import dev.graft.data.DecodedImage;
import dev.graft.data.Frame;
import dev.graft.data.Framing;
import dev.graft.data.ImageDecoder;
import dev.graft.data.LabelledImage;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.LongAdder;

/** Turns image files into prepared batches {@code [batch, 3, size, size]}, several images at a time. */
final class PixelReader {

    /** An image and which random view of it; a negative view is the plain image. */
    record Wanted(LabelledImage image, int view) {

        static Wanted plain(LabelledImage image) {
            return new Wanted(image, -1);
        }
    }

    private final int size;
    private final Preprocessing preprocessing;
    private final OptionalDouble centerCrop;
    private final Augmenter augmenter;
    private final PixelCache cache;
    private final ExecutorService threads;
    private final Prepared prepared;
    private final ThreadLocal<float[]> scratch;
    private final LongAdder nanos = new LongAdder();

    PixelReader(
            int size,
            Preprocessing preprocessing,
            OptionalDouble centerCrop,
            Augmenter augmenter,
            PixelCache cache,
            ExecutorService threads) {
        this.size = size;
        this.preprocessing = preprocessing;
        this.centerCrop = centerCrop;
        this.augmenter = augmenter;
        this.cache = cache;
        this.threads = threads;
        this.prepared = Prepared.of(preprocessing);
        this.scratch = ThreadLocal.withInitial(() -> new float[3 * size * size]);
    }

    /** Returns the seconds spent decoding so far, summed over threads. */
    double seconds() {
        return nanos.sum() / 1e9;
    }

    /** Begins to fill a buffer; the future ends when every image is there. */
    CompletableFuture<Void> fill(List<Wanted> batch, FloatBuffer buffer) {
        List<CompletableFuture<Void>> images = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            int index = i;
            images.add(CompletableFuture.runAsync(
                    () -> {
                        int floats = 3 * size * size;
                        read(batch.get(index), buffer.duplicate().position(index * floats));
                    },
                    threads));
        }
        return CompletableFuture.allOf(images.toArray(CompletableFuture[]::new));
    }

    /** Writes an image at a buffer's position. */
    void read(Wanted wanted, FloatBuffer into) {
        long start = System.nanoTime();
        byte[] rgb = pixels(wanted);
        float[] pixels = scratch.get();
        if (wanted.view() < 0) {
            prepared.put(rgb, pixels);
        } else {
            augmenter.apply(DecodedImage.floats(rgb), size, wanted.image().name(), wanted.view(), pixels, 0);
            preprocessing.apply(pixels, 0, size * size);
        }
        into.put(pixels);
        nanos.add(System.nanoTime() - start);
    }

    /** Takes the part that a view shows, at this reader's size; also keeps it at those sizes that are wanted later. */
    private byte[] pixels(Wanted wanted) {
        String name = wanted.image().name();
        boolean cropped = wanted.view() >= 0 && augmenter.crops();
        int part = cropped ? wanted.view() : -1;
        PixelCache.Key key = new PixelCache.Key(name, part, size);
        Optional<byte[]> kept = cache.find(key);
        if (kept.isPresent()) {
            return kept.get();
        }
        Framing usual = (width, height) -> Frame.of(width, height, centerCrop);
        Framing framing = cropped
                ? (width, height) ->
                        augmenter.crop(width, height, name, wanted.view()).orElseThrow()
                : usual;
        DecodedImage image = ImageDecoder.open(wanted.image().path());
        byte[] own = image.resized(framing, size);
        for (int other : cache.missing(name, part)) {
            cache.keep(new PixelCache.Key(name, part, other), other == size ? own : image.resized(framing, other));
        }
        return own;
    }

    /**
     * What the 256 values of a byte become.
     *
     * @param source which plane of red, green and blue each plane of the base's input is
     * @param values of each plane of the base's input
     */
    private record Prepared(int[] source, float[][] values) {

        static Prepared of(Preprocessing preprocessing) {
            float[] ramps = new float[3 * 256];
            for (int i = 0; i < ramps.length; i++) {
                ramps[i] = i % 256;
            }
            preprocessing.apply(ramps, 0, 256);
            float[][] values = new float[3][];
            for (int channel = 0; channel < 3; channel++) {
                values[channel] = Arrays.copyOfRange(ramps, channel * 256, (channel + 1) * 256);
            }
            return new Prepared(preprocessing.bgr() ? new int[] {2, 1, 0} : new int[] {0, 1, 2}, values);
        }

        void put(byte[] rgb, float[] pixels) {
            int plane = rgb.length / 3;
            for (int channel = 0; channel < 3; channel++) {
                float[] table = values[channel];
                int from = source[channel] * plane;
                int to = channel * plane;
                for (int i = 0; i < plane; i++) {
                    pixels[to + i] = table[rgb[from + i] & 0xFF];
                }
            }
        }
    }

    /** Waits for a filled buffer, passing on what went wrong. */
    static void await(CompletableFuture<Void> filled) {
        try {
            filled.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw e;
        }
    }
}
