package dev.graft.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.features.FeatureRows;
import dev.graft.search.Trial;
import dev.graft.train.TrialSetup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a sweep's stored features for other programs to train on: {@code SWEEP_FILE GRAFT_HOME WEIGHTS FOLDER}. For each
 * image size {@code SIZE-train.f32} and {@code SIZE-validation.f32}, rows of 32-bit floats, the lowest byte first, and
 * {@code features.json} with labels and the length of a row.
 */
final class FeatureDump {

    private FeatureDump() {}

    public static void main(String[] arguments) throws Exception {
        StoredSweep sweep = StoredSweep.open(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
        Path folder = Files.createDirectories(Path.of(arguments[3]));
        Map<Integer, Trial> sizes = new TreeMap<>();
        sweep.setup()
                .trials()
                .forEach(trial -> sizes.putIfAbsent(trial.parameters().imageSize(), trial));
        Map<String, Object> about = new TreeMap<>();
        for (Map.Entry<Integer, Trial> size : sizes.entrySet()) {
            TrialSetup trial = sweep.trial(size.getValue());
            int length = trial.head().validation().rowLength();
            int images = trial.head().train().images();
            float[] train = new float[images * length];
            int[] all = new int[images];
            for (int i = 0; i < images; i++) {
                all[i] = i;
            }
            trial.head().train().read(1, all, 0, images, train);
            write(folder.resolve(size.getKey() + "-train.f32"), train);
            write(
                    folder.resolve(size.getKey() + "-validation.f32"),
                    rows(trial.head().validation(), length));
            about.put("row_length", length);
            about.put("classes", trial.classes());
            about.put("train_labels", trial.trainLabels());
            about.put("validation_labels", trial.validationLabels());
        }
        new ObjectMapper().writeValue(folder.resolve("features.json").toFile(), about);
    }

    private static float[] rows(FeatureRows rows, int length) {
        float[] values = new float[rows.rows() * length];
        for (int i = 0; i < rows.rows(); i++) {
            rows.read(i, values, i * length);
        }
        return values;
    }

    private static void write(Path file, float[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        Files.write(file, bytes.array());
    }
}
