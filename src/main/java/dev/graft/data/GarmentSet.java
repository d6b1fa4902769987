package dev.graft.data;

import dev.graft.fetch.DiskSpace;
import dev.graft.fetch.FolderTree;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * The sample data set {@code builtin:garments}: a thousand drawn pictures of ten garments, 64 x 64 pixels, made hard by
 * patterns, poses, clutter and noise. Drawing takes a second or two and needs no network.
 */
public final class GarmentSet {

    /** Changes whenever the drawings do; belongs in the folder's name. */
    public static final int VERSION = 1;

    /** The side of each picture in pixels. */
    public static final int SIZE = 64;

    private static final long SEED = 2718;

    private static final Map<String, Integer> IMAGES_PER_CLASS = imagesPerClass();

    private GarmentSet() {}

    private static Map<String, Integer> imagesPerClass() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("train", 60);
        counts.put("validation", 20);
        counts.put("test", 20);
        return counts;
    }

    /** Returns the class names, sorted. */
    public static List<String> classes() {
        return Arrays.stream(Garment.values()).map(Garment::className).toList();
    }

    /**
     * Makes sure the sample set is in a folder: draws it where there is none and does nothing where it is complete. The
     * folder appears whole or not at all; several processes may call this at once.
     *
     * @param folder where {@code train/}, {@code validation/} and {@code test/} go
     * @throws DataException if the folder holds something else, or cannot be written
     */
    public static void ensure(Path folder) {
        if (complete(folder)) {
            return;
        }
        if (Files.exists(folder)) {
            throw new DataException(folder + ": is not the complete sample set; remove it to have it drawn again");
        }
        Path parent = folder.toAbsolutePath().getParent();
        try {
            Files.createDirectories(parent);
            Path temporary = Files.createTempDirectory(parent, "drawing-");
            try {
                drawTo(temporary, SEED);
                Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                if (!complete(folder)) { // Otherwise another process was faster, with the same pictures.
                    throw e;
                }
            } finally {
                FolderTree.delete(temporary);
            }
        } catch (IOException e) {
            throw new DataException(folder + ": the sample set cannot be written (" + reason(e) + ")", e);
        }
    }

    /**
     * Draws the set, other pictures for every seed.
     *
     * @throws DataException if the folder cannot be written
     */
    public static void drawTo(Path folder, long seed) {
        for (Map.Entry<String, Integer> split : IMAGES_PER_CLASS.entrySet()) {
            for (Garment garment : Garment.values()) {
                Path place = folder.resolve(split.getKey()).resolve(garment.className());
                try {
                    Files.createDirectories(place);
                    for (int i = 0; i < split.getValue(); i++) {
                        String name = split.getKey() + "/" + garment.className();
                        BufferedImage picture = garment.picture(Seeded.random(seed, name, i), SIZE);
                        write(picture, place.resolve("%03d.png".formatted(i)));
                    }
                } catch (IOException e) {
                    throw new DataException(place + ": cannot be written (" + reason(e) + ")", e);
                }
            }
        }
    }

    /** Stores pixels uncompressed: noise hardly shrinks, and compressors differ between machines. */
    private static void write(BufferedImage picture, Path file) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        // In memory first: ImageIO does not say why a file cannot be written.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(1);
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), parameters);
        } finally {
            writer.dispose();
        }
        Files.write(file, bytes.toByteArray());
    }

    private static String reason(IOException e) {
        return e.getMessage() + DiskSpace.advice(e);
    }

    private static boolean complete(Path folder) {
        for (Map.Entry<String, Integer> split : IMAGES_PER_CLASS.entrySet()) {
            for (Garment garment : Garment.values()) {
                Path place = folder.resolve(split.getKey()).resolve(garment.className());
                if (!Files.isDirectory(place) || count(place) < split.getValue()) {
                    return false;
                }
            }
        }
        return true;
    }

    private static long count(Path place) {
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(file -> file.toString().endsWith(".png")).count();
        } catch (IOException e) {
            throw new DataException(place + ": cannot be listed (" + e.getMessage() + ")", e);
        }
    }
}
