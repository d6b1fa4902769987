package dev.graft.data;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Small JPEGs of images, for people to look at: read as they are for training, upright and in their own proportions.
 * Safe to call from many threads.
 */
public final class Thumbnail {

    /** What is written. */
    public static final String TYPE = "image/jpeg";

    private static final float QUALITY = 0.85f;

    private Thumbnail() {}

    /**
     * Returns a small copy of an image file. It is never larger than the image.
     *
     * @param side the most pixels of its longer side, at least 1
     * @return a JPEG file
     * @throws DataException as {@link ImageDecoder#open} does
     */
    public static byte[] of(Path file, int side) {
        return of(ImageDecoder.open(file), side);
    }

    /** Returns a small copy of an image that was read; see {@link #of(Path, int)}. */
    public static byte[] of(DecodedImage image, int side) {
        int longer = Math.max(image.width(), image.height());
        double scale = Math.min(1, (double) side / longer);
        int across = (int) Math.max(1, Math.round(scale * image.width()));
        int down = (int) Math.max(1, Math.round(scale * image.height()));
        return jpeg(image.resized(Frame.whole(image.width(), image.height()), across, down), across, down);
    }

    /**
     * Returns what a network is given of an image.
     *
     * @param resized from {@link DecodedImage#resized}
     * @param size the side of the square in pixels
     * @return a JPEG file
     */
    public static byte[] ofSquare(byte[] resized, int size) {
        return jpeg(resized, size, size);
    }

    /** Writes {@code [3, height, width]} bytes, planes in the order red, green, blue. */
    private static byte[] jpeg(byte[] rgb, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        int plane = width * height;
        for (int i = 0; i < plane; i++) {
            for (int channel = 0; channel < 3; channel++) {
                bgr[3 * i + channel] = rgb[(2 - channel) * plane + i];
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = newWriter();
        // In memory: by default ImageIO writes through temporary files.
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), settings);
        } catch (IOException e) {
            throw new IllegalStateException("writing a JPEG to memory cannot fail", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** Java's own writer, whichever others there are. */
    private static ImageWriter newWriter() {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("JPEG");
        while (writers.hasNext()) {
            ImageWriter writer = writers.next();
            if (writer.getClass().getName().startsWith("com.sun.imageio")) {
                return writer;
            }
        }
        throw new IllegalStateException("this Java has no JPEG writer of its own");
    }
}
