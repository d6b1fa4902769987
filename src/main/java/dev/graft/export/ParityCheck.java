package dev.graft.export;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.data.LabelledImage;
import dev.graft.track.Prediction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How well the two models of a bundle, loaded again, agree.
 *
 * @param engineImages images given to both ONNX Runtime and Deeplearning4j
 * @param engineDifference the largest difference of any probability between them
 * @param recordedImages images whose prediction was compared with the trial's record
 * @param recordedDifference the largest difference of the predicted class' probability from the record
 * @param changedLabels images whose predicted class differs from the record
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ParityCheck(
        int engineImages, double engineDifference, int recordedImages, double recordedDifference, int changedLabels) {

    /** The largest difference of a probability that counts as agreement. */
    public static final double TOLERANCE = 1e-4;

    private static final int ENGINE_SAMPLE = 16;
    private static final int RECORDED_SAMPLE = 256;

    static ParityCheck of(Bundle bundle, Path zip, List<LabelledImage> validation, List<Prediction> predictions)
            throws IOException {
        List<LabelledImage> sample = spread(validation, RECORDED_SAMPLE);
        List<float[]> pixels = new ArrayList<>();
        for (LabelledImage image : sample) {
            pixels.add(bundle.pixels(image.path()));
        }
        float[][] probabilities = bundle.predict(pixels);
        Map<String, Prediction> recorded = new HashMap<>();
        predictions.forEach(prediction -> recorded.put(prediction.image(), prediction));
        int compared = 0;
        int changed = 0;
        double recordedDifference = 0;
        for (int i = 0; i < sample.size(); i++) {
            Prediction prediction = recorded.get(sample.get(i).name());
            if (prediction != null) {
                compared++;
                float again = probabilities[i][prediction.predicted()];
                recordedDifference = Math.max(recordedDifference, Math.abs(again - prediction.confidence()));
                for (float probability : probabilities[i]) {
                    if (probability > again) {
                        changed++;
                        break;
                    }
                }
            }
        }
        List<float[]> both = sample.isEmpty() ? noise(bundle) : spread(pixels, ENGINE_SAMPLE);
        float[][] fromOnnx = bundle.predict(both);
        double engineDifference = 0;
        ComputationGraph graph = ModelSerializer.restoreComputationGraph(zip.toFile(), false);
        for (int i = 0; i < both.size(); i++) {
            int side = (int) Math.round(Math.sqrt(both.get(i).length / 3.0));
            try (INDArray input = Nd4j.create(both.get(i), new long[] {1, 3, side, side}, 'c')) {
                float[] output = graph.output(false, input)[0].dup('c').data().asFloat();
                for (int c = 0; c < output.length; c++) {
                    engineDifference = Math.max(engineDifference, Math.abs(output[c] - fromOnnx[i][c]));
                }
            }
        }
        graph.close();
        return new ParityCheck(both.size(), engineDifference, compared, recordedDifference, changed);
    }

    /**
     * Refuses models that disagree.
     *
     * @throws ExportException with the figures; a bug, or a damaged file
     */
    void require() {
        // Not "greater than": a NaN must fail too.
        if (!(engineDifference <= TOLERANCE) || !(recordedDifference <= TOLERANCE) || changedLabels > 0) {
            throw new ExportException("the exported models disagree and were not kept: " + this);
        }
    }

    private static <T> List<T> spread(List<T> all, int most) {
        if (all.size() <= most) {
            return all;
        }
        List<T> some = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            some.add(all.get((int) ((long) i * all.size() / most)));
        }
        return some;
    }

    private static List<float[]> noise(Bundle bundle) {
        Random random = new Random(1);
        List<float[]> images = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            images.add(bundle.prepared(random));
        }
        return images;
    }
}
