package dev.graft.data;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;

/** Turns what ImageIO returns into 8-bit RGB by sample values, never through colour profiles. */
final class RgbPixels {

    private RgbPixels() {}

    /** Returns the bytes of an image, three a pixel in the order blue, green, red, row after row; may share them. */
    static byte[] of(BufferedImage image) {
        BufferedImage plain = image;
        if (image.getType() != BufferedImage.TYPE_3BYTE_BGR || image.getRaster().getParent() != null) {
            plain = convert(image);
        }
        return ((DataBufferByte) plain.getRaster().getDataBuffer()).getData();
    }

    /** Copies any image into one of type {@link BufferedImage#TYPE_3BYTE_BGR}, transparency laid on white. */
    static BufferedImage convert(BufferedImage image) {
        BufferedImage result = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        byte[] out = ((DataBufferByte) result.getRaster().getDataBuffer()).getData();
        if (image.getColorModel() instanceof ComponentColorModel model
                && image.getRaster().getTransferType() <= java.awt.image.DataBuffer.TYPE_USHORT) {
            fromSamples(image.getRaster(), model, out);
        } else {
            fromPacked(image, out);
        }
        return result;
    }

    /** Java's grey colour space is linear and would change every value; so the samples are taken as they are. */
    private static void fromSamples(Raster raster, ColorModel model, byte[] out) {
        int width = raster.getWidth();
        int bands = raster.getNumBands();
        boolean alpha = model.hasAlpha();
        int colours = alpha ? bands - 1 : bands;
        int max = (1 << model.getComponentSize(0)) - 1;
        int[] row = new int[width * bands];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int opaque = alpha ? row[x * bands + colours] : max;
                for (int channel = 2; channel >= 0; channel--) {
                    int sample = row[x * bands + (colours >= 3 ? channel : 0)];
                    if (model.isAlphaPremultiplied()) {
                        sample += max - opaque;
                    } else if (opaque != max) {
                        sample = (int) (((long) sample * opaque + (long) max * (max - opaque) + max / 2) / max);
                    }
                    out[at++] = (byte) (max == 255 ? sample : (sample * 255L + max / 2) / max);
                }
            }
        }
    }

    private static void fromPacked(BufferedImage image, byte[] out) {
        int width = image.getWidth();
        int[] row = new int[width];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int argb : row) {
                int opaque = argb >>> 24;
                for (int shift = 0; shift <= 16; shift += 8) {
                    out[at++] = (byte) ((((argb >> shift) & 0xFF) * opaque + 255 * (255 - opaque) + 127) / 255);
                }
            }
        }
    }
}
