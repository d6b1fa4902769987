package dev.graft.track;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Begins, ends, reopens and extends sweeps. Runs within the writer's transactions. */
final class SweepWriter {

    /** Tables whose rows belong to trials, those that refer to others first. */
    private static final List<String> OF_TRIALS =
            List.of("prediction", "summary", "epoch_class", "metric", "epoch", "attempt", "trial_annotation");

    private static final List<String> OF_SWEEPS =
            List.of("trial", "feature_group", "provenance", "sweep_file_version", "sweep_annotation");

    private final Session session;
    private final States states;
    private final AttemptWriter attempts;

    SweepWriter(Session session, States states, AttemptWriter attempts) {
        this.session = session;
        this.states = states;
        this.attempts = attempts;
    }

    void create(SweepRecord sweep, List<TrialRecord> trials) throws SQLException {
        session.update(
                "INSERT INTO sweep (id, name, state, reason, method, metric, goal, file_name, file_text, classes,"
                        + " created_at, frozen_passes, frozen_passes_saved)"
                        + " VALUES (?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                sweep.id(),
                sweep.name(),
                sweep.reason(),
                sweep.method(),
                sweep.metric(),
                sweep.goal(),
                sweep.fileName(),
                sweep.fileText(),
                Columns.json(sweep.classes()),
                Columns.time(sweep.createdAt()),
                sweep.frozenPasses(),
                sweep.frozenPassesSaved());
        addProvenance(sweep.id(), sweep.provenance());
        addTrials(sweep.id(), trials);
    }

    void addProvenance(String sweepId, Map<String, String> provenance) throws SQLException {
        for (Map.Entry<String, String> entry : provenance.entrySet()) {
            session.update(
                    "INSERT INTO provenance VALUES (?, ?, ?)"
                            + " ON CONFLICT (sweep_id, name) DO UPDATE SET value = excluded.value",
                    sweepId,
                    entry.getKey(),
                    entry.getValue());
        }
    }

    private void addTrials(String sweepId, List<TrialRecord> trials) throws SQLException {
        for (TrialRecord trial : trials) {
            session.update(
                    "INSERT INTO trial (id, sweep_id, number, state, parameters, seed, run_key, feature_group, cache_hit,"
                            + " model_weights) VALUES (?, ?, ?, 'waiting', ?, ?, ?, ?, ?, ?)",
                    trial.id(),
                    sweepId,
                    trial.number(),
                    Columns.json(trial.parameters()),
                    trial.seed(),
                    trial.runKey(),
                    trial.featureGroup(),
                    trial.cacheHit(),
                    trial.modelWeights().isPresent() ? trial.modelWeights().getAsLong() : null);
        }
    }

    /** Ends a sweep, and as cancelled what is open of it. */
    void end(String sweepId, SweepState state, String reason, String now) throws SQLException {
        endTrials(sweepId, TrialState.RUNNING, TrialState.CANCELLED, reason, now);
        endTrials(sweepId, TrialState.WAITING, TrialState.CANCELLED, reason, now);
        setEnded(sweepId, state, reason, now);
    }

    /** Ends a sweep whose controller is gone, and says whether it crashed: one whose trials had all ended finished. */
    boolean sweepUp(String sweepId, String now) throws SQLException {
        boolean open = session.first(
                        "SELECT 1 FROM trial WHERE sweep_id = ? AND state IN ('running', 'waiting')",
                        row -> true,
                        sweepId)
                .isPresent();
        if (!open) {
            setEnded(sweepId, SweepState.FINISHED, "", now);
            return false;
        }
        endTrials(sweepId, TrialState.RUNNING, TrialState.CRASHED, "the sweep's controller died", now);
        endTrials(
                sweepId, TrialState.WAITING, TrialState.CANCELLED, "the sweep's controller died before it began", now);
        setEnded(sweepId, SweepState.CRASHED, "its controller died", now);
        return true;
    }

    private void endTrials(String sweepId, TrialState open, TrialState ended, String reason, String now)
            throws SQLException {
        session.update(
                "UPDATE attempt SET state = ?, reason = ?, ended_at = ? WHERE state = 'running' AND trial_id IN"
                        + " (SELECT id FROM trial WHERE sweep_id = ? AND state = ?)",
                ended.word(),
                reason,
                now,
                sweepId,
                open.word());
        session.update(
                "UPDATE trial SET state = ?, reason = ?, ended_at = ? WHERE sweep_id = ? AND state = ?",
                ended.word(),
                reason,
                now,
                sweepId,
                open.word());
    }

    private void setEnded(String sweepId, SweepState state, String reason, String now) throws SQLException {
        session.update(
                "UPDATE sweep SET state = ?, reason = ?, ended_at = ? WHERE id = ?",
                state.word(),
                reason,
                now,
                sweepId);
    }

    /** Reopens an ended sweep and returns how many trials wait; 0 if there would be none, and then nothing changes. */
    int reopen(String sweepId, boolean failed) throws SQLException {
        if (states.sweep(sweepId) == SweepState.RUNNING) {
            throw new StoreException("sweep " + sweepId + " has not ended, so it cannot be reopened");
        }
        List<String> again = session.query(
                "SELECT t.id FROM trial t LEFT JOIN attempt a ON a.trial_id = t.id AND a.attempt = t.attempts"
                        + " WHERE t.sweep_id = ? AND (t.state = 'cancelled' OR (t.state = 'crashed' AND a.counts = 0))",
                row -> row.getString(1),
                sweepId);
        List<String> faulty = session.query(
                "SELECT id FROM trial WHERE sweep_id = ? AND state IN ('failed', 'crashed')",
                row -> row.getString(1),
                sweepId);
        if (again.isEmpty() && (faulty.isEmpty() || !failed)) {
            return 0;
        }
        setRunning(sweepId);
        for (String trialId : again) {
            attempts.await(trialId);
        }
        if (failed) {
            for (String trialId : faulty) {
                attempts.await(trialId);
                session.update("UPDATE attempt SET counts = 0 WHERE trial_id = ?", trialId);
            }
        }
        return Math.toIntExact(session.first(
                        "SELECT count(*) FROM trial WHERE sweep_id = ? AND state = 'waiting'",
                        row -> row.getLong(1),
                        sweepId)
                .orElse(0L));
    }

    private void setRunning(String sweepId) throws SQLException {
        session.update("UPDATE sweep SET state = 'running', reason = '', ended_at = NULL WHERE id = ?", sweepId);
    }

    /** Deletes an ended sweep, and returns how many rows are gone. */
    long delete(String sweepId) throws SQLException {
        if (states.sweep(sweepId) == SweepState.RUNNING) {
            throw new StoreException("sweep " + sweepId + " has not ended, so it cannot be deleted");
        }
        // Lets the triggers let go of it; one that was begun by other means goes on.
        session.update("INSERT OR IGNORE INTO deleted_sweep VALUES (?)", sweepId);
        long rows = 0;
        for (String table : OF_TRIALS) {
            rows += session.update(
                    "DELETE FROM " + table + " WHERE trial_id IN (SELECT id FROM trial WHERE sweep_id = ?)", sweepId);
        }
        for (String table : OF_SWEEPS) {
            rows += session.update("DELETE FROM " + table + " WHERE sweep_id = ?", sweepId);
        }
        rows += session.update("DELETE FROM sweep WHERE id = ?", sweepId);
        session.update("DELETE FROM deleted_sweep WHERE sweep_id = ?", sweepId);
        return rows;
    }

    /** Keeps the sweep's present file, replaces it, and adds trials; with some, an ended sweep runs again. */
    void extend(String sweepId, String fileName, String fileText, List<TrialRecord> trials, String now)
            throws SQLException {
        long last = session.first(
                        "SELECT coalesce(max(number), 0) FROM trial WHERE sweep_id = ?", row -> row.getLong(1), sweepId)
                .orElse(0L);
        for (TrialRecord trial : trials) {
            if (trial.number() != ++last) {
                throw new StoreException("the next trial of sweep " + sweepId + " must have the number " + last
                        + ", but was " + trial.number());
            }
        }
        boolean same = session.first(
                        "SELECT 1 FROM sweep WHERE id = ? AND file_name = ? AND file_text = ?",
                        row -> true,
                        sweepId,
                        fileName,
                        fileText)
                .isPresent();
        if (!same) {
            session.update(
                    "INSERT INTO sweep_file_version (sweep_id, version, file_name, file_text, replaced_at)"
                            + " SELECT id, 1 + (SELECT count(*) FROM sweep_file_version v WHERE v.sweep_id = s.id),"
                            + " file_name, file_text, ? FROM sweep s WHERE id = ?",
                    now,
                    sweepId);
            session.update("UPDATE sweep SET file_name = ?, file_text = ? WHERE id = ?", fileName, fileText, sweepId);
        }
        if (!trials.isEmpty()) {
            setRunning(sweepId);
            addTrials(sweepId, trials);
        }
    }
}
