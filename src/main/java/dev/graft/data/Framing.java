package dev.graft.data;

/** Says which part of an image becomes the square, once the image's size is known. */
@FunctionalInterface
public interface Framing {

    /** Returns the part of an image of that width and height, in pixels. */
    Frame of(int width, int height);
}
