package dev.graft.features;

import dev.graft.base.Preprocessing;
import dev.graft.data.Augmenter;
import dev.graft.data.Frame;
import dev.graft.data.Framing;
import dev.graft.data.ImageDecoder;
import dev.graft.data.LabelledImage;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
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
    private final ExecutorService threads;
    private final LongAdder nanos = new LongAdder();

    PixelReader(
            int size,
            Preprocessing preprocessing,
            OptionalDouble centerCrop,
            Augmenter augmenter,
            ExecutorService threads) {
        this.size = size;
        this.preprocessing = preprocessing;
        this.centerCrop = centerCrop;
        this.augmenter = augmenter;
        this.threads = threads;
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
                        long start = System.nanoTime();
                        float[] pixels = read(batch.get(index));
                        buffer.duplicate().position(index * pixels.length).put(pixels);
                        nanos.add(System.nanoTime() - start);
                    },
                    threads));
        }
        return CompletableFuture.allOf(images.toArray(CompletableFuture[]::new));
    }

    private float[] read(Wanted wanted) {
        float[] pixels = new float[3 * size * size];
        String name = wanted.image().name();
        Framing usual = (width, height) -> Frame.of(width, height, centerCrop);
        if (wanted.view() < 0) {
            ImageDecoder.toTensor(ImageDecoder.read(wanted.image().path()), usual, size, pixels, 0);
        } else {
            Framing part = (width, height) ->
                    augmenter.crop(width, height, name, wanted.view()).orElseGet(() -> usual.of(width, height));
            float[] plain = new float[pixels.length];
            ImageDecoder.toTensor(ImageDecoder.read(wanted.image().path()), part, size, plain, 0);
            augmenter.apply(plain, size, name, wanted.view(), pixels, 0);
        }
        preprocessing.apply(pixels, 0, size * size);
        return pixels;
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
