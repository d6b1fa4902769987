package dev.graft.data;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;

/** How the four bands of a print JPEG encode colour: Adobe's files hold inverted ink, and perhaps YCCK. */
record JpegColours(JpegMarkers markers) {

    boolean needsConversion() {
        return markers.components() == 4;
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
                if (markers.transform() == 2) {
                    fromYcc(row, i);
                }
                // Adobe stores 255 - ink, which is already the light that remains.
                int black = markers.adobe() ? row[i + 3] : 255 - row[i + 3];
                for (int channel = 2; channel >= 0; channel--) {
                    int light = markers.adobe() ? row[i + channel] : 255 - row[i + channel];
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
