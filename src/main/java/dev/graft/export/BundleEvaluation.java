package dev.graft.export;

import dev.graft.data.DataException;
import dev.graft.data.LabelledImage;
import dev.graft.spec.Problem;
import dev.graft.train.Evaluation;
import java.util.ArrayList;
import java.util.List;

/**
 * A bundle measured on labelled images.
 *
 * @param evaluation the metrics
 * @param skipped files that are no readable images, with the reason
 */
public record BundleEvaluation(Evaluation evaluation, List<Problem> skipped) {

    private static final int CHUNK = 256;

    /** Copies the list. */
    public BundleEvaluation {
        skipped = List.copyOf(skipped);
    }

    /** Measures a bundle; labels are indexes into its class names. */
    public static BundleEvaluation of(Bundle bundle, List<LabelledImage> images) {
        List<Problem> skipped = new ArrayList<>();
        List<float[]> probabilities = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int from = 0; from < images.size(); from += CHUNK) {
            List<float[]> pixels = new ArrayList<>();
            for (LabelledImage image : images.subList(from, Math.min(images.size(), from + CHUNK))) {
                try {
                    pixels.add(bundle.pixels(image.path()));
                    labels.add(image.label());
                } catch (DataException e) {
                    skipped.add(new Problem(image.name(), 0, 0, "", String.valueOf(e.getMessage())));
                }
            }
            probabilities.addAll(List.of(bundle.predict(pixels)));
        }
        Evaluation evaluation = Evaluation.of(
                labels.stream().mapToInt(Integer::intValue).toArray(),
                probabilities.toArray(float[][]::new),
                bundle.labels().size());
        return new BundleEvaluation(evaluation, skipped);
    }
}
