package dev.graft.track;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the epochs of one or many trials together from their three tables. */
final class EpochRows {

    /** What joins the rows of the attempt that counts; a trial that waits to be tried again has none. */
    private static final String COUNTING = ".attempt = t.attempts AND t.epochs > 0";

    private EpochRows() {}

    /** One epoch of one trial. */
    private record Key(String trialId, int epoch) {}

    /**
     * Reads the epochs of the attempts that count.
     *
     * @param which a condition on the trial {@code t} with one parameter
     * @return the epochs by trial id, trials without epochs included, in the order of the trials
     */
    static Map<String, List<EpochRecord>> read(Session session, String which, String id) throws SQLException {
        Map<Key, Map<String, Double>> metrics = new HashMap<>();
        session.query(
                "SELECT m.trial_id, m.epoch, m.name, m.value FROM trial t"
                        + " JOIN metric m ON m.trial_id = t.id AND m" + COUNTING + " WHERE " + which
                        + " ORDER BY m.trial_id, m.epoch, m.position",
                row -> metrics.computeIfAbsent(
                                new Key(row.getString("trial_id"), row.getInt("epoch")), key -> new LinkedHashMap<>())
                        .put(row.getString("name"), Columns.number(row, "value")),
                id);
        Map<Key, List<EpochRecord.ClassCount>> classes = new HashMap<>();
        session.query(
                "SELECT c.trial_id, c.epoch, c.actual, c.predicted, c.correct FROM trial t"
                        + " JOIN epoch_class c ON c.trial_id = t.id AND c" + COUNTING + " WHERE " + which
                        + " ORDER BY c.trial_id, c.epoch, c.class",
                row -> classes.computeIfAbsent(
                                new Key(row.getString("trial_id"), row.getInt("epoch")), key -> new ArrayList<>())
                        .add(new EpochRecord.ClassCount(
                                row.getInt("actual"), row.getInt("predicted"), row.getInt("correct"))),
                id);
        Map<String, List<EpochRecord>> epochs = new LinkedHashMap<>();
        session.query(
                "SELECT t.id, e.epoch, e.phase FROM trial t"
                        + " LEFT JOIN epoch e ON e.trial_id = t.id AND e" + COUNTING + " WHERE " + which
                        + " ORDER BY t.number, e.epoch",
                row -> {
                    List<EpochRecord> ofTrial = epochs.computeIfAbsent(row.getString("id"), key -> new ArrayList<>());
                    int epoch = row.getInt("epoch");
                    if (!row.wasNull()) {
                        Key key = new Key(row.getString("id"), epoch);
                        ofTrial.add(new EpochRecord(
                                epoch,
                                row.getInt("phase"),
                                metrics.getOrDefault(key, Map.of()),
                                classes.getOrDefault(key, List.of())));
                    }
                    return epoch;
                },
                id);
        return epochs;
    }
}
