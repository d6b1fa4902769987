package dev.graft.dashboard;

import dev.graft.track.Prediction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a set of predictions amounts to.
 *
 * @param images how many were predicted
 * @param correct how many rightly
 * @param matrix images of class {@code [actual][predicted]}
 * @param classes each class by itself, in label order
 * @param mistakes the wrong predictions of highest confidence, the most confident first
 */
record Evaluation(
        int images, int correct, List<List<Integer>> matrix, List<ClassScore> classes, List<Mistake> mistakes) {

    private static final int MAX_MISTAKES = 60;

    static Evaluation of(List<String> names, List<Prediction> predictions) {
        int[][] counts = new int[names.size()][names.size()];
        int correct = 0;
        for (Prediction prediction : predictions) {
            counts[prediction.label()][prediction.predicted()]++;
            correct += prediction.label() == prediction.predicted() ? 1 : 0;
        }
        List<List<Integer>> matrix = new ArrayList<>();
        List<ClassScore> scores = new ArrayList<>();
        for (int label = 0; label < counts.length; label++) {
            List<Integer> row = new ArrayList<>();
            int predicted = 0;
            int support = 0;
            for (int other = 0; other < counts.length; other++) {
                row.add(counts[label][other]);
                support += counts[label][other];
                predicted += counts[other][label];
            }
            matrix.add(row);
            scores.add(ClassScore.of(names.get(label), counts[label][label], predicted, support));
        }
        return new Evaluation(predictions.size(), correct, matrix, scores, mistakes(names, predictions));
    }

    private static List<Mistake> mistakes(List<String> names, List<Prediction> predictions) {
        return predictions.stream()
                .filter(prediction -> prediction.label() != prediction.predicted())
                .sorted(Comparator.comparingDouble(Prediction::confidence).reversed())
                .limit(MAX_MISTAKES)
                .map(prediction -> new Mistake(
                        prediction.image(),
                        names.get(prediction.label()),
                        names.get(prediction.predicted()),
                        prediction.confidence(),
                        prediction.labelProbability()))
                .toList();
    }

    /**
     * One class.
     *
     * @param precision of the images predicted as it, the part that are it; NaN when none was
     * @param recall of its images, the part predicted as it; NaN when it has none
     * @param f1 the harmonic mean of both, in [0, 1]; NaN when it neither occurs nor was predicted
     * @param support its images
     */
    record ClassScore(String name, double precision, double recall, double f1, int support, int predicted) {

        static ClassScore of(String name, int correct, int predicted, int support) {
            return new ClassScore(
                    name,
                    (double) correct / predicted,
                    (double) correct / support,
                    2.0 * correct / (predicted + support),
                    support,
                    predicted);
        }
    }

    /** A wrong prediction; both probabilities in [0, 1]. */
    record Mistake(String image, String label, String predicted, double confidence, double labelProbability) {}
}
