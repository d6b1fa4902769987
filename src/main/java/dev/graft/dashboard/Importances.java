package dev.graft.dashboard;

import dev.graft.analysis.Importance;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What parameters have to do with a metric, found once for the same finished trials: a forest takes seconds, and while a
 * sweep runs its page asks with every epoch. Safe for use by several threads, of which one finds at a time.
 */
final class Importances {

    private static final int KEPT = 16;

    private final Map<Key, Importance> found = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Importance> eldest) {
            return size() > KEPT;
        }
    };

    /** Finished trials never change, so that their ids say it all. */
    private record Key(String metric, List<String> finished) {}

    /** Returns what {@link Importance#of(List, String)} finds. */
    synchronized Importance of(List<TrialRecord> trials, String metric) {
        List<TrialRecord> finished = trials.stream()
                .filter(trial -> trial.state() == TrialState.FINISHED)
                .toList();
        Key key = new Key(metric, finished.stream().map(TrialRecord::id).toList());
        Importance known = found.get(key);
        if (known == null) {
            known = Importance.of(finished, metric);
            found.put(key, known);
        }
        return known;
    }
}
