package dev.graft.dashboard;

import dev.graft.analysis.Importance;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.List;

/**
 * What parameters have to do with a metric, found once for the same finished trials: a forest takes seconds, and while a
 * sweep runs its page asks with every epoch. Safe for use by several threads.
 */
final class Importances {

    private static final int KEPT = 16;

    private final WorkedOut<Key, Importance> found =
            new WorkedOut<>(KEPT, "several importances are being worked out already; ask again in a moment");

    /** Finished trials never change, so that their ids say it all. */
    private record Key(String metric, List<String> finished) {}

    /**
     * Returns what {@link Importance#of(List, String)} finds.
     *
     * @throws dev.graft.export.BusyException when several are being found already
     */
    Importance of(List<TrialRecord> trials, String metric) {
        List<TrialRecord> finished = trials.stream()
                .filter(trial -> trial.state() == TrialState.FINISHED)
                .toList();
        Key key = new Key(metric, finished.stream().map(TrialRecord::id).toList());
        return found.of(key, () -> Importance.of(finished, metric));
    }
}
