package dev.graft.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Augmenter;
import dev.graft.data.Dataset;
import dev.graft.data.Frame;
import dev.graft.data.ImageDecoder;
import dev.graft.data.LabelledImage;
import dev.graft.features.PixelReader.Wanted;
import dev.graft.spec.SweepData;
import dev.graft.spec.SweepData.Augmentation;
import java.awt.image.BufferedImage;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PixelReaderTest {

    private static final int SIZE = 32;
    private static final OptionalDouble CENTRE = OptionalDouble.of(0.75);
    private static final Augmentation CROP = new Augmentation(Augmentation.Kind.RANDOM_RESIZED_CROP, 0.3);
    private static final Augmentation FLIP = new Augmentation(Augmentation.Kind.VERTICAL_FLIP, 0);

    @TempDir
    Path folder;

    private final FrozenBase base = DrawnSource.sprout(SIZE);
    private Dataset dataset;
    private LabelledImage image;

    @BeforeEach
    void draw() {
        dataset = DrawnSource.dataset(folder, 1, 1);
        image = dataset.train().get(0);
    }

    private float[] read(OptionalDouble centerCrop, List<Augmentation> augment, int view) {
        SweepData settings = new SweepData(
                "p",
                Optional.empty(),
                augment,
                2,
                SweepData.OnBadImage.SKIP,
                centerCrop,
                List.of(),
                OptionalLong.empty(),
                Optional.empty());
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            FloatBuffer buffer = FloatBuffer.allocate(3 * SIZE * SIZE);
            PixelReader.await(new FeatureSource(dataset, settings, 42)
                    .reader(base, PixelCache.none(), threads)
                    .fill(List.of(new Wanted(image, view)), buffer));
            return buffer.array();
        } finally {
            threads.shutdownNow();
        }
    }

    /** What a reader should give: a part of the file, then all other changes, then the base's own preparation. */
    private float[] expected(Frame frame, List<Augmentation> augment, int view) {
        float[] plain = ImageDecoder.open(image.path()).tensor((w, h) -> frame, SIZE);
        float[] pixels = new float[plain.length];
        new Augmenter(augment, 42).apply(plain, SIZE, image.name(), view, pixels, 0);
        base.architecture().preprocessing().apply(pixels, 0, SIZE * SIZE);
        return pixels;
    }

    private Frame frame(OptionalDouble centerCrop) {
        BufferedImage decoded = ImageDecoder.read(image.path());
        return Frame.of(decoded.getWidth(), decoded.getHeight(), centerCrop);
    }

    private Frame crop(int view) {
        BufferedImage decoded = ImageDecoder.read(image.path());
        return new Augmenter(List.of(CROP), 42)
                .crop(decoded.getWidth(), decoded.getHeight(), image.name(), view)
                .orElseThrow();
    }

    @Test
    void squeezesPlainImagesOrCutsOutTheirCentre() {
        assertThat(read(OptionalDouble.empty(), List.of(), -1))
                .isEqualTo(expected(frame(OptionalDouble.empty()), List.of(), 0));
        assertThat(read(CENTRE, List.of(), -1))
                .isEqualTo(expected(frame(CENTRE), List.of(), 0))
                .isNotEqualTo(read(OptionalDouble.empty(), List.of(), -1));
    }

    @Test
    void changesTheCentreWhereNoRandomPartIsTaken() {
        assertThat(read(CENTRE, List.of(FLIP), 1)).isEqualTo(expected(frame(CENTRE), List.of(FLIP), 1));
    }

    @Test
    void takesTheRandomPartOfTheFileAndThenTheOtherChanges() {
        float[] view = read(CENTRE, List.of(FLIP, CROP), 1);
        assertThat(view).isEqualTo(expected(crop(1), List.of(FLIP, CROP), 1));
        assertThat(read(OptionalDouble.empty(), List.of(FLIP, CROP), 1)).isEqualTo(view);
        assertThat(read(CENTRE, List.of(FLIP, CROP), 0)).isNotEqualTo(view);
    }

    @Test
    void showsValidationImagesTheirCentreAllTheSame() {
        assertThat(read(CENTRE, List.of(CROP), -1)).isEqualTo(expected(frame(CENTRE), List.of(), 0));
    }
}
