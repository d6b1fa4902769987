package dev.graft.dashboard;

import dev.graft.analysis.Importance;
import dev.graft.export.BusyException;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * What parameters have to do with a metric, found once for the same finished trials: a forest takes seconds, and while a
 * sweep runs its page asks with every epoch. Safe for use by several threads, of which one finds at a time.
 */
final class Importances {

    private static final int KEPT = 16;

    /** One is found, the others wait for it. */
    private static final int MOST_AT_ONCE = 3;

    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final Object work = new Object();

    private final Map<Key, Importance> found = new LatestUsed<>(KEPT);

    /** Finished trials never change, so that their ids say it all. */
    private record Key(String metric, List<String> finished) {}

    /**
     * Returns what {@link Importance#of(List, String)} finds.
     *
     * @throws BusyException when several are being found already
     */
    Importance of(List<TrialRecord> trials, String metric) {
        List<TrialRecord> finished = trials.stream()
                .filter(trial -> trial.state() == TrialState.FINISHED)
                .toList();
        Key key = new Key(metric, finished.stream().map(TrialRecord::id).toList());
        Optional<Importance> known = known(key);
        if (known.isPresent()) {
            return known.get();
        }
        // Others must not take all threads of the server by waiting.
        if (!places.tryAcquire()) {
            throw new BusyException("several importances are being worked out already; ask again in a moment");
        }
        try {
            synchronized (work) {
                return known(key).orElseGet(() -> find(key, finished));
            }
        } finally {
            places.release();
        }
    }

    private Optional<Importance> known(Key key) {
        synchronized (found) {
            return Optional.ofNullable(found.get(key));
        }
    }

    private Importance find(Key key, List<TrialRecord> finished) {
        Importance importance = Importance.of(finished, key.metric());
        synchronized (found) {
            found.put(key, importance);
        }
        return importance;
    }
}
