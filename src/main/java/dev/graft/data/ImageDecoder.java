package dev.graft.data;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Reads image files into RGB pixels and pixels into network input; safe to call from many threads.
 *
 * <p>Plain JPEGs, which nearly all photographs are, go a short way: their bands come as they are stored, and colours are
 * converted after resizing, of far fewer pixels ({@link PlainJpeg}). Everything else goes through ImageIO's images.
 *
 * <p>The result depends on the bytes of the file alone. Embedded colour profiles are ignored, as Keras and torchvision
 * ignore them; transparent pixels are laid on white; of an animation the first frame is taken; the EXIF orientation is
 * applied.
 */
public final class ImageDecoder {

    /** Changes whenever the same file may decode to other numbers; part of every cache key over decoded images. */
    public static final int DECODE_VERSION = 2;

    /** The longest side accepted, in pixels, inclusive. */
    public static final int MAX_SIDE = 10_000;

    /** The most pixels accepted, inclusive. */
    public static final long MAX_PIXELS = 60_000_000;

    /** What is wrong with an image that another machine, or another day, may well decode. */
    static final String NO_MEMORY = "is too large for the memory that Graft has";

    private static final long MAX_BYTES = 512L << 20;

    /** More than any camera writes; each costs a pass over all pixels. */
    private static final int MAX_SCANS = 100;

    /** The reader's own pixels with two bytes for each of four channels, then a copy in RGB, then a turned one. */
    private static final int BYTES_PER_PIXEL = 8 + 3 + 3;

    private ImageDecoder() {}

    /**
     * Reads an image, upright, ready to be resized to any number of sizes.
     *
     * @throws DataException as {@link #read} does
     */
    public static DecodedImage open(Path file) {
        try {
            return pixels(readBytes(file));
        } catch (IOException e) {
            throw new DataException(file + ": " + reason(e), e);
        }
    }

    /**
     * Reads an image that lies in memory, as the other method reads a file.
     *
     * @throws DataException if the bytes are no readable image; the message says what is wrong after the word "this"
     */
    public static DecodedImage open(byte[] bytes) {
        try {
            return pixels(bytes);
        } catch (IOException e) {
            throw new DataException("this " + reason(e), e);
        }
    }

    /**
     * Reads an image as 8-bit RGB, upright.
     *
     * @return an image of type {@link BufferedImage#TYPE_3BYTE_BGR}
     * @throws DataException if the file is missing, unreadable, truncated, damaged, too large or no image; the message
     *     names the file
     */
    public static BufferedImage read(Path file) {
        try {
            return decode(readBytes(file));
        } catch (IOException e) {
            throw new DataException(file + ": " + reason(e), e);
        }
    }

    /**
     * Resizes an image to a square and writes it as network input.
     *
     * <p>The aspect ratio is not kept. The filter is a triangle, widened on reduction so that every source pixel counts
     * (what Pillow calls bilinear); values are not rounded.
     *
     * @param image any image that {@link #read} returns
     * @param size the side of the square in pixels, at least 1
     * @param out receives {@code [3, size, size]} floats in [0, 255], planes in the order red, green, blue
     * @param offset where the first value goes
     */
    public static void toTensor(BufferedImage image, int size, float[] out, int offset) {
        toTensor(image, Frame::whole, size, out, offset);
    }

    /**
     * Resizes a part of an image to a square and writes it as network input, as the other method does the whole.
     *
     * @param framing the part; it must lie within the image
     */
    public static void toTensor(BufferedImage image, Framing framing, int size, float[] out, int offset) {
        int width = image.getWidth();
        int height = image.getHeight();
        float[] bgr = TriangleFilter.resize(RgbPixels.of(image), 3, width, height, framing.of(width, height), size);
        int plane = size * size;
        for (int channel = 0; channel < 3; channel++) {
            System.arraycopy(bgr, (2 - channel) * plane, out, offset + channel * plane, plane);
        }
    }

    static byte[] readBytes(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IIOException(Files.exists(file) ? "is not a regular file" : "does not exist");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IIOException("is larger than " + (MAX_BYTES >> 20) + " MiB");
        }
        try {
            return Files.readAllBytes(file);
        } catch (OutOfMemoryError e) {
            throw new IIOException(NO_MEMORY, e);
        }
    }

    /** Says nothing if the bytes of one file decode; an {@code IIOException} says what is wrong with them. */
    static void check(byte[] bytes) throws IOException {
        if (!PlainJpeg.isSound(bytes)) {
            decode(bytes);
        }
    }

    private static DecodedImage pixels(byte[] bytes) throws IOException {
        Optional<DecodedImage> plain = PlainJpeg.read(bytes);
        return plain.isPresent() ? plain.get() : DecodedImage.of(decode(bytes));
    }

    /** Decodes the bytes of one file; an {@code IIOException} says in its message what is wrong with them. */
    static BufferedImage decode(byte[] bytes) throws IOException {
        Format format = Format.of(bytes);
        format.refuseTraps(bytes);
        List<String> warnings = new ArrayList<>();
        BufferedImage image;
        int claimed = 0;
        ImageReader reader = format.newReader();
        try (ImageInputStream input = new ByteArrayImageInputStream(bytes)) {
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            reader.setInput(input, true, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            checkSize(width, height);
            claimed = DecodeMemory.claim((long) width * height * BYTES_PER_PIXEL);
            image = pixels(reader, bytes, format);
            if (format == Format.JPEG) {
                image = Orientation.of(bytes).apply(image);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while decoding");
        } catch (OutOfMemoryError e) {
            throw new IIOException(NO_MEMORY, e);
        } catch (RuntimeException e) {
            // The readers meet damaged files with every kind of unchecked exception.
            throw new IIOException("is damaged (" + e + ")", e);
        } finally {
            reader.dispose();
            DecodeMemory.release(claimed);
        }
        for (String warning : warnings) {
            format.refuseDamage(warning);
        }
        return image;
    }

    /** Says what is wrong in words that follow a file name. */
    static String reason(IOException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (e instanceof java.nio.file.AccessDeniedException) {
            return "permission to read it is denied";
        }
        if (e instanceof java.io.EOFException) {
            return "is truncated";
        }
        if (e instanceof java.nio.file.FileSystemException) {
            return "cannot be read (" + message + ")";
        }
        if (e instanceof IIOException) {
            return message.startsWith("is ") || message.startsWith("does ")
                    ? message
                    : "is damaged or truncated (" + message + ")";
        }
        return "cannot be read (" + message + ")";
    }

    static boolean hasTooManyScans(byte[] jpeg) {
        int scans = 0;
        for (int i = 2; i + 1 < jpeg.length; i++) {
            // Within packed pixels, FF is always followed by 00.
            if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xDA && ++scans > MAX_SCANS) {
                return true;
            }
        }
        return false;
    }

    private static BufferedImage pixels(ImageReader reader, byte[] bytes, Format format) throws IOException {
        if (format == Format.JPEG && reader.canReadRaster()) {
            JpegColours colours = new JpegColours(JpegMarkers.of(bytes));
            if (colours.needsConversion()) {
                // ImageIO would use whichever CMYK profile the machine happens to have.
                Raster raster = reader.readRaster(0, null);
                return colours.toRgb(raster);
            }
        }
        BufferedImage image = reader.read(0);
        return image.getColorModel() instanceof IndexColorModel || image.getType() != BufferedImage.TYPE_3BYTE_BGR
                ? RgbPixels.convert(image)
                : image;
    }

    static void checkSize(int width, int height) throws IIOException {
        if (width < 1 || height < 1) {
            throw new IIOException("is empty: " + width + " x " + height + " pixels");
        }
        if (width > MAX_SIDE || height > MAX_SIDE || (long) width * height > MAX_PIXELS) {
            throw new IIOException("is too large: " + width + " x " + height + " pixels, but at most " + MAX_SIDE
                    + " a side and " + MAX_PIXELS / 1_000_000 + " million in all are read");
        }
    }

    /** The file formats read, told apart by content, never by name. */
    private enum Format {
        JPEG,
        PNG,
        GIF,
        BMP;

        static Format of(byte[] bytes) throws IIOException {
            if (bytes.length == 0) {
                throw new IIOException("is empty");
            }
            if (starts(bytes, 0xFF, 0xD8)) {
                return JPEG;
            }
            if (starts(bytes, 0x89, 'P', 'N', 'G')) {
                return PNG;
            }
            if (starts(bytes, 'G', 'I', 'F', '8')) {
                return GIF;
            }
            if (starts(bytes, 'B', 'M')) {
                return BMP;
            }
            throw new IIOException("is not a JPEG, PNG, GIF or BMP image");
        }

        private static boolean starts(byte[] bytes, int... magic) {
            if (bytes.length < magic.length) {
                return false;
            }
            for (int i = 0; i < magic.length; i++) {
                if ((bytes[i] & 0xFF) != magic[i]) {
                    return false;
                }
            }
            return true;
        }

        /** Looks for what the readers below would take at its word. */
        void refuseTraps(byte[] bytes) throws IIOException {
            // A bitmap may hold a whole JPEG or PNG, of a size that its own header does not tell.
            if (this == BMP && bytes.length > 33 && bytes[14] >= 40 && (bytes[30] == 4 || bytes[30] == 5)) {
                throw new IIOException("is a bitmap that holds another format; convert it");
            }
            if (this == JPEG) {
                if (hasTooManyScans(bytes)) {
                    throw new IIOException("is made of more than " + MAX_SCANS + " scans");
                }
            }
        }

        ImageReader newReader() {
            ImageReader last = null;
            Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(name());
            while (readers.hasNext()) {
                last = readers.next();
                // TwelveMonkeys' reader survives many real-world JPEGs that the JDK's own refuses.
                if (last.getClass().getName().startsWith("com.twelvemonkeys")) {
                    return last;
                }
            }
            if (last == null || this == JPEG) {
                throw new IllegalStateException("no ImageIO reader for " + name() + " on the class path");
            }
            return last;
        }

        /** The JPEG and GIF readers fill the missing part of an image with grey and merely warn. */
        void refuseDamage(String warning) throws IIOException {
            String text = warning.toLowerCase(Locale.ROOT);
            if (this == GIF) {
                throw new IIOException("is damaged (" + warning + ")");
            }
            if (this == JPEG && (text.contains("truncated") || text.contains("premature end"))) {
                throw new IIOException("is truncated");
            }
            if (this == JPEG && (text.contains("bad huffman") || text.contains("found marker"))) {
                throw new IIOException("is damaged (" + warning + ")");
            }
        }
    }
}
