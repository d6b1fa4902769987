package dev.graft.features;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A file of made-up features, a tenth of them of validation images, written and read as real ones are. */
public record MadeUpFeatures(FeatureFile file, int classes) {

    private static final int SOME = 97;

    /** Writes a file; the classes differ a little, so that there is something to learn. */
    public static void write(Path file, int images, int width, int classes) throws IOException {
        List<String> train = new ArrayList<>();
        List<Integer> trainLabels = new ArrayList<>();
        List<String> validation = new ArrayList<>();
        List<Integer> validationLabels = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            boolean training = i < images - images / 10;
            (training ? train : validation).add("class-" + i % classes + "/a-photograph-" + i + ".jpg");
            (training ? trainLabels : validationLabels).add(i % classes);
        }
        FeatureKey key = new FeatureKey(
                "mobilenet_v2", 1, "made up", 224, "end", "avg", "none", "none", images + " images", "float32");
        FeatureHeader header =
                new FeatureHeader(key, List.of(width), 1, train, trainLabels, validation, validationLabels);
        Random random = new Random(1);
        float[][] noise = new float[SOME][width];
        for (float[] row : noise) {
            for (int j = 0; j < width; j++) {
                row[j] = Math.max(0, (float) random.nextGaussian());
            }
        }
        try (FeatureFile.Writer writer = new FeatureFile.Writer(file, header)) {
            float[] row = new float[width];
            for (int i = 0; i < images; i++) {
                for (int j = 0; j < width; j++) {
                    row[j] = noise[i % SOME][j] + (j % classes == i % classes ? 0.2f : 0);
                }
                writer.write(row, 0);
            }
            writer.commit();
        }
    }

    /** Opens a file. */
    public static MadeUpFeatures open(Path file, int classes) throws IOException {
        return new MadeUpFeatures(FeatureFile.open(file), classes);
    }

    /** Returns the training images' features. */
    public TrainingFeatures train() {
        return TrainingFeatures.of(file);
    }

    /** Returns the validation images' features. */
    public FeatureRows validation() {
        return file.validation();
    }

    /** Returns the training images' classes. */
    public int[] trainLabels() {
        return labels(0, file.trainImages());
    }

    /** Returns the validation images' classes. */
    public int[] validationLabels() {
        return labels(file.trainImages(), file.rows());
    }

    private int[] labels(int from, int to) {
        int[] labels = new int[to - from];
        for (int i = from; i < to; i++) {
            labels[i - from] = i % classes;
        }
        return labels;
    }
}
