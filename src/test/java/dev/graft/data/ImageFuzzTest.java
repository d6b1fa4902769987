package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.Fuzz;
import dev.graft.Mutations;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an image file holds, it is decoded or refused, in little time and memory. */
class ImageFuzzTest {

    /** What the largest image that is accepted takes; see DecodeMemory. */
    private static final long MOST_BYTES = 1L << 30;

    private static final List<byte[]> IMAGES = images();

    @TempDir
    Path folder;

    private static List<byte[]> images() {
        List<byte[]> images = new ArrayList<>();
        for (String format : List.of("png", "jpeg", "gif", "bmp")) {
            images.add(TestImages.encode(TestImages.noise(13, 9, 1), format));
        }
        images.add(TestImages.encode(new BufferedImage(9, 5, BufferedImage.TYPE_BYTE_INDEXED), "png"));
        images.add(TestImages.encode(new BufferedImage(9, 5, BufferedImage.TYPE_USHORT_GRAY), "png"));
        images.add(TestImages.encode(new BufferedImage(9, 5, BufferedImage.TYPE_BYTE_INDEXED), "bmp"));
        images.add(TestImages.withOrientation(images.get(1), 6));
        images.add(progressive(TestImages.noise(17, 9, 2)));
        return images;
    }

    private static byte[] progressive(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ByteArrayOutputStream out = new ByteArrayOutputStream();
                var stream = ImageIO.createImageOutputStream(out)) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), how);
            stream.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
    }

    private boolean accepts(byte[] input) {
        try {
            BufferedImage image = ImageDecoder.read(TestImages.write(folder.resolve("any"), input));
            assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_3BYTE_BGR);
            ImageDecoder.toTensor(image, 8, new float[192], 0);
            return true;
        } catch (DataException e) {
            assertThat(e).hasMessageStartingWith(folder.resolve("any") + ": ");
            return false;
        }
    }

    @Test
    void changedImagesAreDecodedOrRefused() throws Exception {
        Fuzz.run(
                "images",
                1500,
                MOST_BYTES,
                random -> Mutations.bytes(random, IMAGES.get(random.nextInt(IMAGES.size()))),
                this::accepts);
    }

    @Test
    void imagesCutAnywhereAreDecodedOrRefused() {
        for (byte[] image : IMAGES) {
            for (int length = 0; length < image.length; length++) {
                boolean accepted = accepts(Arrays.copyOf(image, length));
                // Ends may be padding, headers never are.
                assertThat(accepted && length < Math.min(image.length / 2, 60))
                        .as("cut to %d of %d bytes", length, image.length)
                        .isFalse();
            }
        }
    }

    @Nested
    @Timeout(60)
    class Bombs {

        private void assertCheap(byte[] image, boolean accepted) throws Exception {
            Path file = TestImages.write(folder.resolve("bomb"), image);
            var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            if (accepted) {
                assertThat(ImageDecoder.read(file).getWidth()).isLessThan(100);
            } else {
                assertThatThrownBy(() -> ImageDecoder.read(file)).isInstanceOf(DataException.class);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes taken for a file of %d", image.length)
                    .isLessThan((20L << 20) + 4L * image.length);
        }

        @ParameterizedTest
        @ValueSource(strings = {"zTXt", "iTXt", "iCCP", "eXIf"})
        void insideATextOrProfileAreNotOpened(String chunk) throws Exception {
            byte[] png = IMAGES.get(0);
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            data.write(
                    (chunk.equals("iTXt") ? "Comment\0\1\0\0\0" : "Comment\0\0").getBytes(StandardCharsets.US_ASCII));
            try (DeflaterOutputStream packed = new DeflaterOutputStream(data)) {
                for (int i = 0; i < 200; i++) {
                    packed.write(new byte[1 << 20]);
                }
            }
            assertCheap(withChunk(png, chunk, data.toByteArray()), true);
        }

        private static byte[] withChunk(byte[] png, String type, byte[] data) {
            CRC32 sum = new CRC32();
            sum.update(type.getBytes(StandardCharsets.US_ASCII));
            sum.update(data);
            // After the signature and the header.
            return ByteBuffer.allocate(png.length + data.length + 12)
                    .put(png, 0, 33)
                    .putInt(data.length)
                    .put(type.getBytes(StandardCharsets.US_ASCII))
                    .put(data)
                    .putInt((int) sum.getValue())
                    .put(png, 33, png.length - 33)
                    .array();
        }

        @ParameterizedTest
        @CsvSource({"0, 16", "2, 6", "3, 18"})
        void ofSixtyThousandPixelsAreRefusedByTheirHeaders(int image, int at) throws Exception {
            byte[] bytes = IMAGES.get(image).clone();
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            if (image == 0) {
                buffer.putInt(at, 60_000).putInt(at + 4, 60_000);
            } else if (image == 2) {
                // A frame has a size of its own.
                int frame = -1;
                for (int i = 13; i < bytes.length && frame < 0; i++) {
                    frame = bytes[i] == 0x2C ? i : -1;
                }
                buffer.order(ByteOrder.LITTLE_ENDIAN)
                        .putShort(frame + 5, (short) 60_000)
                        .putShort(frame + 7, (short) 60_000);
            } else {
                buffer.order(ByteOrder.LITTLE_ENDIAN).putInt(at, 60_000).putInt(at + 4, 60_000);
            }
            assertCheap(bytes, false);
        }

        @Test
        void ofSixtyThousandPixelsInAJpegAreRefusedByTheHeader() throws Exception {
            byte[] bytes = IMAGES.get(1).clone();
            for (int i = 2; i + 9 < bytes.length; i++) {
                if (bytes[i] == (byte) 0xFF && bytes[i + 1] == (byte) 0xC0) {
                    ByteBuffer.wrap(bytes).putShort(i + 5, (short) 60_000).putShort(i + 7, (short) 60_000);
                    break;
                }
            }
            assertCheap(bytes, false);
        }

        @Test
        void ofManyScansAreRefused() throws Exception {
            byte[] image = IMAGES.get(8);
            int scan = 2;
            while (image[scan] != (byte) 0xFF || image[scan + 1] != (byte) 0xDA) {
                scan++;
            }
            int end = scan + 2;
            while (image[end] != (byte) 0xFF || image[end + 1] == 0) {
                end++;
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(image, 0, scan);
            for (int i = 0; i < 10_000; i++) {
                out.write(image, scan, end - scan);
            }
            out.write(image, end, image.length - end);
            assertCheap(out.toByteArray(), false);
        }

        @Test
        void hiddenInABitmapAreRefused() throws Exception {
            byte[] png = TestImages.encode(TestImages.plain(3000, 3000, 0), "png");
            byte[] bitmap = ByteBuffer.allocate(54 + png.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put((byte) 'B')
                    .put((byte) 'M')
                    .putInt(54 + png.length)
                    .putInt(0)
                    .putInt(54)
                    .putInt(40)
                    .putInt(10)
                    .putInt(10)
                    .putShort((short) 1)
                    .putShort((short) 0)
                    .putInt(5)
                    .putInt(png.length)
                    .putInt(0)
                    .putInt(0)
                    .putInt(0)
                    .putInt(0)
                    .put(png)
                    .array();
            assertCheap(bitmap, false);
        }

        @Test
        void ofThousandsOfFramesShowTheFirst() throws Exception {
            byte[] gif = IMAGES.get(2);
            int frame = 13 + 3 * (2 << (gif[10] & 7));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(gif, 0, gif.length - 1);
            for (int i = 0; i < 5000; i++) {
                out.write(gif, frame, gif.length - 1 - frame);
            }
            out.write(0x3B);
            assertCheap(out.toByteArray(), true);
        }
    }

    @Test
    void largeImagesWaitForEachOthersMemory() throws Exception {
        int share = DecodeMemory.claim(Long.MAX_VALUE / 100);
        Thread second = new Thread(() -> {
            try {
                DecodeMemory.release(DecodeMemory.claim(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        second.start();
        second.join(200);
        assertThat(second.isAlive()).isTrue();
        DecodeMemory.release(share);
        second.join(10_000);
        assertThat(second.isAlive()).isFalse();
    }
}
