package dev.graft.data;

import dev.graft.spec.SweepData.Augmentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Changes training images at random; immutable, safe to call from many threads.
 *
 * <p>The draw for an image depends on the seed, the image's name and the view alone, so it is the same whatever the
 * order of work, the threads or the machine. Every view is drawn, the first one too: with {@code views: 1} each image
 * is changed once, and the plain image is seen only as far as the draws happen to leave it plain.
 *
 * <p>A random crop comes first, wherever it stands in the list: it is taken of the image as decoded. All other geometric
 * changes become one affine map, in the order of the list, about the middle of the square, sampled once with bilinear
 * weights; beyond the border the nearest edge pixel repeats. Brightness and contrast come last, in the order of the list,
 * each cut to [0, 255].
 */
public final class Augmenter {

    /** Changes whenever the same draw may give other numbers; part of every cache key over augmented images. */
    public static final int AUGMENT_VERSION = 1;

    private final List<Augmentation> augmentations;
    private final long seed;

    /**
     * Makes an augmenter.
     *
     * @param augmentations the changes, in order; with none every view equals the image
     * @param seed the sweep's seed
     */
    public Augmenter(List<Augmentation> augmentations, long seed) {
        this.augmentations = List.copyOf(augmentations);
        this.seed = seed;
    }

    /** Says whether views show different parts of an image. */
    public boolean crops() {
        return augmentations.stream().anyMatch(change -> change.kind() == Augmentation.Kind.RANDOM_RESIZED_CROP);
    }

    /**
     * Draws the part of an image that one view shows; empty without a random crop among the changes.
     *
     * @param width of the image as decoded, in pixels
     * @param height of it
     * @param name the image's name in the data set
     * @param view as for {@link #apply}
     */
    public Optional<Frame> crop(int width, int height, String name, int view) {
        return augmentations.stream()
                .filter(change -> change.kind() == Augmentation.Kind.RANDOM_RESIZED_CROP)
                .findFirst()
                // Split off, so that the draws of the other changes do not depend on the crop's.
                .map(change -> RandomCrop.draw(
                        width,
                        height,
                        change.amount(),
                        Seeded.random(seed, name, view).split()));
    }

    /**
     * Writes one view of an image, all changes but the crop made.
     *
     * @param image {@code [3, size, size]} floats in [0, 255], as {@link ImageDecoder#toTensor} writes them from index
     *     0; left unchanged
     * @param size the side in pixels
     * @param name the image's name in the data set
     * @param view the number of the view, or of the epoch for {@code views: live}; from 0
     * @param out receives the same shape and range; must not be {@code image}
     * @param offset where the first value goes
     */
    public void apply(float[] image, int size, String name, int view, float[] out, int offset) {
        SplittableRandom random = Seeded.random(seed, name, view);
        Affine map = Affine.IDENTITY;
        List<Recolouring> recolourings = new ArrayList<>();
        for (Augmentation augmentation : augmentations) {
            double amount = augmentation.amount();
            // Each change draws the same count of numbers whether it acts or not.
            double first = random.nextDouble() * 2 - 1;
            double second = random.nextDouble() * 2 - 1;
            switch (augmentation.kind()) {
                case HORIZONTAL_FLIP -> map = map.then(first < 0 ? new Affine(-1, 0, 0, 0, 1, 0) : Affine.IDENTITY);
                case VERTICAL_FLIP -> map = map.then(first < 0 ? new Affine(1, 0, 0, 0, -1, 0) : Affine.IDENTITY);
                case ROTATION -> map = map.then(Affine.rotation(StrictMath.toRadians(first * amount)));
                case ZOOM -> map = map.then(Affine.scale(1 + first * amount));
                case SHIFT -> map = map.then(new Affine(1, 0, first * amount * size, 0, 1, second * amount * size));
                case SHEAR ->
                    map = map.then(new Affine(1, StrictMath.tan(StrictMath.toRadians(first * amount)), 0, 0, 1, 0));
                case BRIGHTNESS -> recolourings.add(new Recolouring((float) (1 + first * amount), false));
                case CONTRAST -> recolourings.add(new Recolouring((float) (1 + first * amount), true));
                case RANDOM_RESIZED_CROP -> {
                    // The image was cropped before it came here.
                }
            }
        }
        sample(image, size, map.inverse(), out, offset);
        recolourings.forEach(recolouring -> {
            for (int channel = 0; channel < 3; channel++) {
                recolouring.apply(out, offset + channel * size * size, size * size);
            }
        });
    }

    /** Multiplies values, or their distance from their mean, by a factor. */
    private record Recolouring(float factor, boolean aboutMean) {

        void apply(float[] values, int from, int count) {
            if (factor == 1) {
                return;
            }
            double sum = 0;
            for (int i = from; aboutMean && i < from + count; i++) {
                sum += values[i];
            }
            float middle = (float) (sum / count);
            for (int i = from; i < from + count; i++) {
                float changed = aboutMean ? middle + (values[i] - middle) * factor : values[i] * factor;
                values[i] = Math.max(0, Math.min(255, changed));
            }
        }
    }

    private static void sample(float[] image, int size, Affine back, float[] out, int offset) {
        int plane = size * size;
        if (back.equals(Affine.IDENTITY)) {
            System.arraycopy(image, 0, out, offset, 3 * plane);
            return;
        }
        double middle = (size - 1) / 2.0;
        int last = size - 1;
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                double u = clamp(back.x(x - middle, y - middle) + middle, last);
                double v = clamp(back.y(x - middle, y - middle) + middle, last);
                int left = (int) u;
                int top = (int) v;
                float right = (float) (u - left);
                float below = (float) (v - top);
                int at = top * size + left;
                int stepX = left < last ? 1 : 0;
                int stepY = top < last ? size : 0;
                for (int channel = 0; channel < 3; channel++) {
                    int from = channel * plane + at;
                    float upper = image[from] + right * (image[from + stepX] - image[from]);
                    float lower = image[from + stepY] + right * (image[from + stepY + stepX] - image[from + stepY]);
                    out[offset + channel * plane + y * size + x] = upper + below * (lower - upper);
                }
            }
        }
    }

    private static double clamp(double value, int last) {
        return Math.max(0, Math.min(last, value));
    }

    /** Maps {@code (x, y)} to {@code (a x + b y + c, d x + e y + f)}, from the middle of the image. */
    private record Affine(double a, double b, double c, double d, double e, double f) {

        static final Affine IDENTITY = new Affine(1, 0, 0, 0, 1, 0);

        /** StrictMath, because the other one may differ between machines. */
        static Affine rotation(double radians) {
            double cos = StrictMath.cos(radians);
            double sin = StrictMath.sin(radians);
            return new Affine(cos, -sin, 0, sin, cos, 0);
        }

        static Affine scale(double factor) {
            return new Affine(factor, 0, 0, 0, factor, 0);
        }

        double x(double x, double y) {
            return a * x + b * y + c;
        }

        double y(double x, double y) {
            return d * x + e * y + f;
        }

        Affine then(Affine next) {
            return new Affine(
                    next.a * a + next.b * d,
                    next.a * b + next.b * e,
                    next.x(c, f),
                    next.d * a + next.e * d,
                    next.d * b + next.e * e,
                    next.y(c, f));
        }

        Affine inverse() {
            double determinant = a * e - b * d;
            double ia = e / determinant;
            double ib = -b / determinant;
            double id = -d / determinant;
            double ie = a / determinant;
            // Adding 0 turns -0 into 0, so that no change at all is recognised as the identity.
            return new Affine(ia, ib + 0.0, -(ia * c + ib * f) + 0.0, id + 0.0, ie, -(id * c + ie * f) + 0.0);
        }
    }
}
