package dev.graft.data;

import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.jpeg.JpegProcessingException;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/**
 * How a camera held its sensor, as the EXIF tag says: the pixels must be mirrored, turned or both to stand upright.
 *
 * @param tag 1 (upright) to 8
 */
record Orientation(int tag) {

    private static final Orientation UPRIGHT = new Orientation(1);

    /** Reads the tag of a JPEG; a missing or broken one counts as upright. */
    static Orientation of(byte[] jpeg) {
        try {
            Metadata metadata =
                    JpegMetadataReader.readMetadata(new ByteArrayInputStream(jpeg), List.of(new ExifReader()));
            ExifIFD0Directory directory = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
            Integer tag = directory == null ? null : directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
            return tag == null || tag < 1 || tag > 8 ? UPRIGHT : new Orientation(tag);
        } catch (JpegProcessingException | IOException e) {
            return UPRIGHT;
        }
    }

    boolean upright() {
        return tag == 1;
    }

    /** Says whether width and height change places. */
    private boolean turned() {
        return tag >= 5;
    }

    int width(int width, int height) {
        return turned() ? height : width;
    }

    int height(int width, int height) {
        return turned() ? width : height;
    }

    /** Turns a {@code TYPE_3BYTE_BGR} image upright. */
    BufferedImage apply(BufferedImage image) {
        if (upright()) {
            return image;
        }
        int width = image.getWidth();
        int height = image.getHeight();
        BufferedImage result =
                new BufferedImage(width(width, height), height(width, height), BufferedImage.TYPE_3BYTE_BGR);
        turn(
                RgbPixels.of(image),
                3,
                width,
                height,
                ((DataBufferByte) result.getRaster().getDataBuffer()).getData());
        return result;
    }

    /** Turns {@code [height, width, bands]} bytes upright. */
    void turn(byte[] from, int bands, int width, int height, byte[] to) {
        boolean mirrorX = tag == 2 || tag == 3 || tag == 7 || tag == 8;
        boolean mirrorY = tag == 3 || tag == 4 || tag == 6 || tag == 7;
        int at = 0;
        for (int y = 0; y < height(width, height); y++) {
            for (int x = 0; x < width(width, height); x++) {
                int column = turned() ? y : x;
                int row = turned() ? x : y;
                int source =
                        bands * ((mirrorY ? height - 1 - row : row) * width + (mirrorX ? width - 1 - column : column));
                for (int band = 0; band < bands; band++) {
                    to[at++] = from[source + band];
                }
            }
        }
    }
}
