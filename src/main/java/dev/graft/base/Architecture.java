package dev.graft.base;

/** A base's network without weights. */
public interface Architecture {

    /** Returns the name a sweep file uses. */
    String name();

    /** Returns a number that grows whenever a change here changes features; it is part of their key. */
    int version();

    /** Returns the smallest image side in pixels, inclusive. */
    int minimumSize();

    /** Returns the channels of the last map. */
    int featureWidth();

    /** Returns what is done to pixels first. */
    Preprocessing preprocessing();

    /**
     * Returns the network for one image size, its nodes named as in current Keras or torchvision and its weighted nodes
     * in the order in which the official files list them.
     *
     * @param imageSize the side in pixels; it decides the padding of some bases, never a weight's shape
     */
    Network network(int imageSize);
}
