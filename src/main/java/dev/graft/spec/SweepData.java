package dev.graft.spec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The images of a sweep.
 *
 * @param path the folder as the file names it, or {@code builtin:garments} for the drawn sample set; with an archive, the
 *     folder inside it, or empty
 * @param split fractions for a folder without {@code validation/}; empty where the folder brings its splits
 * @param augment random changes of training images, in the order they are applied; empty for none
 * @param views how many augmented views of each training image are computed once and cycled through, at least 1;
 *     0 means {@code live}: new ones in each epoch
 * @param onBadImage what an unreadable file does
 * @param centerCrop the fraction of the shorter side, in (0, 1], that is kept as a central square where no random crop
 *     is taken; empty to squeeze the whole image into the square
 * @param classes the class folders that are used; empty for all
 * @param maxImages the most images, at least 2, of all splits and classes together; empty for all
 * @param archive where the images are fetched from; empty where the path says it all
 */
public record SweepData(
        String path,
        Optional<Split> split,
        List<Augmentation> augment,
        int views,
        OnBadImage onBadImage,
        OptionalDouble centerCrop,
        List<String> classes,
        OptionalLong maxImages,
        Optional<Archive> archive) {

    /** Copies the lists. */
    public SweepData {
        augment = List.copyOf(augment);
        classes = List.copyOf(classes);
    }

    /** Takes all images of all classes, whole, that are on this machine. */
    public SweepData(String path, Optional<Split> split, List<Augmentation> augment, int views, OnBadImage onBadImage) {
        this(
                path,
                split,
                augment,
                views,
                onBadImage,
                OptionalDouble.empty(),
                List.of(),
                OptionalLong.empty(),
                Optional.empty());
    }

    /**
     * A zip or tar.gz of images on the web.
     *
     * @param url an http or https address
     * @param sha256 the archive's digest, 64 lower-case hex digits
     */
    public record Archive(String url, String sha256) {}

    /** Says whether augmented images are made anew in each epoch, so that their features cannot be kept. */
    public boolean live() {
        return views == 0;
    }

    /**
     * Fractions taken from the training images, per class.
     *
     * @param validation in (0, 1)
     * @param test in [0, 1), with {@code validation + test < 1}
     */
    public record Split(double validation, double test) {}

    /** What an unreadable image does to the sweep. */
    public enum OnBadImage {
        /** Report it by name and go on without it. */
        SKIP,
        /** Refuse the data set. */
        FAIL
    }

    /**
     * One random change.
     *
     * @param kind what changes
     * @param amount degrees for {@code ROTATION} (0 to 180) and {@code SHEAR} (0 to 60), the least fraction of the area
     *     for {@code RANDOM_RESIZED_CROP} (0, exclusive, to 1), a fraction for the others (0 to 1, exclusive); ignored
     *     for flips
     */
    public record Augmentation(Kind kind, double amount) {

        /** The changes a file may name. */
        public enum Kind {
            /** Mirror left and right with probability one half. */
            HORIZONTAL_FLIP,
            /** Mirror top and bottom with probability one half. */
            VERTICAL_FLIP,
            /** Turn by up to the amount of degrees either way. */
            ROTATION,
            /** Scale by a factor in [1 - amount, 1 + amount]. */
            ZOOM,
            /** Move by up to the amount of width and height. */
            SHIFT,
            /** Slant by an angle of up to the amount of degrees either way. */
            SHEAR,
            /** Multiply all channels by a factor in [1 - amount, 1 + amount]. */
            BRIGHTNESS,
            /** Multiply each channel's distance from its mean by a factor in [1 - amount, 1 + amount]. */
            CONTRAST,
            /** Take a part that holds a fraction in [amount, 1] of the image's area, with sides 3:4 to 4:3. */
            RANDOM_RESIZED_CROP
        }
    }
}
