package dev.graft.track;

import java.sql.SQLException;

/** Begins and ends attempts. Runs within the writer's transactions. */
final class AttemptWriter {

    private final Session session;

    AttemptWriter(Session session) {
        this.session = session;
    }

    void start(String trialId, String featureGroup, boolean cacheHit, String worker, String now) throws SQLException {
        end(trialId, AttemptState.CRASHED, "another attempt began", "", true, now);
        forgetResult(trialId);
        session.update(
                "UPDATE trial SET state = 'running', feature_group = ?, cache_hit = ?, attempts = attempts + 1,"
                        + " epochs = 0, last_epoch = 0, best_epoch = 0, kept_epoch = 0, started_at = ? WHERE id = ?",
                featureGroup,
                cacheHit,
                now,
                trialId);
        session.update(
                "INSERT INTO attempt (trial_id, attempt, feature_group, worker, started_at)"
                        + " SELECT id, attempts, ?, ?, ? FROM trial WHERE id = ?",
                featureGroup,
                worker,
                now,
                trialId);
    }

    /** Ends the trial's running attempt, if there is one. */
    void end(String trialId, AttemptState state, String reason, String log, boolean counts, String now)
            throws SQLException {
        session.update(
                "UPDATE attempt SET state = ?, reason = ?, log = ?, counts = ?, ended_at = ?"
                        + " WHERE trial_id = ? AND state = 'running'",
                state.word(),
                reason,
                log,
                counts,
                now,
                trialId);
    }

    /**
     * Lets a trial wait to be tried again: its attempts stay recorded, but have no result that counts. The one change
     * that an ended trial allows, and not if it is finished or pruned.
     */
    void await(String trialId) throws SQLException {
        session.update(
                "UPDATE trial SET state = 'waiting', reason = '', epochs = 0, last_epoch = 0, best_epoch = 0,"
                        + " kept_epoch = 0, started_at = NULL, ended_at = NULL, seconds = '{}' WHERE id = ?",
                trialId);
        // Only now, because they belong to the trial and it was not to change.
        forgetResult(trialId);
    }

    private void forgetResult(String trialId) throws SQLException {
        session.update("DELETE FROM summary WHERE trial_id = ?", trialId);
        session.update("DELETE FROM prediction WHERE trial_id = ?", trialId);
    }
}
