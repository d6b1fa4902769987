package dev.graft.track;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The one writer. Each call is one transaction; calls of several threads wait for each other. */
final class SqliteWriter implements TrackWriter {

    private final Session session;
    private final Database.Opened database;
    private final DirectoryLock lock;
    private final InstantSource clock;
    private final States states;
    private final EpochWriter epochs;
    private final AttemptWriter attempts;
    private final SweepWriter sweeps;

    /** Sweeps this writer began or reopened, whose controller therefore lives. */
    private final Set<String> own = new HashSet<>();

    /** Whether the last write found the disk full. */
    private boolean full;

    private boolean closed;

    private final Object identity;

    SqliteWriter(Database.Opened database, DirectoryLock lock, InstantSource clock) {
        this.identity = identity(database.file());
        this.database = database;
        this.session = database.session();
        this.lock = lock;
        this.clock = clock;
        this.states = new States(session);
        this.epochs = new EpochWriter(session);
        this.attempts = new AttemptWriter(session);
        this.sweeps = new SweepWriter(session, states, attempts);
    }

    /** Changes that belong together. */
    private interface Change {
        void apply() throws SQLException;
    }

    private void write(Change change) {
        writing(() -> {
            change.apply();
            return true;
        });
    }

    /** Makes changes and returns what comes of them. */
    private synchronized <T> T writing(Session.Work<T> change) {
        if (closed) {
            throw new StoreException("the record " + database.file() + " has been closed");
        }
        requireSameFile();
        if (full) {
            // Before the log takes what has been freed: the database may need it to take the log.
            full = !reclaimed();
        }
        try {
            return transaction(change);
        } catch (SQLException e) {
            StoreException failure = Failures.of(database.file(), e);
            full = failure instanceof DiskFullException;
            if (full && reclaimed()) {
                try {
                    T result = transaction(change);
                    full = false;
                    return result;
                } catch (SQLException again) {
                    failure.addSuppressed(again);
                }
            }
            throw failure;
        }
    }

    /** A file that was deleted or replaced can still be written by whoever has it open, but nobody finds it again. */
    private void requireSameFile() {
        if (!identity.equals(identity(database.file()))) {
            throw Failures.moved(database.file());
        }
    }

    /** Tells a file from another of its name, where the system does; elsewhere open files cannot be deleted either. */
    private static Object identity(Path file) {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? file : key;
        } catch (IOException e) {
            return "none";
        }
    }

    private <T> T transaction(Session.Work<T> change) throws SQLException {
        return session.inTransaction("BEGIN IMMEDIATE", () -> {
            long before = changes();
            T result = change.run();
            if (changes() != before) {
                session.update("UPDATE change_counter SET value = value + 1");
            }
            return result;
        });
    }

    /** Moves the log's pages into the database, so that the log's own space can be written again. */
    private boolean reclaimed() {
        try {
            session.query("PRAGMA wal_checkpoint(PASSIVE)", row -> row.getInt(1));
            return true;
        } catch (SQLException e) {
            // Still full; what is in the log is safe there.
            return false;
        }
    }

    private long changes() throws SQLException {
        return session.number("SELECT total_changes()");
    }

    @Override
    public void createSweep(SweepRecord sweep, List<TrialRecord> trials) {
        if (sweep.state() != SweepState.RUNNING
                || trials.stream().anyMatch(trial -> trial.state() != TrialState.WAITING)) {
            throw new IllegalArgumentException("a new sweep must be running and its trials waiting");
        }
        synchronized (this) {
            write(() -> sweeps.create(sweep, trials));
            own.add(sweep.id());
        }
    }

    @Override
    public void putFeatureGroup(String sweepId, FeatureGroupRecord group) {
        write(() -> {
            states.sweep(sweepId);
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
            states.sweep(sweepId);
            sweeps.addProvenance(sweepId, provenance);
        });
    }

    @Override
    public void setFrozenPasses(String sweepId, int done, int saved) {
        write(() -> {
            states.sweep(sweepId);
            session.update(
                    "UPDATE sweep SET frozen_passes = ?, frozen_passes_saved = ? WHERE id = ?", done, saved, sweepId);
        });
    }

    @Override
    public void startTrial(String trialId, String featureGroup, boolean cacheHit, String worker) {
        write(() -> {
            states.mustBeOpen(trialId);
            attempts.start(trialId, featureGroup, cacheHit, worker, now());
        });
    }

    @Override
    public void addEpoch(String trialId, EpochRecord epoch) {
        write(() -> {
            states.mustBeRunning(trialId);
            epochs.add(trialId, epoch, now());
        });
    }

    @Override
    public void putPredictions(String trialId, int keptEpoch, List<Prediction> predictions) {
        write(() -> {
            states.mustBeRunning(trialId);
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
            if (states.trial(trialId) != TrialState.WAITING || states.trial(source) != TrialState.FINISHED) {
                throw new StoreException("trial " + trialId + " cannot take over the result of " + source);
            }
            new TrialCopy(session).copy(source, trialId, featureGroup, reason, now());
        });
    }

    @Override
    public void endAttempt(String trialId, AttemptState state, String reason, String log, boolean counts) {
        if (state == AttemptState.RUNNING || state == AttemptState.FINISHED || state == AttemptState.PRUNED) {
            throw new IllegalArgumentException("a trial is not tried again after an attempt that is " + state.word());
        }
        write(() -> {
            states.mustBeRunning(trialId);
            attempts.end(trialId, state, reason, log, counts, now());
            attempts.await(trialId);
        });
    }

    @Override
    public void endTrial(String trialId, TrialState state, String reason, Map<String, Double> seconds, String log) {
        if (state.isOpen()) {
            throw new IllegalArgumentException("a trial cannot end as " + state.word());
        }
        write(() -> {
            if (state == TrialState.FINISHED) {
                states.mustBeRunning(trialId);
            } else {
                states.mustBeOpen(trialId);
            }
            String now = now();
            boolean counts = state == TrialState.FAILED || state == TrialState.CRASHED;
            attempts.end(trialId, AttemptState.valueOf(state.name()), reason, log, counts, now);
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
            if (states.sweep(sweepId) != SweepState.RUNNING) {
                throw new StoreException("sweep " + sweepId + " has ended already");
            }
            sweeps.end(sweepId, state, reason, now());
        });
    }

    @Override
    public List<String> sweepUp() {
        return writing(() -> {
            List<String> running = session.query(
                    "SELECT id FROM sweep WHERE state = 'running' ORDER BY position", row -> row.getString(1));
            List<String> crashed = new ArrayList<>();
            String now = now();
            for (String id : running) {
                if (!own.contains(id) && sweeps.sweepUp(id, now)) {
                    crashed.add(id);
                }
            }
            return crashed;
        });
    }

    @Override
    public synchronized int reopenSweep(String sweepId, boolean failed) {
        int waiting = writing(() -> sweeps.reopen(sweepId, failed));
        if (waiting > 0) {
            own.add(sweepId);
        }
        return waiting;
    }

    @Override
    public synchronized void extendSweep(String sweepId, String fileName, String fileText, List<TrialRecord> trials) {
        if (trials.stream().anyMatch(trial -> trial.state() != TrialState.WAITING)) {
            throw new IllegalArgumentException("new trials must be waiting");
        }
        write(() -> {
            if (states.sweep(sweepId) == SweepState.RUNNING && !own.contains(sweepId)) {
                throw new StoreException("sweep " + sweepId + " is another controller's and has not ended");
            }
            sweeps.extend(sweepId, fileName, fileText, trials, now());
        });
        if (!trials.isEmpty()) {
            own.add(sweepId);
        }
    }

    @Override
    public synchronized long deleteSweep(String sweepId) {
        long rows = writing(() -> sweeps.delete(sweepId));
        own.remove(sweepId);
        return rows;
    }

    private String now() {
        return Columns.time(clock.instant());
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
