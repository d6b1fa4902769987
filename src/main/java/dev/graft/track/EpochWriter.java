package dev.graft.track;

import dev.graft.spec.Metric;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds epochs and keeps each trial's summary. Runs within the writer's transactions. */
final class EpochWriter {

    private static final String SUMMARY = """
            INSERT INTO summary VALUES (?1, ?2, ?3, NULL, NULL, ?4, ?5, ?4, ?6, ?4, ?6)
            ON CONFLICT (trial_id, name) DO UPDATE SET
              position = excluded.position,
              last = excluded.last,
              last_epoch = excluded.last_epoch,
              min = CASE WHEN min IS NULL OR excluded.min < min THEN excluded.min ELSE min END,
              min_epoch = CASE WHEN min IS NULL OR excluded.min < min THEN excluded.min_epoch ELSE min_epoch END,
              max = CASE WHEN max IS NULL OR excluded.max > max THEN excluded.max ELSE max END,
              max_epoch = CASE WHEN max IS NULL OR excluded.max > max THEN excluded.max_epoch ELSE max_epoch END
            """;

    private final Session session;

    EpochWriter(Session session) {
        this.session = session;
    }

    /** Where a running trial stands. */
    private record Standing(int attempt, int lastEpoch, Metric metric, double best) {}

    void add(String trialId, EpochRecord epoch, String now) throws SQLException {
        Standing standing = standing(trialId);
        if (epoch.epoch() <= standing.lastEpoch()) {
            throw new StoreException("trial " + trialId + " has recorded epoch " + standing.lastEpoch()
                    + ", so the next must be later, but was " + epoch.epoch());
        }
        insert(trialId, standing.attempt(), epoch, now);
        summarize(trialId, epoch);
        session.update("UPDATE trial SET epochs = epochs + 1, last_epoch = ? WHERE id = ?", epoch.epoch(), trialId);
        double value = epoch.metrics().getOrDefault(standing.metric().name(), Double.NaN);
        if (standing.metric().isBetter(value, standing.best())) {
            session.update("UPDATE trial SET best_epoch = ? WHERE id = ?", epoch.epoch(), trialId);
            session.update(
                    "UPDATE summary SET best = CASE WHEN last_epoch = ?1 THEN last END,"
                            + " best_epoch = CASE WHEN last_epoch = ?1 THEN ?1 END WHERE trial_id = ?2",
                    epoch.epoch(),
                    trialId);
        }
    }

    private Standing standing(String trialId) throws SQLException {
        List<Standing> standings = session.query(
                "SELECT t.attempts, t.last_epoch, s.metric, s.goal, m.best FROM trial t"
                        + " JOIN sweep s ON s.id = t.sweep_id"
                        + " LEFT JOIN summary m ON m.trial_id = t.id AND m.name = s.metric WHERE t.id = ?",
                row -> new Standing(
                        row.getInt("attempts"),
                        row.getInt("last_epoch"),
                        new Metric(
                                row.getString("metric"),
                                Metric.Goal.valueOf(row.getString("goal").toUpperCase(Locale.ROOT))),
                        Columns.number(row, "best")),
                trialId);
        return standings.get(0);
    }

    private void insert(String trialId, int attempt, EpochRecord epoch, String now) throws SQLException {
        session.update("INSERT INTO epoch VALUES (?, ?, ?, ?, ?)", trialId, attempt, epoch.epoch(), epoch.phase(), now);
        int position = 0;
        for (Map.Entry<String, Double> metric : epoch.metrics().entrySet()) {
            session.update(
                    "INSERT INTO metric VALUES (?, ?, ?, ?, ?, ?)",
                    trialId,
                    attempt,
                    epoch.epoch(),
                    metric.getKey(),
                    position++,
                    metric.getValue());
        }
        int index = 0;
        for (EpochRecord.ClassCount count : epoch.classes()) {
            session.update(
                    "INSERT INTO epoch_class VALUES (?, ?, ?, ?, ?, ?, ?)",
                    trialId,
                    attempt,
                    epoch.epoch(),
                    index++,
                    count.actual(),
                    count.predicted(),
                    count.correct());
        }
    }

    private void summarize(String trialId, EpochRecord epoch) throws SQLException {
        int position = 0;
        for (Map.Entry<String, Double> metric : epoch.metrics().entrySet()) {
            @Nullable Integer extremeEpoch = metric.getValue().isNaN() ? null : epoch.epoch();
            session.update(
                    SUMMARY, trialId, metric.getKey(), position++, metric.getValue(), epoch.epoch(), extremeEpoch);
        }
    }
}
