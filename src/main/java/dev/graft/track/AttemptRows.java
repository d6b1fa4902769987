package dev.graft.track;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Reads attempts, also from a record whose schema no writer has brought up to date yet. */
final class AttemptRows {

    private static final String CURRENT =
            "SELECT a.* FROM attempt a JOIN trial t ON t.id = a.trial_id WHERE %s = ? ORDER BY t.number, a.attempt";

    /** What {@code V2.sql} makes of the rows of schema 1. */
    private static final String OF_SCHEMA_ONE = """
            SELECT
              a.trial_id,
              a.attempt,
              CASE WHEN a.attempt < t.attempts THEN 'crashed' WHEN t.state = 'waiting' THEN 'running' ELSE t.state END AS state,
              CASE WHEN a.attempt < t.attempts THEN '' ELSE t.reason END AS reason,
              '' AS log,
              '' AS worker,
              a.attempt < t.attempts OR (t.state IN ('failed', 'crashed') AND t.reason <> 'its controller died') AS counts,
              a.feature_group,
              a.started_at,
              a.ended_at
            FROM attempt a JOIN trial t ON t.id = a.trial_id
            WHERE %s = ?
            ORDER BY t.number, a.attempt
            """;

    private AttemptRows() {}

    static List<AttemptRecord> read(Session session, String trialId) throws SQLException {
        return session.query(select(session, "a.trial_id"), AttemptRows::attempt, trialId);
    }

    /** Reads those at all trials of a sweep, in the order of the trials. */
    static List<AttemptLine> lines(Session session, String sweepId) throws SQLException {
        return session.query(select(session, "t.sweep_id"), AttemptRows::line, sweepId);
    }

    private static String select(Session session, String column) throws SQLException {
        boolean old = session.number("PRAGMA user_version") == 1;
        return String.format(old ? OF_SCHEMA_ONE : CURRENT, column);
    }

    private static AttemptLine line(ResultSet row) throws SQLException {
        return new AttemptLine(
                row.getString("trial_id"),
                row.getInt("attempt"),
                Columns.word(row, "state", AttemptState.class),
                row.getString("reason"),
                row.getString("worker"),
                Columns.time(row, "started_at"),
                Columns.optionalTime(row, "ended_at"),
                row.getString("feature_group"));
    }

    private static AttemptRecord attempt(ResultSet row) throws SQLException {
        return new AttemptRecord(
                row.getString("trial_id"),
                row.getInt("attempt"),
                Columns.word(row, "state", AttemptState.class),
                row.getString("reason"),
                row.getString("log"),
                row.getString("worker"),
                row.getBoolean("counts"),
                Columns.time(row, "started_at"),
                Columns.optionalTime(row, "ended_at"));
    }
}
