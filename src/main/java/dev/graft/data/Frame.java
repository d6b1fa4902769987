package dev.graft.data;

import java.util.OptionalDouble;

/**
 * The part of an image that becomes the square.
 *
 * @param left pixels from the image's left edge; may lie within a pixel, as all four may
 * @param top pixels from its upper edge
 * @param width in pixels, above 0
 * @param height in pixels, above 0
 * @param alone whether pixels outside are cut off before the image is resized, so that they do not reach the edge of
 *     the result; then all four are whole numbers
 */
public record Frame(double left, double top, double width, double height, boolean alone) {

    /** Returns the whole of an image; its aspect ratio is lost. */
    static Frame whole(int width, int height) {
        return new Frame(0, 0, width, height, false);
    }

    /**
     * Returns what is taken of an image that no random crop is taken of: the central square, or the whole.
     *
     * @param centerCrop the fraction of the shorter side, in (0, 1], that the square keeps: as if the shorter side were
     *     scaled to {@code size / centerCrop} and a square of {@code size} were cut out of the middle; empty for the whole
     */
    public static Frame of(int width, int height, OptionalDouble centerCrop) {
        if (centerCrop.isEmpty()) {
            return whole(width, height);
        }
        double side = Math.min(width, height) * centerCrop.getAsDouble();
        return new Frame((width - side) / 2, (height - side) / 2, side, side, false);
    }
}
