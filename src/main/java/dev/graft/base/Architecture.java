package dev.graft.base;

/** A base's network without weights. */
public interface Architecture {

    /**
     * What is true of the base at every image size.
     *
     * @param name what sweep files use
     * @param version grows whenever a change here changes features; it is part of their key
     * @param minimumSize the smallest image side in pixels, inclusive
     * @param featureWidth the channels of the last map
     * @param preprocessing what is done to pixels first
     */
    record Description(String name, int version, int minimumSize, int featureWidth, Preprocessing preprocessing) {}

    /** Returns what is true of the base at every image size. */
    Description description();

    /** Returns the name a sweep file uses. */
    default String name() {
        return description().name();
    }

    /** Returns a number that grows whenever a change here changes features; it is part of their key. */
    default int version() {
        return description().version();
    }

    /** Returns the smallest image side in pixels, inclusive. */
    default int minimumSize() {
        return description().minimumSize();
    }

    /** Returns the channels of the last map. */
    default int featureWidth() {
        return description().featureWidth();
    }

    /** Returns what is done to pixels first. */
    default Preprocessing preprocessing() {
        return description().preprocessing();
    }

    /**
     * Returns the network for one image size, its nodes named as in current Keras or torchvision and its weighted nodes
     * in the order in which the official files list them.
     *
     * @param imageSize the side in pixels; it decides the padding of some bases, never a weight's shape
     */
    Network network(int imageSize);
}
