package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.base.Catalogue;
import dev.graft.features.FeatureExtractor;
import dev.graft.features.FeatureStore;
import dev.graft.fetch.FetchListener;
import dev.graft.fetch.Fetcher;
import dev.graft.fetch.WebAccess;
import dev.graft.spec.SweepFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComingPassesTest {

    private static final Catalogue CATALOGUE = new Catalogue(List.of());

    @TempDir
    Path folder;

    private SweepSetup setup() throws IOException {
        int number = 0;
        for (String split : List.of("train", "validation")) {
            for (String name : List.of("cat", "dog")) {
                BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_3BYTE_BGR);
                image.setRGB(1, 1, ++number);
                Path file =
                        folder.resolve("images").resolve(split).resolve(name).resolve("one.png");
                Files.createDirectories(file.getParent());
                ImageIO.write(image, "png", file.toFile());
            }
        }
        SweepFile.Parsed sweep = SweepFile.parse("own.yaml", """
                parameters:
                  base: {value: sprout}
                  image_size: {values: [32, 48, 64]}
                data: {path: %s}
                """.formatted(folder.resolve("images")), CATALOGUE);
        Fetcher fetcher = new Fetcher(new WebAccess(false, Map.of()), () -> Instant.EPOCH, FetchListener.SILENT);
        return SweepSetup.prepare(
                sweep,
                folder.resolve("own.yaml"),
                CATALOGUE,
                new Home(folder.resolve("home")),
                fetcher,
                OptionalInt.empty());
    }

    @Test
    void areThoseThatDidNotBeginAndWhoseFeaturesAreNotStored() throws IOException {
        SweepSetup setup = setup();
        FeatureStore store = new FeatureStore(folder.resolve("store"), InstantSource.system());
        ComingPasses none = new ComingPasses(setup, CATALOGUE::load, store);
        assertThat(none.sizes()).containsExactly(32, 48, 64);
        none.begin(1);
        assertThat(none.sizes()).containsExactly(32, 64);

        SweepSetup own = setup.with(Map.of("sprout", CATALOGUE.load("sprout")));
        new FeatureExtractor(store, 1)
                .extract(
                        own.source(),
                        own.base("sprout", 64),
                        own.outputs(own.plan().passes().get(2)),
                        (done, total) -> {},
                        () -> false);
        ComingPasses stored = new ComingPasses(setup, CATALOGUE::load, store);
        stored.begin(0);
        assertThat(stored.sizes()).containsExactly(48);
    }
}
