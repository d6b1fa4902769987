package dev.graft.analysis;

import dev.graft.track.Prediction;
import java.util.List;

/** Counts recorded predictions. */
public final class Confusion {

    private Confusion() {}

    /**
     * Returns how often each class was taken for each.
     *
     * @param predictions of one trial
     * @param classes the number of classes
     * @return image counts, {@code [actual][predicted]}
     */
    public static int[][] of(List<Prediction> predictions, int classes) {
        int[][] counts = new int[classes][classes];
        for (Prediction prediction : predictions) {
            counts[prediction.label()][prediction.predicted()]++;
        }
        return counts;
    }
}
