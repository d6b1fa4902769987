package dev.graft.features;

import dev.graft.features.PixelReader.Wanted;
import dev.graft.onnx.OnnxModel;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Features of training images that are augmented anew in every epoch ({@code views: live}), computed when read. For one
 * thread at a time.
 */
public final class LiveFeatures implements TrainingFeatures, AutoCloseable {

    private final FeatureSource source;
    private final FeatureOutput output;
    private final int[] shape;
    private final int imageFloats;
    private final OnnxModel model;
    private final ExecutorService decoders;
    private final PixelReader reader;
    private FloatBuffer buffer = OnnxModel.buffer(0);

    /** Prepares the base; each trial makes its own. */
    public LiveFeatures(FeatureSource source, FrozenBase base, FeatureOutput output, int threads) {
        this.source = source;
        this.output = output;
        this.shape = base.shape(output);
        this.imageFloats = 3 * base.imageSize() * base.imageSize();
        this.model = base.model(List.of(output), threads);
        this.decoders = Executors.newFixedThreadPool(threads);
        this.reader = source.reader(base, PixelCache.none(), decoders);
    }

    @Override
    public int images() {
        return source.dataset().train().size();
    }

    @Override
    public int[] shape() {
        return shape.clone();
    }

    @Override
    public boolean isRecomputed() {
        return true;
    }

    @Override
    public void read(int epoch, int[] images, int from, int count, float[] into) {
        List<Wanted> wanted = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            wanted.add(new Wanted(source.dataset().train().get(images[i]), epoch - 1));
        }
        // Kept from batch to batch: memory outside the heap is freed late.
        if (buffer.capacity() < count * imageFloats) {
            buffer = OnnxModel.buffer(count * imageFloats);
        }
        PixelReader.await(reader.fill(wanted, buffer));
        float[] values = model.run(buffer, count, List.of(output.node())).get(0);
        System.arraycopy(values, 0, into, 0, values.length);
    }

    @Override
    public void close() {
        decoders.shutdownNow();
        model.close();
    }
}
