package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spec.SweepData;
import dev.graft.spec.SweepData.OnBadImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrawnImagesTest {

    @Nested
    class Garments {

        @TempDir
        Path home;

        private Dataset open(Path folder) {
            return ImageFolder.open(
                    new SweepData("builtin:garments", Optional.empty(), List.of(), 1, OnBadImage.FAIL), folder, 42);
        }

        @Test
        void areACompleteDataSetAndDrawnOnce() throws IOException {
            Path folder = home.resolve("new/garments");
            // Several processes may start at once; here threads stand in for them.
            IntStream.range(0, 3).parallel().forEach(i -> GarmentSet.ensure(folder));
            Dataset dataset = open(folder);
            assertThat(dataset.classes()).isEqualTo(GarmentSet.classes()).hasSize(10);
            assertThat(dataset.train()).hasSize(600);
            assertThat(dataset.validation()).hasSize(200);
            assertThat(dataset.test()).hasSize(200);
            try (var files = Files.list(home.resolve("new"))) {
                assertThat(files).containsExactly(folder);
            }

            Path image = folder.resolve("train/hat/000.png");
            var written = Files.getLastModifiedTime(image);
            GarmentSet.ensure(folder);
            assertThat(Files.getLastModifiedTime(image)).isEqualTo(written);

            Files.delete(image);
            assertThatThrownBy(() -> GarmentSet.ensure(folder))
                    .isInstanceOf(DataException.class)
                    .hasMessageEndingWith("is not the complete sample set; remove it to have it drawn again");
        }

        @Test
        void areAllDifferentAndTheSameForTheSameSeed() {
            Set<Integer> seen = new HashSet<>();
            for (Garment garment : Garment.values()) {
                for (int i = 0; i < 10; i++) {
                    seen.add(java.util.Arrays.hashCode(
                            RgbPixels.of(garment.picture(Seeded.random(1, "train", i), GarmentSet.SIZE))));
                }
            }
            assertThat(seen).hasSize(100);
            assertThat(RgbPixels.of(Garment.SHOES.picture(Seeded.random(1, "train", 5), 64)))
                    .isEqualTo(RgbPixels.of(Garment.SHOES.picture(Seeded.random(1, "train", 5), 64)));
        }
    }

    @Nested
    class SourceTasks {

        @Test
        void everyClassDrawsAtAnySizeAndRepeats() {
            for (int label = 0; label < SourceTask.classes().size(); label++) {
                for (int size : new int[] {32, 64}) {
                    byte[] pixels = RgbPixels.of(SourceTask.draw(label, 7, size));
                    assertThat(pixels).hasSize(3 * size * size);
                    assertThat(RgbPixels.of(SourceTask.draw(label, 7, size))).isEqualTo(pixels);
                    assertThat(RgbPixels.of(SourceTask.draw(label, 8, size))).isNotEqualTo(pixels);
                }
            }
        }

        @Test
        void showsNoGarment() {
            assertThat(SourceTask.classes())
                    .hasSize(20)
                    .doesNotHaveDuplicates()
                    .doesNotContainAnyElementsOf(GarmentSet.classes());
        }
    }
}
