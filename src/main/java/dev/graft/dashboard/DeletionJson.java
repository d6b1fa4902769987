package dev.graft.dashboard;

import dev.graft.run.SweepDeletion.Freed;
import dev.graft.run.SweepDeletion.Part;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What deleting a sweep frees, or has freed.
 *
 * @param obstacle why it cannot be deleted now; null where it can
 * @param notes what could not be deleted, and why
 */
record DeletionJson(
        String id,
        int trials,
        int finished,
        Part models,
        Part logs,
        Part bundles,
        long bytes,
        @Nullable String obstacle,
        List<String> notes) {

    static DeletionJson of(Freed freed) {
        return new DeletionJson(
                freed.sweepId(),
                freed.trials(),
                freed.finished(),
                freed.models(),
                freed.logs(),
                freed.bundles(),
                freed.bytes(),
                freed.obstacle().orElse(null),
                freed.notes());
    }
}
