package dev.graft.track;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sweep as recorded.
 *
 * @param id eight lower-case letters and digits, unique in its results directory
 * @param name the name in its file
 * @param state where it stands
 * @param reason why it ended as it did; empty where there is nothing to say
 * @param method {@code grid} or {@code random}
 * @param metric the name of the ranking metric
 * @param goal {@code maximize} or {@code minimize}
 * @param fileName the sweep file as the user named it
 * @param fileText its text, byte for byte
 * @param classes the class names, in label order
 * @param createdAt when it was created
 * @param endedAt when it ended
 * @param frozenPasses how often the frozen base ran over the images
 * @param frozenPassesSaved how many passes the trials did not need because they share features
 * @param provenance everything else that decides or explains a result, by name: dataset and weight digests, versions,
 *     seeds, machine, thread counts
 */
public record SweepRecord(
        String id,
        String name,
        SweepState state,
        String reason,
        String method,
        String metric,
        String goal,
        String fileName,
        String fileText,
        List<String> classes,
        Instant createdAt,
        Optional<Instant> endedAt,
        int frozenPasses,
        int frozenPassesSaved,
        Map<String, String> provenance) {

    /** Copies the collections. */
    public SweepRecord {
        classes = List.copyOf(classes);
        provenance = Map.copyOf(provenance);
    }

    /** Returns the same sweep in another state. */
    public SweepRecord as(SweepState other, String otherReason) {
        return new SweepRecord(
                id,
                name,
                other,
                otherReason,
                method,
                metric,
                goal,
                fileName,
                fileText,
                classes,
                createdAt,
                endedAt,
                frozenPasses,
                frozenPassesSaved,
                provenance);
    }
}
