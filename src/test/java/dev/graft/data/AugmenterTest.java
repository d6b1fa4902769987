package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.spec.SweepData.Augmentation;
import dev.graft.spec.SweepData.Augmentation.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AugmenterTest {

    private static final int SIZE = 16;

    private static float[] picture() {
        float[] image = new float[3 * SIZE * SIZE];
        ImageDecoder.toTensor(TestImages.noise(SIZE, SIZE, 11), SIZE, image, 0);
        return image;
    }

    private static float[] view(Augmenter augmenter, String name, int view) {
        float[] out = new float[3 * SIZE * SIZE];
        augmenter.apply(picture(), SIZE, name, view, out, 0);
        return out;
    }

    private static Augmenter of(Kind kind, double amount) {
        return new Augmenter(List.of(new Augmentation(kind, amount)), 42);
    }

    @Test
    void withoutChangesAViewIsTheImage() {
        assertThat(view(new Augmenter(List.of(), 42), "a", 0)).isEqualTo(picture());
    }

    @Test
    void flipsAreExactAndHalfOfAllViews() {
        float[] plain = picture();
        float[] mirrored = new float[plain.length];
        for (int i = 0; i < plain.length; i++) {
            mirrored[i / SIZE * SIZE + SIZE - 1 - i % SIZE] = plain[i];
        }
        int flips = 0;
        for (int view = 0; view < 400; view++) {
            float[] result = view(of(Kind.HORIZONTAL_FLIP, 0), "a", view);
            boolean flipped = Arrays.equals(result, mirrored);
            assertThat(flipped || Arrays.equals(result, plain)).isTrue();
            flips += flipped ? 1 : 0;
        }
        assertThat(flips).isBetween(160, 240);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ROTATION", "ZOOM", "SHIFT", "SHEAR", "BRIGHTNESS", "CONTRAST"})
    void theDrawDependsOnSeedNameAndViewAlone(Kind kind) {
        Augmenter augmenter = of(kind, 0.4);
        float[] first = view(augmenter, "train/hat/1.jpg", 3);
        IntStream.range(0, 20).parallel().forEach(view -> view(augmenter, "train/hat/2.jpg", view));
        assertThat(view(of(kind, 0.4), "train/hat/1.jpg", 3)).isEqualTo(first);
        assertThat(view(augmenter, "train/hat/2.jpg", 3)).isNotEqualTo(first);
        assertThat(view(augmenter, "train/hat/1.jpg", 4)).isNotEqualTo(first);
        assertThat(view(new Augmenter(List.of(new Augmentation(kind, 0.4)), 43), "train/hat/1.jpg", 3))
                .isNotEqualTo(first);
    }

    @Test
    void theFirstViewIsDrawnToo() {
        assertThat(view(of(Kind.ROTATION, 20), "a", 0)).isNotEqualTo(picture());
    }

    @Test
    void aShiftMovesPixelsAndRepeatsTheEdge() {
        float[] ramp = new float[3 * SIZE * SIZE];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = i % SIZE;
        }
        float[] out = new float[ramp.length];
        of(Kind.SHIFT, 0.5).apply(ramp, SIZE, "a", 1, out, 0);
        float moved = out[SIZE / 2] - SIZE / 2f;
        for (int x = 0; x < SIZE; x++) {
            assertThat(out[x]).isCloseTo(Math.max(0, Math.min(SIZE - 1, x + moved)), within(1e-3f));
        }
    }

    @Test
    void aShearMovesRowsByTheirDistanceFromTheMiddle() {
        float[] ramp = new float[3 * SIZE * SIZE];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = 100 + i % SIZE;
        }
        float[] out = new float[ramp.length];
        of(Kind.SHEAR, 20).apply(ramp, SIZE, "a", 1, out, 0);
        int middle = SIZE / 2;
        float perRow = out[(middle + 1) * SIZE + middle] - out[middle * SIZE + middle];
        assertThat((double) Math.abs(perRow)).isBetween(1e-3, Math.tan(Math.toRadians(20)));
        for (int y = middle - 3; y < middle + 3; y++) {
            assertThat(out[y * SIZE + middle] - ramp[middle]).isCloseTo((y - (SIZE - 1) / 2f) * perRow, within(1e-3f));
        }
    }

    @Test
    void contrastKeepsTheMeanAndScalesTheDistances() {
        float[] image = new float[3 * SIZE * SIZE];
        for (int i = 0; i < image.length; i++) {
            image[i] = 100 + i % 2 * 20 + i / (SIZE * SIZE) * 10;
        }
        float[] out = new float[image.length];
        of(Kind.CONTRAST, 0.5).apply(image, SIZE, "a", 1, out, 0);
        for (int channel = 0; channel < 3; channel++) {
            int at = channel * SIZE * SIZE;
            assertThat((out[at] + out[at + 1]) / 2).isCloseTo(110 + channel * 10f, within(1e-3f));
            assertThat((double) out[at + 1] - out[at]).isBetween(10.0, 30.0).isNotCloseTo(20, within(1e-3));
        }
    }

    @Test
    void coloursChangeInTheOrderOfTheList() {
        Augmentation contrast = new Augmentation(Kind.CONTRAST, 0.9);
        Augmentation brightness = new Augmentation(Kind.BRIGHTNESS, 0.9);
        assertThat(view(new Augmenter(List.of(contrast, brightness), 42), "a", 1))
                .isNotEqualTo(view(new Augmenter(List.of(brightness, contrast), 42), "a", 1));
    }

    @Test
    void onlyARandomCropTakesAPart() {
        assertThat(of(Kind.ZOOM, 0.5).crop(40, 30, "a", 0)).isEmpty();
        assertThat(of(Kind.RANDOM_RESIZED_CROP, 0.5).crop(40, 30, "a", 0)).isPresent();
        // The square itself is left to it as it is.
        assertThat(view(of(Kind.RANDOM_RESIZED_CROP, 0.5), "a", 0)).isEqualTo(picture());
    }

    @Test
    void theCropDependsOnSeedNameAndViewAlone() {
        Augmentation crop = new Augmentation(Kind.RANDOM_RESIZED_CROP, 0.1);
        var first = of(Kind.RANDOM_RESIZED_CROP, 0.1).crop(640, 480, "a", 3);
        assertThat(new Augmenter(List.of(new Augmentation(Kind.ZOOM, 0.5), crop), 42).crop(640, 480, "a", 3))
                .isEqualTo(first);
        assertThat(of(Kind.RANDOM_RESIZED_CROP, 0.1).crop(640, 480, "a", 4)).isNotEqualTo(first);
        assertThat(of(Kind.RANDOM_RESIZED_CROP, 0.1).crop(640, 480, "b", 3)).isNotEqualTo(first);
        assertThat(new Augmenter(List.of(crop), 43).crop(640, 480, "a", 3)).isNotEqualTo(first);
    }

    @Property(tries = 100)
    void valuesStayInRange(
            @ForAll @DoubleRange(min = 0, max = 180) double degrees,
            @ForAll @DoubleRange(min = 0, max = 0.99) double part,
            @ForAll @IntRange(min = 0, max = 1000) int view) {
        Augmenter augmenter = new Augmenter(
                List.of(
                        new Augmentation(Kind.HORIZONTAL_FLIP, 0),
                        new Augmentation(Kind.VERTICAL_FLIP, 0),
                        new Augmentation(Kind.ROTATION, degrees),
                        new Augmentation(Kind.ZOOM, part),
                        new Augmentation(Kind.SHIFT, part),
                        new Augmentation(Kind.SHEAR, degrees / 3),
                        new Augmentation(Kind.BRIGHTNESS, part),
                        new Augmentation(Kind.CONTRAST, part)),
                view);
        for (float value : view(augmenter, "a", view)) {
            assertThat(value).isBetween(0f, 255f);
        }
    }

    @Property(tries = 100)
    void constantImagesStayConstantUnderGeometry(@ForAll @DoubleRange(min = 0, max = 180) double degrees) {
        float[] grey = new float[3 * SIZE * SIZE];
        Arrays.fill(grey, 77);
        float[] out = new float[grey.length];
        new Augmenter(List.of(new Augmentation(Kind.ROTATION, degrees), new Augmentation(Kind.ZOOM, 0.5)), 1)
                .apply(grey, SIZE, "a", 0, out, 0);
        for (float value : out) {
            assertThat(value).isCloseTo(77, within(1e-3f));
        }
    }
}
