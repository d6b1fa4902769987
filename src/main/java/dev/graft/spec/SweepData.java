package dev.graft.spec;

import java.util.List;
import java.util.Optional;

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
 * @param archive where the images are fetched from; empty where the path says it all
 */
public record SweepData(
        String path,
        Optional<Split> split,
        List<Augmentation> augment,
        int views,
        OnBadImage onBadImage,
        Optional<Archive> archive) {

    /** Copies the list. */
    public SweepData {
        augment = List.copyOf(augment);
    }

    /** Takes images that are on this machine. */
    public SweepData(String path, Optional<Split> split, List<Augmentation> augment, int views, OnBadImage onBadImage) {
        this(path, split, augment, views, onBadImage, Optional.empty());
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
     * @param amount degrees for {@code ROTATION} (0 to 180), a fraction for {@code ZOOM}, {@code SHIFT} and
     *     {@code BRIGHTNESS} (0 to 1, exclusive); ignored for flips
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
            /** Multiply all channels by a factor in [1 - amount, 1 + amount]. */
            BRIGHTNESS
        }
    }
}
