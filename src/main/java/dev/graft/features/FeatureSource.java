package dev.graft.features;

import dev.graft.base.Architecture;
import dev.graft.data.Augmenter;
import dev.graft.data.Dataset;
import dev.graft.data.ImageDecoder;
import dev.graft.spec.FeaturePrecision;
import dev.graft.spec.SweepData;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;

/**
 * The images of a sweep with what happens to them before the base.
 *
 * @param dataset the images
 * @param settings augmentation and views
 * @param seed what augmentation draws derive from
 * @param precision the numbers in which features are stored
 */
public record FeatureSource(Dataset dataset, SweepData settings, long seed, FeaturePrecision precision) {

    /** Makes a source whose features are stored as they are computed. */
    public FeatureSource(Dataset dataset, SweepData settings, long seed) {
        this(dataset, settings, seed, FeaturePrecision.FLOAT32);
    }

    /** Returns the key of an output's features. */
    public FeatureKey key(FrozenBase base, FeatureOutput output) {
        Architecture architecture = base.architecture();
        return new FeatureKey(
                architecture.name(),
                architecture.version(),
                base.weights().digest(),
                base.imageSize(),
                output.cut(),
                output.pooling(),
                "decode " + ImageDecoder.DECODE_VERSION + ", " + architecture.preprocessing() + centerCrop(),
                augmentation(),
                dataset.digest(),
                precision.word());
    }

    /** Returns rows stored per training image. */
    public int storedViews() {
        if (settings.live()) {
            return 0;
        }
        return settings.augment().isEmpty() ? 1 : settings.views();
    }

    /** Returns the images that one pass of the frozen base reads, views counted. */
    public long passImages() {
        return (long) storedViews() * dataset.train().size()
                + dataset.validation().size();
    }

    /** Returns a reader of the images as a base wants them. */
    PixelReader reader(FrozenBase base, PixelCache cache, ExecutorService threads) {
        return new PixelReader(
                base.imageSize(),
                base.architecture().preprocessing(),
                settings.centerCrop(),
                augmenter(),
                cache,
                threads);
    }

    /** Says whether a pass reads the same pixels several times: views that differ in colour or place alone. */
    boolean repeatsPixels() {
        return storedViews() > 1 && !augmenter().crops();
    }

    private Augmenter augmenter() {
        return new Augmenter(settings.augment(), seed);
    }

    /** Says nothing where there is none, so that keys from before there was such a thing still count. */
    private String centerCrop() {
        return settings.centerCrop().isPresent()
                ? ", center crop " + settings.centerCrop().getAsDouble()
                : "";
    }

    private String augmentation() {
        if (settings.live()) {
            return "live";
        }
        if (settings.augment().isEmpty()) {
            return "none";
        }
        return settings.augment().stream()
                .map(a -> a.kind() + " " + a.amount())
                .collect(Collectors.joining(
                        ", ",
                        "version " + Augmenter.AUGMENT_VERSION + ", seed " + seed + ", " + settings.views()
                                + " views: ",
                        ""));
    }

    FeatureHeader header(FeatureKey key, int[] shape) {
        return new FeatureHeader(
                key,
                Arrays.stream(shape).boxed().toList(),
                storedViews(),
                dataset.train().stream().map(image -> image.name()).toList(),
                dataset.train().stream().map(image -> image.label()).toList(),
                dataset.validation().stream().map(image -> image.name()).toList(),
                dataset.validation().stream().map(image -> image.label()).toList());
    }

    /** Returns the bytes that an output's features take on disk. */
    public long bytes(FrozenBase base, FeatureOutput output) {
        return FeatureFile.size(header(key(base, output), base.shape(output)));
    }
}
