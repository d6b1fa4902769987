package dev.graft.features;

import dev.graft.base.Architecture;
import dev.graft.base.BaseWeights;
import dev.graft.base.Catalogue;
import dev.graft.base.PseudoRandomWeights;
import dev.graft.data.Dataset;
import dev.graft.data.LabelledImage;
import dev.graft.spec.SweepData;
import dev.graft.spec.SweepData.Augmentation;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** A few small images on disk, and the smallest base, for tests of extraction and training. */
public final class DrawnSource {

    public static final int SIZE = 32;
    public static final List<Augmentation> AUGMENT = List.of(
            new Augmentation(Augmentation.Kind.HORIZONTAL_FLIP, 0), new Augmentation(Augmentation.Kind.ROTATION, 20));

    private DrawnSource() {}

    /** Returns sprout with made-up weights. */
    public static FrozenBase sprout(int size) {
        return base("sprout", size);
    }

    public static FrozenBase base(String name, int size) {
        Architecture architecture = new Catalogue(List.of()).entry(name).architecture();
        return new FrozenBase(
                architecture, BaseWeights.ofFile(architecture, PseudoRandomWeights.of(architecture)), size);
    }

    /** Draws images of two classes, blue and red ones, under noise. */
    public static Dataset dataset(Path folder, int train, int validation) {
        List<LabelledImage> images = new ArrayList<>();
        for (int i = 0; i < train + validation; i++) {
            int label = i % 2;
            Path file = folder.resolve("image-" + i + ".png");
            draw(file, label, i);
            images.add(new LabelledImage(file, file.getFileName().toString(), label));
        }
        return new Dataset(
                List.of("blue", "red"),
                images.subList(0, train),
                images.subList(train, train + validation),
                List.of(),
                "digest of " + train + " and " + validation,
                List.of());
    }

    public static FeatureSource source(Dataset dataset, List<Augmentation> augment, int views) {
        return new FeatureSource(
                dataset, new SweepData("images", Optional.empty(), augment, views, SweepData.OnBadImage.FAIL), 42);
    }

    private static void draw(Path file, int label, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        BufferedImage image = new BufferedImage(40, 36, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int colour = random.nextInt(100, 256) << (label == 0 ? 0 : 16);
                image.setRGB(x, y, colour | random.nextInt(120) << 8);
            }
        }
        try {
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
