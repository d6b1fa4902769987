package dev.graft.data;

import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/** Makes a clean drawing look like a poor photograph: uneven light, a little blur, noise. */
final class Camera {

    private Camera() {}

    static BufferedImage take(BufferedImage drawing, SplittableRandom random) {
        int size = drawing.getWidth();
        double light = 0.7 + 0.5 * random.nextDouble();
        double slope = (random.nextDouble() - 0.5) * 0.6;
        double noise = 3 + 15 * random.nextDouble();
        boolean blur = random.nextDouble() < 0.35;
        BufferedImage photo = new BufferedImage(size, size, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                double here = light * (1 + slope * (2.0 * x / size - 1));
                int rgb = 0;
                for (int shift = 16; shift >= 0; shift -= 8) {
                    double value = blur ? mean(drawing, x, y, shift) : (drawing.getRGB(x, y) >> shift) & 0xFF;
                    // The sum of uniform numbers is near enough to a bell and needs no logarithm.
                    double grain = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
                    int level = (int) (value * here + noise * grain * 2);
                    rgb |= Math.max(0, Math.min(255, level)) << shift;
                }
                photo.setRGB(x, y, rgb);
            }
        }
        return photo;
    }

    private static double mean(BufferedImage drawing, int x, int y, int shift) {
        int sum = 0;
        int count = 0;
        for (int v = Math.max(0, y - 1); v <= Math.min(drawing.getHeight() - 1, y + 1); v++) {
            for (int u = Math.max(0, x - 1); u <= Math.min(drawing.getWidth() - 1, x + 1); u++) {
                sum += (drawing.getRGB(u, v) >> shift) & 0xFF;
                count++;
            }
        }
        return (double) sum / count;
    }
}
