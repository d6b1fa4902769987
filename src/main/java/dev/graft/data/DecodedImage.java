package dev.graft.data;

import java.awt.image.BufferedImage;

/** An image that was read from a file, upright, before it is resized: several sizes can be had of it. Immutable. */
public final class DecodedImage {

    /** How pixels are stored. */
    enum Colours {
        GREY(1),
        YCC(3),
        BGR(3);

        private final int bands;

        Colours(int bands) {
            this.bands = bands;
        }
    }

    private final byte[] samples;
    private final Colours colours;
    private final int width;
    private final int height;

    /** Takes over {@code [height, width, bands]} bytes. */
    DecodedImage(byte[] samples, Colours colours, int width, int height) {
        this.samples = samples;
        this.colours = colours;
        this.width = width;
        this.height = height;
    }

    static DecodedImage of(BufferedImage image) {
        return new DecodedImage(RgbPixels.of(image), Colours.BGR, image.getWidth(), image.getHeight());
    }

    DecodedImage turned(Orientation orientation) {
        if (orientation.upright()) {
            return this;
        }
        byte[] upright = new byte[samples.length];
        orientation.turn(samples, colours.bands, width, height, upright);
        return new DecodedImage(upright, colours, orientation.width(width, height), orientation.height(width, height));
    }

    /** Returns the width in pixels. */
    public int width() {
        return width;
    }

    /** Returns the height in pixels. */
    public int height() {
        return height;
    }

    /**
     * Resizes a part of the image to a square. The aspect ratio is not kept. The filter is a triangle, widened on reduction
     * so that every source pixel counts (what Pillow calls bilinear); the result is rounded once.
     *
     * @param framing the part; it must lie within the image
     * @param size the side of the square in pixels, at least 1
     * @return {@code [3, size, size]} bytes without sign, planes in the order red, green, blue
     */
    public byte[] resized(Framing framing, int size) {
        return resized(framing.of(width, height), size, size);
    }

    /** Resizes a part of the image to {@code [3, down, across]}, as the other method does. */
    byte[] resized(Frame frame, int across, int down) {
        float[] bands = TriangleFilter.resize(samples, colours.bands, width, height, frame, across, down);
        int plane = across * down;
        byte[] rgb = new byte[3 * plane];
        switch (colours) {
            case GREY -> {
                round(bands, 0, plane, rgb, 0);
                System.arraycopy(rgb, 0, rgb, plane, plane);
                System.arraycopy(rgb, 0, rgb, 2 * plane, plane);
            }
            case BGR -> {
                for (int channel = 0; channel < 3; channel++) {
                    round(bands, (2 - channel) * plane, plane, rgb, channel * plane);
                }
            }
            case YCC -> {
                for (int i = 0; i < plane; i++) {
                    float y = bands[i] + 0.5f;
                    float cb = bands[plane + i] - 128;
                    float cr = bands[2 * plane + i] - 128;
                    rgb[i] = clip(y + 1.402f * cr);
                    rgb[plane + i] = clip(y - 0.344136f * cb - 0.714136f * cr);
                    rgb[2 * plane + i] = clip(y + 1.772f * cb);
                }
            }
        }
        return rgb;
    }

    /** Returns the same as floats from 0 to 255. */
    public float[] tensor(Framing framing, int size) {
        return floats(resized(framing, size));
    }

    /** Returns bytes without sign as floats. */
    public static float[] floats(byte[] bytes) {
        float[] floats = new float[bytes.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = bytes[i] & 0xFF;
        }
        return floats;
    }

    private static void round(float[] from, int at, int count, byte[] to, int toAt) {
        for (int i = 0; i < count; i++) {
            to[toAt + i] = clip(from[at + i] + 0.5f);
        }
    }

    private static byte clip(float value) {
        return (byte) Math.max(0, Math.min(255, (int) value));
    }
}
