package dev.graft.cli;

import dev.graft.track.StoreException;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.Tracking;
import java.nio.file.Path;

/**
 * Sweeps that are recorded as running although nobody runs them: their controller died, which only the next one that
 * writes can record.
 */
final class DeadSweeps {

    private DeadSweeps() {}

    /** Returns a sweep as it stands: as crashed, where it is recorded as running and nobody writes. */
    static SweepRecord found(Path results, SweepRecord sweep) {
        if (sweep.state() != SweepState.RUNNING || isWritten(results)) {
            return sweep;
        }
        return new SweepRecord(
                sweep.id(),
                sweep.name(),
                SweepState.CRASHED,
                "its controller died; go on with it: " + Places.command() + " resume " + sweep.id()
                        + Places.resultsOption(results),
                sweep.method(),
                sweep.metric(),
                sweep.goal(),
                sweep.fileName(),
                sweep.fileText(),
                sweep.classes(),
                sweep.createdAt(),
                sweep.endedAt(),
                sweep.frozenPasses(),
                sweep.frozenPassesSaved(),
                sweep.provenance());
    }

    private static boolean isWritten(Path results) {
        try {
            return Tracking.isWritten(results);
        } catch (StoreException e) {
            // Somebody else's directory: what is recorded is all there is to know.
            return true;
        }
    }
}
