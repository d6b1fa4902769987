package dev.graft.data;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/**
 * Reads JPEGs of the usual kind by Java's own decoder, in the colours they are stored in: half of the work of a decoder is
 * to convert the colours of pixels that are averaged afterwards. Files that it has anything to say about are left to
 * {@link ImageDecoder}, which knows what to make of it.
 */
final class PlainJpeg {

    private static final ImageReaderSpi SPI = spi();

    /** The decoder's bands, then perhaps turned ones; coefficients of two bytes for progressive files. */
    private static final int BYTES_PER_SAMPLE = 1 + 1 + 2;

    /** Of a file that is only looked through, every so many rows and columns are kept. */
    private static final int COARSE = 64;

    private PlainJpeg() {}

    /** Returns the image, upright; empty for all that is not plain, whole and undamaged. */
    static Optional<DecodedImage> read(byte[] bytes) throws IOException {
        JpegMarkers markers = markers(bytes);
        if (!markers.plain()) {
            return Optional.empty();
        }
        try {
            return samples(bytes, markers.components(), 1).map(image -> turned(bytes, markers, image));
        } catch (RuntimeException | OutOfMemoryError e) {
            return Optional.empty(); // Here too the other way has the words.
        }
    }

    /** Decodes a file for nothing but to see that it can be; false also where {@link #read} is empty. */
    static boolean isSound(byte[] bytes) throws IOException {
        JpegMarkers markers = markers(bytes);
        try {
            return markers.plain()
                    && samples(bytes, markers.components(), COARSE)
                            .map(image -> turned(bytes, markers, image))
                            .isPresent();
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static JpegMarkers markers(byte[] bytes) {
        boolean jpeg = bytes.length > 2 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xD8;
        return jpeg && !ImageDecoder.hasTooManyScans(bytes) ? JpegMarkers.of(bytes) : JpegMarkers.NONE;
    }

    private static Optional<DecodedImage> samples(byte[] bytes, int bands, int step) throws IOException {
        int claimed = 0;
        ImageReader reader = SPI.createReaderInstance();
        try (ImageInputStream input = new ByteArrayImageInputStream(bytes)) {
            AtomicBoolean warned = new AtomicBoolean();
            reader.addIIOReadWarningListener((source, warning) -> warned.set(true));
            reader.setInput(input, true, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            ImageDecoder.checkSize(width, height);
            claimed = DecodeMemory.claim((long) width * height * bands * BYTES_PER_SAMPLE);
            ImageReadParam sparse = reader.getDefaultReadParam();
            sparse.setSourceSubsampling(Math.min(step, width), Math.min(step, height), 0, 0);
            Raster raster = reader.readRaster(0, sparse);
            if (warned.get() || raster.getNumBands() != bands) {
                return Optional.empty();
            }
            return Optional.of(new DecodedImage(
                    bytes(raster),
                    bands == 1 ? DecodedImage.Colours.GREY : DecodedImage.Colours.YCC,
                    raster.getWidth(),
                    raster.getHeight()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while decoding");
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            return Optional.empty(); // The other way says what is wrong, in words made for it.
        } finally {
            reader.dispose();
            DecodeMemory.release(claimed);
        }
    }

    private static byte[] bytes(Raster raster) {
        if (raster.getDataBuffer() instanceof DataBufferByte buffer
                && raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && model.getPixelStride() == raster.getNumBands()
                && model.getScanlineStride() == raster.getWidth() * raster.getNumBands()
                && inOrder(model.getBandOffsets())
                && buffer.getData().length == raster.getWidth() * raster.getHeight() * raster.getNumBands()) {
            return buffer.getData();
        }
        return (byte[])
                raster.getDataElements(raster.getMinX(), raster.getMinY(), raster.getWidth(), raster.getHeight(), null);
    }

    private static boolean inOrder(int[] offsets) {
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] != i) {
                return false;
            }
        }
        return true;
    }

    private static DecodedImage turned(byte[] bytes, JpegMarkers markers, DecodedImage image) {
        return markers.exif() ? image.turned(Orientation.of(bytes)) : image;
    }

    /** Java's own reader, whichever others there are. */
    private static ImageReaderSpi spi() {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("JPEG");
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getName().startsWith("com.sun.imageio")) {
                return reader.getOriginatingProvider();
            }
        }
        throw new IllegalStateException("this Java has no JPEG reader of its own");
    }
}
