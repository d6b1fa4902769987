package dev.graft.track;

import java.sql.SQLException;

/** Where sweeps and trials stand, and what must hold before they change. Runs within the writer's transactions. */
final class States {

    private final Session session;

    States(Session session) {
        this.session = session;
    }

    /** Returns a sweep's state; that there is the sweep is the caller's claim. */
    SweepState sweep(String sweepId) throws SQLException {
        return session.first(
                        "SELECT state FROM sweep WHERE id = ?",
                        row -> Columns.word(row, "state", SweepState.class),
                        sweepId)
                .orElseThrow(() -> new StoreException("there is no sweep " + sweepId));
    }

    /** Returns a trial's state; that there is the trial is the caller's claim. */
    TrialState trial(String trialId) throws SQLException {
        return session.first(
                        "SELECT state FROM trial WHERE id = ?",
                        row -> Columns.word(row, "state", TrialState.class),
                        trialId)
                .orElseThrow(() -> new StoreException("there is no trial " + trialId));
    }

    /** Returns the state of a trial that has not ended. */
    TrialState mustBeOpen(String trialId) throws SQLException {
        TrialState state = trial(trialId);
        if (!state.isOpen()) {
            throw new StoreException(
                    "trial " + trialId + " has ended (" + state.word() + ") and is never changed again");
        }
        return state;
    }

    void mustBeRunning(String trialId) throws SQLException {
        if (mustBeOpen(trialId) != TrialState.RUNNING) {
            throw new StoreException("trial " + trialId + " has not begun");
        }
    }
}
