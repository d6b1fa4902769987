package dev.graft.data;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;

/**
 * How the four bands of a print JPEG encode colour, read from its markers.
 *
 * @param components the number of bands
 * @param adobe whether an Adobe marker is present; such files hold inverted ink
 * @param transform the Adobe marker's colour transform; 2 is YCCK
 */
record JpegColours(int components, boolean adobe, int transform) {

    /** Walks the markers up to the image data; bytes that are no JPEG give 0 components. */
    static JpegColours of(byte[] bytes) {
        int components = 0;
        boolean adobe = false;
        int transform = 0;
        int at = 2;
        while (at + 4 <= bytes.length && (bytes[at] & 0xFF) == 0xFF) {
            int marker = bytes[at + 1] & 0xFF;
            if (marker == 0xFF) {
                at++;
                continue;
            }
            if (marker == 0xDA) {
                break;
            }
            int length = ((bytes[at + 2] & 0xFF) << 8) | (bytes[at + 3] & 0xFF);
            boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (frame && at + 9 < bytes.length) {
                components = bytes[at + 9] & 0xFF;
            }
            if (marker == 0xEE && at + 15 < bytes.length && bytes[at + 4] == 'A' && bytes[at + 5] == 'd') {
                adobe = true;
                transform = bytes[at + 15] & 0xFF;
            }
            at += 2 + length;
        }
        return new JpegColours(components, adobe, transform);
    }

    boolean needsConversion() {
        return components == 4;
    }

    /** Converts raw CMYK or YCCK samples by multiplying ink with black, the rule Pillow uses. */
    BufferedImage toRgb(Raster raster) {
        int width = raster.getWidth();
        BufferedImage image = new BufferedImage(width, raster.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        byte[] out = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        int[] row = new int[width * 4];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int i = 0; i < row.length; i += 4) {
                if (transform == 2) {
                    fromYcc(row, i);
                }
                // Adobe stores 255 - ink, which is already the light that remains.
                int black = adobe ? row[i + 3] : 255 - row[i + 3];
                for (int channel = 2; channel >= 0; channel--) {
                    int light = adobe ? row[i + channel] : 255 - row[i + channel];
                    out[at++] = (byte) ((light * black + 127) / 255);
                }
            }
        }
        return image;
    }

    private static void fromYcc(int[] row, int i) {
        int y = row[i];
        int cb = row[i + 1] - 128;
        int cr = row[i + 2] - 128;
        row[i] = clip(y + 1.402 * cr);
        row[i + 1] = clip(y - 0.344136 * cb - 0.714136 * cr);
        row[i + 2] = clip(y + 1.772 * cb);
    }

    private static int clip(double value) {
        return (int) Math.max(0, Math.min(255, Math.round(value)));
    }
}
