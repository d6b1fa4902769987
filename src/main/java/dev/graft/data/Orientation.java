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

    /** Turns a {@code TYPE_3BYTE_BGR} image upright. */
    BufferedImage apply(BufferedImage image) {
        if (tag == 1) {
            return image;
        }
        int width = image.getWidth();
        int height = image.getHeight();
        boolean turned = tag >= 5;
        BufferedImage result =
                new BufferedImage(turned ? height : width, turned ? width : height, BufferedImage.TYPE_3BYTE_BGR);
        byte[] from = RgbPixels.of(image);
        byte[] to = ((DataBufferByte) result.getRaster().getDataBuffer()).getData();
        boolean mirrorX = tag == 2 || tag == 3 || tag == 7 || tag == 8;
        boolean mirrorY = tag == 3 || tag == 4 || tag == 6 || tag == 7;
        int at = 0;
        for (int y = 0; y < result.getHeight(); y++) {
            for (int x = 0; x < result.getWidth(); x++) {
                int column = turned ? y : x;
                int row = turned ? x : y;
                int source = 3 * ((mirrorY ? height - 1 - row : row) * width + (mirrorX ? width - 1 - column : column));
                to[at++] = from[source];
                to[at++] = from[source + 1];
                to[at++] = from[source + 2];
            }
        }
        return result;
    }
}
