package dev.graft.data;

import java.util.SplittableRandom;

/** Draws a part of an image, by the rules of torchvision's {@code RandomResizedCrop}. */
final class RandomCrop {

    private static final int TRIES = 10;
    private static final double NARROWEST = 3.0 / 4;
    private static final double WIDEST = 4.0 / 3;

    private RandomCrop() {}

    /**
     * Draws a rectangle of whole pixels: a fraction of the area, each alike likely, and an aspect ratio, each factor alike
     * likely. When ten such rectangles do not fit, takes the largest in the middle whose aspect ratio is allowed.
     *
     * @param least the least fraction of the area, in (0, 1]
     */
    static Frame draw(int width, int height, double least, SplittableRandom random) {
        // StrictMath, because the other one may differ between machines.
        double log = StrictMath.log(WIDEST);
        for (int i = 0; i < TRIES; i++) {
            double area = (least + random.nextDouble() * (1 - least)) * width * height;
            double ratio = StrictMath.exp((2 * random.nextDouble() - 1) * log);
            int w = (int) Math.round(Math.sqrt(area * ratio));
            int h = (int) Math.round(Math.sqrt(area / ratio));
            if (w >= 1 && w <= width && h >= 1 && h <= height) {
                return new Frame(random.nextInt(width - w + 1), random.nextInt(height - h + 1), w, h, true);
            }
        }
        int w = (int) Math.min(width, Math.max(1, Math.round(height * WIDEST)));
        int h = (int) Math.min(height, Math.max(1, Math.round(width / NARROWEST)));
        return new Frame((width - w) / 2, (height - h) / 2, w, h, true);
    }
}
