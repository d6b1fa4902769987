package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThumbnailTest {

    @TempDir
    Path folder;

    private BufferedImage thumbnail(byte[] bytes, int side) throws IOException {
        Path file = TestImages.write(folder.resolve("image"), bytes);
        return ImageIO.read(new ByteArrayInputStream(Thumbnail.of(file, side)));
    }

    @ParameterizedTest
    @CsvSource({"400, 200, 100, 100, 50", "200, 400, 100, 50, 100", "60, 40, 100, 60, 40", "1000, 2, 100, 100, 1"})
    void keepsProportionsAndIsNeverLarger(int width, int height, int side, int across, int down) throws IOException {
        BufferedImage image = thumbnail(TestImages.encode(TestImages.plain(width, height, 0x3060C0), "png"), side);
        assertThat(image.getWidth()).isEqualTo(across);
        assertThat(image.getHeight()).isEqualTo(down);
        Color colour = new Color(image.getRGB(across / 2, down / 2));
        assertThat(colour.getRed()).isBetween(0x2C, 0x34);
        assertThat(colour.getGreen()).isBetween(0x5C, 0x64);
        assertThat(colour.getBlue()).isBetween(0xBC, 0xC4);
    }

    @Test
    void standsUprightAsTrainingSeesIt() throws IOException {
        BufferedImage wide = TestImages.plain(80, 40, 0xFFFFFF);
        for (int y = 0; y < 40; y++) {
            for (int x = 0; x < 40; x++) {
                wide.setRGB(x, y, 0x000000);
            }
        }
        // Tag 6: the camera was turned, so the left of what is stored is the top.
        BufferedImage image = thumbnail(TestImages.withOrientation(TestImages.encode(wide, "jpg"), 6), 64);
        assertThat(image.getWidth()).isEqualTo(32);
        assertThat(image.getHeight()).isEqualTo(64);
        assertThat(new Color(image.getRGB(16, 8)).getRed()).isLessThan(20);
        assertThat(new Color(image.getRGB(16, 56)).getRed()).isGreaterThan(235);
    }

    @Test
    void averagesWhatItScalesDown() throws IOException {
        BufferedImage stripes = TestImages.plain(64, 64, 0xFFFFFF);
        for (int y = 0; y < 64; y += 2) {
            for (int x = 0; x < 64; x++) {
                stripes.setRGB(x, y, 0x000000);
            }
        }
        BufferedImage image = thumbnail(TestImages.encode(stripes, "png"), 16);
        assertThat(new Color(image.getRGB(8, 8)).getRed()).isBetween(115, 140);
    }

    @Test
    void ofNoImageSaysWhatIsWrong() {
        Path file = TestImages.write(folder.resolve("note.jpg"), "words".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Thumbnail.of(file, 64))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": is not a JPEG, PNG, GIF or BMP image");
    }
}
