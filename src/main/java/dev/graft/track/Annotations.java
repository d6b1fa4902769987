package dev.graft.track;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.UnaryOperator;

/**
 * Writes what people note about sweeps and trials, also while a sweep runs: each call is one short transaction of its own
 * beside the one writer of what is recorded. Safe for use by several threads and processes.
 */
public final class Annotations {

    private static final int TRIES = 20;
    private static final long PAUSE_MILLIS = 50;

    private final Path results;
    private final Path file;

    Annotations(Path results) {
        this.results = results;
        this.file = Tracking.file(results);
    }

    /** Changes that belong together. */
    private interface Change<T> {
        T apply(Session session) throws SQLException;
    }

    /**
     * Changes what is noted about a sweep.
     *
     * @param change makes the new annotation of the present one
     * @return what is noted now
     * @throws UnknownSweepException when there is no such sweep
     * @throws AnnotationException when a name, notes or tags are not as they must be; the user's fault
     * @throws StoreException when it can't be written
     */
    public SweepAnnotation annotate(String sweepId, UnaryOperator<SweepAnnotation> change) {
        return write(session -> {
            require(session, "sweep", sweepId);
            SweepAnnotation before = AnnotationRows.sweep(session, sweepId);
            SweepAnnotation after = AnnotationRules.kept(change.apply(before));
            if (after.equals(before)) {
                return after;
            }
            if (after.equals(SweepAnnotation.NONE)) {
                session.update("DELETE FROM sweep_annotation WHERE sweep_id = ?", sweepId);
            } else {
                session.update(
                        "INSERT OR REPLACE INTO sweep_annotation (sweep_id, name, notes, tags, archived)"
                                + " VALUES (?, ?, ?, ?, ?)",
                        sweepId,
                        after.name(),
                        after.notes(),
                        Columns.json(after.tags()),
                        after.archived());
            }
            count(session);
            return after;
        });
    }

    /**
     * Changes what is noted about a trial.
     *
     * @param change makes the new annotation of the present one
     * @return what is noted now
     * @throws UnknownSweepException when there is no such trial
     * @throws StoreException when it can't be written
     */
    public TrialAnnotation annotateTrial(String trialId, UnaryOperator<TrialAnnotation> change) {
        return write(session -> {
            require(session, "trial", trialId);
            TrialAnnotation before = AnnotationRows.trial(session, trialId);
            TrialAnnotation after = change.apply(before);
            if (after.equals(before)) {
                return after;
            }
            if (after.equals(TrialAnnotation.NONE)) {
                session.update("DELETE FROM trial_annotation WHERE trial_id = ?", trialId);
            } else {
                session.update(
                        "INSERT OR REPLACE INTO trial_annotation (trial_id, pinned, hidden) VALUES (?, ?, ?)",
                        trialId,
                        after.pinned(),
                        after.hidden());
            }
            count(session);
            return after;
        });
    }

    private static void require(Session session, String table, String id) throws SQLException {
        if (session.first("SELECT 1 FROM " + table + " WHERE id = ?", row -> true, id)
                .isEmpty()) {
            throw new UnknownSweepException("there is no " + table + " " + id);
        }
    }

    private static void count(Session session) throws SQLException {
        session.update("UPDATE change_counter SET value = value + 1");
    }

    private <T> T write(Change<T> change) {
        try {
            bringUpToDate();
            try (Session session = Database.openBeside(file)) {
                return session.inTransaction("BEGIN IMMEDIATE", () -> change.apply(session));
            }
        } catch (SQLException e) {
            if (Failures.isOfContent(e) || Files.isWritable(file) && Files.isWritable(results)) {
                throw unwritten(Failures.of(file, e));
            }
            // SQLite says only that it could not open a file beside it.
            throw new StoreException(
                    file + " or its directory can only be read, so this was not kept: make both writable", e);
        } catch (DiskFullException e) {
            throw unwritten(e);
        }
    }

    private StoreException unwritten(StoreException e) {
        return e instanceof DiskFullException
                ? new DiskFullException(
                        "no space is left on the disk of " + file + ", so this was not kept: free some and try again",
                        e)
                : e;
    }

    /** Gives an older record the tables it lacks, as any writer does; nobody else may write meanwhile. */
    private void bringUpToDate() {
        for (int i = 1; ; i++) {
            int schema = Database.schema(file);
            if (schema == 0) {
                throw new UnknownSweepException("no sweep is recorded in " + results + " yet");
            }
            if (schema == Schema.CURRENT) {
                return;
            }
            try (DirectoryLock lock = DirectoryLock.take(results)) {
                Database.openForWriting(file).session().close();
                return;
            } catch (SQLException e) {
                throw Failures.of(file, e);
            } catch (StoreException e) {
                // Whoever had it may have given it back, and done it already.
                if (!DirectoryLock.isHeld(results) && i > 1 && Database.schema(file) != Schema.CURRENT) {
                    throw e;
                }
                // Whoever has the lock may be about to do just this.
                if (i == TRIES) {
                    throw new StoreException(
                            file + " is of an older Graft (schema " + schema
                                    + "), which is running a sweep in it: names,"
                                    + " notes and marks can be kept once that has ended",
                            e);
                }
                pause(e);
            }
        }
    }

    private static void pause(StoreException e) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw e;
        }
    }
}
