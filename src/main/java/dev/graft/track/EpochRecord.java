package dev.graft.track;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is recorded at the end of an epoch.
 *
 * @param epoch from 1, counted through both phases
 * @param phase 1 for the head alone, 2 for head and tail
 * @param metrics by name, see {@link TrialRecord.Epoch}
 * @param classes per class, in label order
 */
public record EpochRecord(int epoch, int phase, Map<String, Double> metrics, List<ClassCount> classes) {

    /** Copies the collections. */
    public EpochRecord {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        classes = List.copyOf(classes);
    }

    /**
     * Validation images of one class.
     *
     * @param actual images that are of the class
     * @param predicted images predicted as the class
     * @param correct images that are both
     */
    public record ClassCount(int actual, int predicted, int correct) {}
}
