package dev.graft.track;

import java.sql.SQLException;
import java.util.Map;

/** Copies the result of a finished trial to another, within the caller's transaction. */
final class TrialCopy {

    private final Session session;

    TrialCopy(Session session) {
        this.session = session;
    }

    void copy(String source, String target, String featureGroup, String reason, String now) throws SQLException {
        session.update("UPDATE trial SET attempts = attempts + 1, started_at = ? WHERE id = ?", now, target);
        session.update(
                "INSERT INTO attempt (trial_id, attempt, feature_group, state, reason, started_at, ended_at)"
                        + " SELECT id, attempts, ?, 'finished', ?, ?, ? FROM trial WHERE id = ?",
                featureGroup,
                reason,
                now,
                now,
                target);
        copyAttempt(source, target, "epoch", "epoch, phase, ended_at");
        copyAttempt(source, target, "metric", "epoch, name, position, value");
        copyAttempt(source, target, "epoch_class", "epoch, class, actual, predicted, correct");
        copyRows(
                source,
                target,
                "summary",
                "name, position, best, best_epoch, last, last_epoch, min, min_epoch, max, max_epoch");
        copyRows(source, target, "prediction", "position, image_id, label, predicted, confidence, label_probability");
        session.update(
                "UPDATE trial SET state = 'finished', reason = ?, feature_group = ?, cache_hit = 1, same_as = ?,"
                        + " seconds = ?, ended_at = ?, (epochs, last_epoch, best_epoch, kept_epoch) ="
                        + " (SELECT epochs, last_epoch, best_epoch, kept_epoch FROM trial WHERE id = ?) WHERE id = ?",
                reason,
                featureGroup,
                source,
                Columns.json(Map.of("total", 0.0)),
                now,
                source,
                target);
    }

    /** Copies rows of the source's counting attempt to the target's. */
    private void copyAttempt(String source, String target, String table, String columns) throws SQLException {
        session.update(
                "INSERT INTO " + table + " (trial_id, attempt, " + columns
                        + ") SELECT ?1, (SELECT attempts FROM trial WHERE id = ?1), " + columns + " FROM " + table
                        + " WHERE trial_id = ?2 AND attempt = (SELECT attempts FROM trial WHERE id = ?2)",
                target,
                source);
    }

    private void copyRows(String source, String target, String table, String columns) throws SQLException {
        session.update(
                "INSERT INTO " + table + " (trial_id, " + columns + ") SELECT ?, " + columns + " FROM " + table
                        + " WHERE trial_id = ?",
                target,
                source);
    }
}
