package dev.graft.spec;

import java.util.List;
import java.util.Optional;

/**
 * The images of a sweep.
 *
 * @param path the folder as the file names it, or {@code builtin:garments} for the drawn sample set
 * @param split fractions for a folder without {@code validation/}; empty where the folder brings its splits
 * @param augment random changes of training images, in the order they are applied; empty for none
 * @param views how many augmented views of each training image are computed once and cycled through, at least 1;
 *     0 means {@code live}: new ones in each epoch
 * @param onBadImage what an unreadable file does
 */
public record SweepData(
        String path, Optional<Split> split, List<Augmentation> augment, int views, OnBadImage onBadImage) {

    /** Copies the list. */
    public SweepData {
        augment = List.copyOf(augment);
    }

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
