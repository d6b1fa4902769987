package dev.graft.run;

import dev.graft.features.FeatureExtractor;
import dev.graft.run.WorkerEvent.Fault;
import dev.graft.spec.Retry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what happens to a pass of the frozen base that gave no features: out of memory, once more with half the images
 * at once; otherwise again as often as a trial may be tried.
 */
final class PassFaults {

    private final int allowed;
    private final Map<Integer, Integer> faults = new HashMap<>();
    private final Map<Integer, Integer> batches = new HashMap<>();

    PassFaults(Retry retry) {
        this.allowed = retry.maxAttempts();
    }

    /** Returns how many images of a pass go through the base at once. */
    int batch(int pass) {
        return batches.getOrDefault(pass, FeatureExtractor.BATCH);
    }

    /** Forgets failures of a pass one of whose trials has ended. */
    void clear(int pass) {
        faults.remove(pass);
    }

    /** Notes a failure; returns what to say when the pass is to be tried again, or empty when it is not. */
    Optional<String> again(int pass, Fault fault, String reason) {
        if (fault == Fault.TRIAL) {
            return Optional.empty();
        }
        if (fault == Fault.MEMORY) {
            if (batches.containsKey(pass)) {
                return Optional.empty();
            }
            batches.put(pass, 1);
            return Optional.of(reason + "; trying again with one image at a time instead of " + FeatureExtractor.BATCH
                    + ", in fewer threads");
        }
        return faults.merge(pass, 1, Integer::sum) < allowed
                ? Optional.of(reason + "; trying again")
                : Optional.empty();
    }
}
