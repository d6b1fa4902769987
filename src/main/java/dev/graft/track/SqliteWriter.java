package dev.graft.track;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The one writer. Each call is one transaction; calls of several threads wait for each other. */
final class SqliteWriter implements TrackWriter {

    private static final String OPEN = "state IN ('waiting', 'running')";

    private final Session session;
    private final Database.Opened database;
    private final DirectoryLock lock;
    private final InstantSource clock;
    private final EpochWriter epochs;

    /** Sweeps this writer began, whose controller therefore lives. */
    private final Set<String> own = new HashSet<>();

    private boolean closed;

    SqliteWriter(Database.Opened database, DirectoryLock lock, InstantSource clock) {
        this.database = database;
        this.session = database.session();
        this.lock = lock;
        this.clock = clock;
        this.epochs = new EpochWriter(session);
    }

    /** Changes that belong together. */
    private interface Change {
        void apply() throws SQLException;
    }

    private synchronized void write(Change change) {
        if (closed) {
            throw new StoreException("the record " + database.file() + " has been closed");
        }
        try {
            session.inTransaction("BEGIN IMMEDIATE", () -> {
                change.apply();
                return session.update("UPDATE change_counter SET value = value + 1");
            });
        } catch (SQLException e) {
            throw Failures.of(database.file(), e);
        }
    }

    @Override
    public void createSweep(SweepRecord sweep, List<TrialRecord> trials) {
        if (sweep.state() != SweepState.RUNNING
                || trials.stream().anyMatch(trial -> trial.state() != TrialState.WAITING)) {
            throw new IllegalArgumentException("a new sweep must be running and its trials waiting");
        }
        write(() -> {
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
            insertProvenance(sweep.id(), sweep.provenance());
            for (TrialRecord trial : trials) {
                session.update(
                        "INSERT INTO trial (id, sweep_id, number, state, parameters, seed, run_key, feature_group, cache_hit)"
                                + " VALUES (?, ?, ?, 'waiting', ?, ?, ?, ?, ?)",
                        trial.id(),
                        sweep.id(),
                        trial.number(),
                        Columns.json(trial.parameters()),
                        trial.seed(),
                        trial.runKey(),
                        trial.featureGroup(),
                        trial.cacheHit());
            }
            own.add(sweep.id());
        });
    }

    @Override
    public void putFeatureGroup(String sweepId, FeatureGroupRecord group) {
        write(() -> {
            sweepState(sweepId);
            session.update(
                    "INSERT INTO feature_group (sweep_id, key, base, image_size, cut, images, bytes, cache_hit,"
                            + " decode_seconds, prefix_seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (sweep_id, key) DO UPDATE SET base = excluded.base,"
                            + " image_size = excluded.image_size, cut = excluded.cut, images = excluded.images,"
                            + " bytes = excluded.bytes, cache_hit = excluded.cache_hit,"
                            + " decode_seconds = excluded.decode_seconds, prefix_seconds = excluded.prefix_seconds",
                    sweepId,
                    group.key(),
                    group.base(),
                    group.imageSize(),
                    group.cut(),
                    group.images(),
                    group.bytes(),
                    group.cacheHit(),
                    group.decodeSeconds(),
                    group.prefixSeconds());
        });
    }

    @Override
    public void addProvenance(String sweepId, Map<String, String> provenance) {
        write(() -> {
            sweepState(sweepId);
            insertProvenance(sweepId, provenance);
        });
    }

    private void insertProvenance(String sweepId, Map<String, String> provenance) throws SQLException {
        for (Map.Entry<String, String> entry : provenance.entrySet()) {
            session.update(
                    "INSERT INTO provenance VALUES (?, ?, ?)"
                            + " ON CONFLICT (sweep_id, name) DO UPDATE SET value = excluded.value",
                    sweepId,
                    entry.getKey(),
                    entry.getValue());
        }
    }

    @Override
    public void setFrozenPasses(String sweepId, int done, int saved) {
        write(() -> {
            sweepState(sweepId);
            session.update(
                    "UPDATE sweep SET frozen_passes = ?, frozen_passes_saved = ? WHERE id = ?", done, saved, sweepId);
        });
    }

    @Override
    public void startTrial(String trialId, String featureGroup, boolean cacheHit) {
        write(() -> {
            mustBeOpen(trialId);
            String now = now();
            session.update("UPDATE attempt SET ended_at = ? WHERE trial_id = ? AND ended_at IS NULL", now, trialId);
            session.update("DELETE FROM summary WHERE trial_id = ?", trialId);
            session.update("DELETE FROM prediction WHERE trial_id = ?", trialId);
            session.update(
                    "UPDATE trial SET state = 'running', feature_group = ?, cache_hit = ?, attempts = attempts + 1,"
                            + " epochs = 0, last_epoch = 0, best_epoch = 0, kept_epoch = 0, started_at = ? WHERE id = ?",
                    featureGroup,
                    cacheHit,
                    now,
                    trialId);
            session.update(
                    "INSERT INTO attempt (trial_id, attempt, feature_group, started_at)"
                            + " SELECT id, attempts, ?, ? FROM trial WHERE id = ?",
                    featureGroup,
                    now,
                    trialId);
        });
    }

    @Override
    public void addEpoch(String trialId, EpochRecord epoch) {
        write(() -> {
            mustBeRunning(trialId);
            epochs.add(trialId, epoch, now());
        });
    }

    @Override
    public void putPredictions(String trialId, int keptEpoch, List<Prediction> predictions) {
        write(() -> {
            mustBeRunning(trialId);
            session.update("UPDATE trial SET kept_epoch = ? WHERE id = ?", keptEpoch, trialId);
            session.update("DELETE FROM prediction WHERE trial_id = ?", trialId);
            int position = 0;
            for (Prediction prediction : predictions) {
                session.update(
                        "INSERT INTO image (path) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM image WHERE path = ?1)",
                        prediction.image());
                session.update(
                        "INSERT INTO prediction SELECT ?, ?, id, ?, ?, ?, ? FROM image WHERE path = ?",
                        trialId,
                        position++,
                        prediction.label(),
                        prediction.predicted(),
                        prediction.confidence(),
                        prediction.labelProbability(),
                        prediction.image());
            }
        });
    }

    @Override
    public void repeatTrial(String trialId, String source, String featureGroup, String reason) {
        write(() -> {
            if (trialState(trialId) != TrialState.WAITING || trialState(source) != TrialState.FINISHED) {
                throw new StoreException("trial " + trialId + " cannot take over the result of " + source);
            }
            new TrialCopy(session).copy(source, trialId, featureGroup, reason, now());
        });
    }

    @Override
    public void endTrial(String trialId, TrialState state, String reason, Map<String, Double> seconds) {
        if (state.isOpen()) {
            throw new IllegalArgumentException("a trial cannot end as " + state.word());
        }
        write(() -> {
            mustBeOpen(trialId);
            String now = now();
            session.update("UPDATE attempt SET ended_at = ? WHERE trial_id = ? AND ended_at IS NULL", now, trialId);
            session.update(
                    "UPDATE trial SET state = ?, reason = ?, seconds = ?, ended_at = ? WHERE id = ?",
                    state.word(),
                    reason,
                    Columns.json(seconds),
                    now,
                    trialId);
        });
    }

    @Override
    public void endSweep(String sweepId, SweepState state, String reason) {
        if (state == SweepState.RUNNING) {
            throw new IllegalArgumentException("a sweep cannot end as running");
        }
        write(() -> {
            if (sweepState(sweepId) != SweepState.RUNNING) {
                throw new StoreException("sweep " + sweepId + " has ended already");
            }
            end(sweepId, state, reason, TrialState.CANCELLED);
        });
    }

    @Override
    public List<String> sweepUp() {
        List<String> crashed = new ArrayList<>();
        write(() -> {
            for (String id : session.query(
                    "SELECT id FROM sweep WHERE state = 'running' ORDER BY position", row -> row.getString(1))) {
                if (!own.contains(id)) {
                    end(id, SweepState.CRASHED, "its controller died", TrialState.CRASHED);
                    crashed.add(id);
                }
            }
        });
        return List.copyOf(crashed);
    }

    private void end(String sweepId, SweepState state, String reason, TrialState ofOpenTrials) throws SQLException {
        String now = now();
        session.update(
                "UPDATE attempt SET ended_at = ? WHERE ended_at IS NULL AND trial_id IN"
                        + " (SELECT id FROM trial WHERE sweep_id = ? AND " + OPEN + ")",
                now,
                sweepId);
        session.update(
                "UPDATE trial SET state = ?, reason = ?, ended_at = ? WHERE sweep_id = ? AND " + OPEN,
                ofOpenTrials.word(),
                reason,
                now,
                sweepId);
        session.update(
                "UPDATE sweep SET state = ?, reason = ?, ended_at = ? WHERE id = ?",
                state.word(),
                reason,
                now,
                sweepId);
    }

    private String now() {
        return Columns.time(clock.instant());
    }

    private SweepState sweepState(String sweepId) throws SQLException {
        return session.first(
                        "SELECT state FROM sweep WHERE id = ?",
                        row -> Columns.word(row, "state", SweepState.class),
                        sweepId)
                .orElseThrow(() -> new StoreException("there is no sweep " + sweepId));
    }

    private TrialState trialState(String trialId) throws SQLException {
        return session.first(
                        "SELECT state FROM trial WHERE id = ?",
                        row -> Columns.word(row, "state", TrialState.class),
                        trialId)
                .orElseThrow(() -> new StoreException("there is no trial " + trialId));
    }

    private void mustBeOpen(String trialId) throws SQLException {
        TrialState state = trialState(trialId);
        if (!state.isOpen()) {
            throw new StoreException(
                    "trial " + trialId + " has ended (" + state.word() + ") and is never changed again");
        }
    }

    private void mustBeRunning(String trialId) throws SQLException {
        mustBeOpen(trialId);
        if (trialState(trialId) != TrialState.RUNNING) {
            throw new StoreException("trial " + trialId + " has not begun");
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            session.close();
        } catch (SQLException e) {
            throw Failures.of(database.file(), e);
        } finally {
            lock.close();
        }
    }
}
