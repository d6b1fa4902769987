package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Point;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalDouble;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

    @TempDir
    Path folder;

    private BufferedImage read(byte[] bytes) {
        return ImageDecoder.read(TestImages.write(folder.resolve("image"), bytes));
    }

    private static int rgb(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) & 0xFFFFFF;
    }

    @Nested
    class Formats {

        @ParameterizedTest
        @ValueSource(strings = {"png", "bmp"})
        void losslessFilesKeepEveryPixel(String format) {
            BufferedImage source = TestImages.noise(13, 7, 1);
            BufferedImage image = read(TestImages.encode(source, format));
            assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_3BYTE_BGR);
            for (int y = 0; y < 7; y++) {
                for (int x = 0; x < 13; x++) {
                    assertThat(rgb(image, x, y)).isEqualTo(rgb(source, x, y));
                }
            }
        }

        @Test
        void contentDecidesNotTheExtension() {
            byte[] png = TestImages.encode(TestImages.plain(3, 3, 0x102030), "png");
            Path misnamed = TestImages.write(folder.resolve("photo.jpg"), png);
            assertThat(rgb(ImageDecoder.read(misnamed), 1, 1)).isEqualTo(0x102030);
        }

        @Test
        void transparencyIsLaidOnWhite() {
            BufferedImage source = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
            source.setRGB(0, 0, 0x00000000);
            source.setRGB(1, 0, 0x80FF0000);
            source.setRGB(2, 0, 0xFF00FF00);
            BufferedImage image = read(TestImages.encode(source, "png"));
            assertThat(rgb(image, 0, 0)).isEqualTo(0xFFFFFF);
            assertThat(rgb(image, 1, 0)).isEqualTo(0xFF7F7F);
            assertThat(rgb(image, 2, 0)).isEqualTo(0x00FF00);
        }

        @Test
        void greyKeepsItsSampleValues() {
            BufferedImage source = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
            for (int x = 0; x < 256; x++) {
                source.getRaster().setSample(x, 0, 0, x);
            }
            BufferedImage image = read(TestImages.encode(source, "png"));
            for (int x = 0; x < 256; x++) {
                assertThat(rgb(image, x, 0)).isEqualTo(x * 0x010101);
            }
        }

        @Test
        void sixteenBitGreyIsScaledToEight() {
            BufferedImage source = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
            source.getRaster().setSample(0, 0, 0, 0);
            source.getRaster().setSample(1, 0, 0, 128 * 257);
            source.getRaster().setSample(2, 0, 0, 65535);
            BufferedImage image = read(TestImages.encode(source, "png"));
            assertThat(rgb(image, 0, 0)).isZero();
            assertThat(rgb(image, 1, 0)).isEqualTo(0x808080);
            assertThat(rgb(image, 2, 0)).isEqualTo(0xFFFFFF);
        }

        @Test
        void sixteenBitColourWithAlphaIsScaledToEight() {
            ComponentColorModel model = new ComponentColorModel(
                    ColorSpace.getInstance(ColorSpace.CS_sRGB), true, false, 3, DataBuffer.TYPE_USHORT);
            WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
            raster.setPixel(0, 0, new int[] {257 * 200, 0, 65535, 65535});
            BufferedImage image = read(TestImages.encode(new BufferedImage(model, raster, false, null), "png"));
            assertThat(rgb(image, 0, 0)).isEqualTo(0xC800FF);
        }

        @Test
        void indexedGifIsRead() {
            byte[] red = {0, (byte) 0xFF};
            byte[] other = {0, 0x20};
            IndexColorModel palette = new IndexColorModel(8, 2, red, other, other);
            BufferedImage source = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_INDEXED, palette);
            source.getRaster().setSample(2, 3, 0, 1);
            BufferedImage image = read(TestImages.encode(source, "gif"));
            assertThat(rgb(image, 2, 3)).isEqualTo(0xFF2020);
            assertThat(rgb(image, 0, 0)).isZero();
        }

        @Test
        void printColoursBecomeInkTimesBlack() throws IOException {
            // Three quarters of the red light pass, half of the green, none of the blue; black takes a fifth of it.
            BufferedImage image = read(cmykJpeg(new int[] {191, 128, 0, 204}));
            assertThat(rgb(image, 4, 4) >> 16).isCloseTo(153, within(3));
            assertThat((rgb(image, 4, 4) >> 8) & 0xFF).isCloseTo(102, within(3));
            assertThat(rgb(image, 4, 4) & 0xFF).isCloseTo(0, within(3));
        }

        private static ImageWriter jdkWriter() {
            var writers = ImageIO.getImageWritersByFormatName("jpeg");
            ImageWriter writer = writers.next();
            while (!writer.getClass().getName().startsWith("com.sun")) {
                writer = writers.next();
            }
            return writer;
        }

        /** Writes four raw bands and an Adobe marker, which says that ink is stored inverted. */
        private static byte[] cmykJpeg(int[] light) throws IOException {
            WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 8, 8, 4, new Point());
            for (int i = 0; i < 64; i++) {
                raster.setPixel(i % 8, i / 8, light);
            }
            ImageWriter writer = jdkWriter();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
                writer.setOutput(stream);
                writer.write(null, new IIOImage(raster, null, null), null);
            }
            byte[] jpeg = out.toByteArray();
            byte[] adobe = {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
            byte[] result = Arrays.copyOf(jpeg, jpeg.length + adobe.length);
            System.arraycopy(adobe, 0, result, 2, adobe.length);
            System.arraycopy(jpeg, 2, result, 2 + adobe.length, jpeg.length - 2);
            return result;
        }
    }

    @Nested
    class Orientations {

        /** The corners of an upright image, clockwise from the top left, are red, green, blue and white. */
        @ParameterizedTest
        @CsvSource({
            "1, rgbw", "2, grwb", "3, bwrg", "4, wbgr", "5, rwbg", "6, wrgb", "7, bgrw", "8, gbwr",
        })
        void theTagTurnsThePictureUpright(int tag, String corners) {
            BufferedImage stored = new BufferedImage(64, 32, BufferedImage.TYPE_3BYTE_BGR);
            for (int y = 0; y < 32; y++) {
                for (int x = 0; x < 64; x++) {
                    stored.setRGB(x, y, y < 16 ? (x < 32 ? 0xFF0000 : 0x00FF00) : x < 32 ? 0xFFFFFF : 0x0000FF);
                }
            }
            BufferedImage image = read(TestImages.withOrientation(TestImages.encode(stored, "jpeg"), tag));
            int right = image.getWidth() - 4;
            int bottom = image.getHeight() - 4;
            assertThat(image.getWidth()).isEqualTo(tag < 5 ? 64 : 32);
            assertThat("" + letter(image, 3, 3) + letter(image, right, 3) + letter(image, right, bottom)
                            + letter(image, 3, bottom))
                    .isEqualTo(corners);
        }

        private static char letter(BufferedImage image, int x, int y) {
            int rgb = rgb(image, x, y);
            boolean red = (rgb >> 16) > 128;
            boolean green = ((rgb >> 8) & 0xFF) > 128;
            boolean blue = (rgb & 0xFF) > 128;
            return red && green && blue ? 'w' : red ? 'r' : green ? 'g' : 'b';
        }
    }

    @Nested
    class Damage {

        @ParameterizedTest
        @CsvSource({"jpeg, 0.5", "jpeg, 0.98", "png, 0.5", "gif, 0.5", "bmp, 0.9"})
        void truncatedFilesAreRefused(String format, double kept) {
            byte[] whole = TestImages.encode(TestImages.noise(60, 40, 3), format);
            assertThatThrownBy(() -> read(Arrays.copyOf(whole, (int) (whole.length * kept))))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(folder.resolve("image").toString())
                    .hasMessageContaining("truncated");
        }

        @Test
        void emptyFilesAndTextAreRefused() {
            assertThatThrownBy(() -> read(new byte[0])).hasMessageEndingWith("image: is empty");
            assertThatThrownBy(() -> read("not an image".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    .hasMessageEndingWith("is not a JPEG, PNG, GIF or BMP image");
            assertThatThrownBy(() -> ImageDecoder.read(folder.resolve("none.jpg")))
                    .hasMessageEndingWith("none.jpg: does not exist");
        }

        @ParameterizedTest
        @ValueSource(strings = {"jpeg", "png", "gif", "bmp"})
        void damageAnywhereNeverEscapesAsAnotherException(String format) {
            byte[] whole = TestImages.encode(TestImages.noise(20, 20, 5), format);
            var random = new java.util.SplittableRandom(7);
            for (int round = 0; round < 300; round++) {
                byte[] damaged = Arrays.copyOf(whole, random.nextInt(3, whole.length + 1));
                damaged[random.nextInt(2, damaged.length)] ^= (byte) random.nextInt(1, 256);
                damaged[random.nextInt(2, Math.min(60, damaged.length))] ^= (byte) random.nextInt(256);
                try {
                    assertThat(read(damaged)).isNotNull();
                } catch (DataException e) {
                    assertThat(e).hasMessageContaining("image: ");
                }
            }
        }

        @Test
        void hugeClaimsAreRefusedBeforeDecoding() {
            byte[] png = TestImages.encode(TestImages.plain(2, 2, 0), "png");
            png[17] = 0x7F; // the second byte of the width
            assertThatThrownBy(() -> read(png)).hasMessageContaining("is too large: 8323074 x 2 pixels");
        }
    }

    @Nested
    class Tensors {

        @ParameterizedTest
        @CsvSource({"7, 5, 3", "400, 533, 224", "8, 8, 8", "3, 2, 64", "1, 1, 5", "999, 3, 10"})
        void aConstantImageStaysConstant(int width, int height, int size) {
            float[] out = new float[3 * size * size + 1];
            ImageDecoder.toTensor(TestImages.plain(width, height, 0x0A64FF), size, out, 1);
            for (int i = 0; i < size * size; i++) {
                assertThat(out[1 + i]).isCloseTo(10, within(1e-3f));
                assertThat(out[1 + size * size + i]).isCloseTo(100, within(1e-3f));
                assertThat(out[1 + 2 * size * size + i]).isCloseTo(255, within(1e-3f));
            }
            assertThat(out[0]).isZero();
        }

        @Test
        void theSameSizeIsACopy() {
            BufferedImage image = TestImages.noise(9, 9, 4);
            float[] out = new float[3 * 81];
            ImageDecoder.toTensor(image, 9, out, 0);
            for (int i = 0; i < 81; i++) {
                int rgb = rgb(image, i % 9, i / 9);
                assertThat(out[i]).isEqualTo(rgb >> 16);
                assertThat(out[81 + i]).isEqualTo((rgb >> 8) & 0xFF);
                assertThat(out[162 + i]).isEqualTo(rgb & 0xFF);
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {16, 32, 64, 96, 200})
        void aRampKeepsItsPlace(int size) {
            BufferedImage ramp = new BufferedImage(128, 64, BufferedImage.TYPE_3BYTE_BGR);
            for (int y = 0; y < 64; y++) {
                for (int x = 0; x < 128; x++) {
                    ramp.setRGB(x, y, (2 * x) << 16 | (3 * y));
                }
            }
            float[] out = new float[3 * size * size];
            ImageDecoder.toTensor(ramp, size, out, 0);
            int border = size / 8;
            for (int i = border; i < size - border; i++) {
                // A pixel's middle lies half a pixel in, on both scales.
                assertThat(out[size / 2 * size + i])
                        .isCloseTo((float) (2 * ((i + 0.5) * 128 / size - 0.5)), within(0.1f));
                assertThat(out[2 * size * size + i * size + size / 2])
                        .isCloseTo((float) (3 * ((i + 0.5) * 64 / size - 0.5)), within(0.1f));
            }
        }

        @Test
        void mirroringAndResizingCommute() {
            BufferedImage image = TestImages.noise(50, 31, 8);
            BufferedImage mirrored = new BufferedImage(50, 31, BufferedImage.TYPE_3BYTE_BGR);
            for (int y = 0; y < 31; y++) {
                for (int x = 0; x < 50; x++) {
                    mirrored.setRGB(49 - x, y, image.getRGB(x, y));
                }
            }
            float[] a = new float[3 * 400];
            float[] b = new float[3 * 400];
            ImageDecoder.toTensor(image, 20, a, 0);
            ImageDecoder.toTensor(mirrored, 20, b, 0);
            for (int i = 0; i < a.length; i++) {
                assertThat(b[i / 20 * 20 + 19 - i % 20]).isCloseTo(a[i], within(1e-3f));
            }
        }

        @Test
        void aCentreIsCutOutOfTheImageScaledToTheLargerSize() {
            BufferedImage image = TestImages.noise(48, 48, 3);
            float[] larger = new float[3 * 16 * 16];
            ImageDecoder.toTensor(image, 16, larger, 0);
            float[] out = new float[3 * 12 * 12];
            ImageDecoder.toTensor(image, (w, h) -> Frame.of(w, h, OptionalDouble.of(0.75)), 12, out, 0);
            for (int i = 0; i < out.length; i++) {
                int x = i % 12 + 2;
                int y = i / 12 % 12 + 2;
                assertThat(out[i]).isCloseTo(larger[i / 144 * 256 + y * 16 + x], within(1e-3f));
            }
        }

        @ParameterizedTest
        @CsvSource({
            "80, 40, 1, 20, 0, 40",
            "40, 80, 1, 0, 20, 40",
            "80, 40, 0.5, 30, 10, 20",
            "5, 4, 0.875, 0.75, 0.25, 3.5"
        })
        void aCentreIsASquareInTheMiddle(int width, int height, double part, double left, double top, double side) {
            assertThat(Frame.of(width, height, OptionalDouble.of(part)))
                    .isEqualTo(new Frame(left, top, side, side, false));
        }

        @Test
        void aCentreOfARampIsItsMiddle() {
            BufferedImage ramp = new BufferedImage(120, 60, BufferedImage.TYPE_3BYTE_BGR);
            for (int i = 0; i < 120 * 60; i++) {
                ramp.setRGB(i % 120, i / 120, 2 * (i % 120) << 16);
            }
            float[] out = new float[3 * 30 * 30];
            ImageDecoder.toTensor(ramp, (w, h) -> Frame.of(w, h, OptionalDouble.of(1)), 30, out, 0);
            // Neighbours outside the square count, so even its edge is exact.
            for (int x = 0; x < 30; x++) {
                assertThat(out[x]).isCloseTo((float) (2 * (30 + (x + 0.5) * 2 - 0.5)), within(0.01f));
            }
        }

        @Test
        void aFrameAloneIsTheSameAsAnImageOfThatPart() {
            BufferedImage image = TestImages.noise(50, 40, 5);
            BufferedImage part = new BufferedImage(21, 17, BufferedImage.TYPE_3BYTE_BGR);
            for (int y = 0; y < 17; y++) {
                for (int x = 0; x < 21; x++) {
                    part.setRGB(x, y, image.getRGB(x + 8, y + 11));
                }
            }
            float[] expected = new float[3 * 9 * 9];
            ImageDecoder.toTensor(part, 9, expected, 0);
            float[] out = new float[expected.length];
            ImageDecoder.toTensor(image, (w, h) -> new Frame(8, 11, 21, 17, true), 9, out, 0);
            for (int i = 0; i < out.length; i++) {
                assertThat(out[i]).isCloseTo(expected[i], within(1e-3f));
            }
        }

        @ParameterizedTest
        @CsvSource({"64, 48, 16", "50, 31, 20", "10, 10, 25", "17, 90, 32"})
        void agreesWithTheDefinition(int width, int height, int size) {
            BufferedImage image = TestImages.noise(width, height, 9);
            float[] out = new float[3 * size * size];
            ImageDecoder.toTensor(image, size, out, 0);
            for (int i = 0; i < size * size; i++) {
                assertThat(out[i]).isCloseTo((float) red(image, size, i % size, i / size), within(1e-2f));
            }
        }

        /** The mean of all source pixels, each weighted by its distance from the middle of the output pixel. */
        private static double red(BufferedImage image, int size, int x, int y) {
            double sum = 0;
            double total = 0;
            for (int v = 0; v < image.getHeight(); v++) {
                for (int u = 0; u < image.getWidth(); u++) {
                    double weight = weight(image.getWidth(), size, x, u) * weight(image.getHeight(), size, y, v);
                    sum += weight * (rgb(image, u, v) >> 16);
                    total += weight;
                }
            }
            return sum / total;
        }

        private static double weight(int from, int to, int target, int source) {
            double scale = (double) from / to;
            double distance = Math.abs(source + 0.5 - (target + 0.5) * scale) / Math.max(1, scale);
            return Math.max(0, 1 - distance);
        }
    }
}
