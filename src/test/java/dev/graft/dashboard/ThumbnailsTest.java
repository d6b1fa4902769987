package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DataException;
import dev.graft.run.RecordedImages.Found;
import dev.graft.run.RecordedImages.State;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThumbnailsTest {

    @TempDir
    Path folder;

    private Found image(String name, long seed) throws IOException {
        Path file = folder.resolve(name);
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(90, 60, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 90 * 60; i++) {
            image.setRGB(i % 90, i / 90, random.nextInt());
        }
        ImageIO.write(image, "png", file.toFile());
        return found(file, seed);
    }

    private static Found found(Path file, long second) throws IOException {
        return new Found(State.THERE, "", Optional.of(file), Files.size(file), Instant.EPOCH.plusSeconds(second));
    }

    @Test
    void areMadeOnceWhileTheFileStays() throws IOException {
        Thumbnails thumbnails = new Thumbnails();
        Found found = image("a.png", 1);
        byte[] first = thumbnails.of(found, 30);
        assertThat(ImageIO.read(new ByteArrayInputStream(first)).getWidth()).isEqualTo(30);
        assertThat(thumbnails.of(found, 30)).isSameAs(first);
        assertThat(ImageIO.read(new ByteArrayInputStream(thumbnails.of(found, 45)))
                        .getWidth())
                .isEqualTo(45);
        assertThat(thumbnails.of(image("a.png", 2), 30)).isNotEqualTo(first);
    }

    @Test
    void areForgottenTheOldestFirstWhenThereAreMany() throws IOException {
        Found oldest = image("a.png", 1);
        byte[] first = new Thumbnails().of(oldest, 60);
        Thumbnails thumbnails = new Thumbnails(3L * first.length);
        byte[] made = thumbnails.of(oldest, 60);
        for (int i = 2; i < 9; i++) {
            thumbnails.of(image(i + ".png", i), 60);
            assertThat(thumbnails.bytes()).isBetween(1L, 3L * first.length);
        }
        assertThat(thumbnails.of(oldest, 60)).isEqualTo(made).isNotSameAs(made);
    }

    @Test
    void ofWhatIsNoImageAnyMoreAreRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("a.png"), "words");
        assertThatThrownBy(() -> new Thumbnails().of(found(file, 1), 30)).isInstanceOf(DataException.class);
    }
}
