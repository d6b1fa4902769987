package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.Mutations;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainJpegTest {

    private static final Framing WHOLE = (width, height) -> Frame.of(width, height, OptionalDouble.empty());

    @TempDir
    Path folder;

    /** Colours that change slowly and are never pure, as in most photographs. */
    private static BufferedImage soft(int type) {
        BufferedImage image = new BufferedImage(80, 50, type);
        for (int y = 0; y < 50; y++) {
            for (int x = 0; x < 80; x++) {
                image.setRGB(x, y, (40 + 2 * x) << 16 | (40 + 3 * y) << 8 | (200 - x - y));
            }
        }
        return image;
    }

    private static byte[] colour() {
        return TestImages.encode(soft(BufferedImage.TYPE_3BYTE_BGR), "jpeg");
    }

    private static byte[] grey() {
        return TestImages.encode(soft(BufferedImage.TYPE_BYTE_GRAY), "jpeg");
    }

    private void assertLikeTheLongWay(byte[] jpeg, int size) throws IOException {
        DecodedImage image = PlainJpeg.read(jpeg).orElseThrow();
        float[] expected = new float[3 * size * size];
        BufferedImage decoded = ImageDecoder.decode(jpeg);
        ImageDecoder.toTensor(decoded, size, expected, 0);
        assertThat(image.width()).isEqualTo(decoded.getWidth());
        assertThat(image.height()).isEqualTo(decoded.getHeight());
        float[] tensor = image.tensor(WHOLE, size);
        for (int i = 0; i < tensor.length; i++) {
            // Half a step of the one rounding, and of the rounding of colours that the long way does first.
            assertThat(tensor[i]).isCloseTo(expected[i], within(1.5f));
        }
    }

    @Nested
    class Pixels {

        @ParameterizedTest
        @ValueSource(ints = {5, 32, 100})
        void areThoseOfTheLongWay(int size) throws IOException {
            assertLikeTheLongWay(colour(), size);
            assertLikeTheLongWay(grey(), size);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
        void areTurnedUpright(int tag) throws IOException {
            assertLikeTheLongWay(TestImages.withOrientation(colour(), tag), 24);
            assertLikeTheLongWay(TestImages.withOrientation(grey(), tag), 24);
        }

        @Test
        void areTheSameWhicheverSizesAreAskedFor() {
            Path file = TestImages.write(folder.resolve("image.jpg"), colour());
            DecodedImage both = ImageDecoder.open(file);
            byte[] first = both.resized(WHOLE, 30);
            byte[] second = both.resized(WHOLE, 20);
            assertThat(ImageDecoder.open(file).resized(WHOLE, 20)).isEqualTo(second);
            assertThat(both.resized(WHOLE, 30)).isEqualTo(first);
        }
    }

    @Nested
    class OtherFiles {

        @Test
        void goTheLongWay() throws IOException {
            assertThat(PlainJpeg.read(TestImages.encode(soft(BufferedImage.TYPE_3BYTE_BGR), "png")))
                    .isEmpty();
            assertThat(PlainJpeg.read(new byte[0])).isEmpty();
            byte[] noJfif = colour();
            noJfif[6] = 'X';
            assertThat(PlainJpeg.read(noJfif).isPresent())
                    .as("bands of one size, and no word on what they are")
                    .isEqualTo(subsampled(noJfif));
        }

        /** Says whether the first band is finer than the others, as JPEG writers mostly make it. */
        private static boolean subsampled(byte[] jpeg) {
            for (int i = 2; i + 11 < jpeg.length; i++) {
                if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xC0) {
                    return jpeg[i + 11] != jpeg[i + 14];
                }
            }
            throw new IllegalArgumentException("no frame");
        }

        @ParameterizedTest
        @CsvSource({"0", "2"})
        void ofAdobeInOtherColoursGoTheLongWay(int transform) throws IOException {
            assertThat(PlainJpeg.read(adobe(1))).isPresent();
            assertThat(PlainJpeg.read(adobe(transform))).isEmpty();
        }

        private static byte[] adobe(int transform) {
            byte[] jpeg = colour();
            byte[] marker = {
                (byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform
            };
            byte[] result = Arrays.copyOf(jpeg, jpeg.length + marker.length);
            System.arraycopy(marker, 0, result, 20, marker.length);
            System.arraycopy(jpeg, 20, result, 20 + marker.length, jpeg.length - 20);
            return result;
        }

        @ParameterizedTest
        @ValueSource(doubles = {0.3, 0.6, 0.9, 0.98})
        void cutShortAreRefused(double kept) {
            byte[] whole = TestImages.encode(TestImages.noise(60, 40, 3), "jpeg");
            Path file = TestImages.write(folder.resolve("cut"), Arrays.copyOf(whole, (int) (whole.length * kept)));
            assertThatThrownBy(() -> ImageDecoder.open(file)).hasMessageEndingWith("cut: is truncated");
        }

        @Test
        void areRefusedByTheCheckExactlyWhereTheyCannotBeOpened() {
            byte[] whole = TestImages.encode(TestImages.noise(70, 140, 3), "jpeg");
            int refused = 0;
            for (int i = 0; i < 600; i++) {
                byte[] spoilt = Mutations.bytes(new SplittableRandom(i), whole);
                String opened = fault(() -> {
                    if (PlainJpeg.read(spoilt).isEmpty()) {
                        ImageDecoder.decode(spoilt);
                    }
                });
                String checked = fault(() -> ImageDecoder.check(spoilt));
                assertThat(checked).as("input %d", i).isEqualTo(opened);
                refused += checked.isEmpty() ? 0 : 1;
                // What the short way accepts is also accepted by the long one.
                if (opened.isEmpty()) {
                    assertThat(fault(() -> ImageDecoder.decode(spoilt)))
                            .as("input %d", i)
                            .isEmpty();
                }
            }
            assertThat(refused).isBetween(50, 599);
        }

        private interface Reading {
            void read() throws IOException;
        }

        private static String fault(Reading reading) {
            try {
                reading.read();
                return "";
            } catch (IOException e) {
                return ImageDecoder.reason(e);
            }
        }
    }
}
