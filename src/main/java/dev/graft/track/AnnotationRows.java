package dev.graft.track;

import com.fasterxml.jackson.core.type.TypeReference;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads annotations; a record whose schema no writer has brought up to date yet has none. */
final class AnnotationRows {

    /** The first schema that has them. */
    private static final int SCHEMA = 3;

    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};

    private AnnotationRows() {}

    /** Returns those of all sweeps by the sweeps' ids. */
    static Map<String, SweepAnnotation> sweeps(Session session) throws SQLException {
        Map<String, SweepAnnotation> annotations = new LinkedHashMap<>();
        if (has(session)) {
            session.query(
                    "SELECT * FROM sweep_annotation", row -> annotations.put(row.getString("sweep_id"), sweep(row)));
        }
        return annotations;
    }

    /** Returns that of one sweep. */
    static SweepAnnotation sweep(Session session, String sweepId) throws SQLException {
        return session.first("SELECT * FROM sweep_annotation WHERE sweep_id = ?", AnnotationRows::sweep, sweepId)
                .orElse(SweepAnnotation.NONE);
    }

    private static SweepAnnotation sweep(ResultSet row) throws SQLException {
        return new SweepAnnotation(
                row.getString("name"),
                row.getString("notes"),
                Columns.json(row, "tags", STRINGS),
                row.getBoolean("archived"));
    }

    /** Returns those of a sweep's trials by the trials' ids. */
    static Map<String, TrialAnnotation> trials(Session session, String sweepId) throws SQLException {
        Map<String, TrialAnnotation> annotations = new LinkedHashMap<>();
        if (has(session)) {
            session.query(
                    "SELECT a.* FROM trial_annotation a JOIN trial t ON t.id = a.trial_id WHERE t.sweep_id = ?"
                            + " ORDER BY t.number",
                    row -> annotations.put(row.getString("trial_id"), trial(row)),
                    sweepId);
        }
        return annotations;
    }

    /** Returns that of one trial. */
    static TrialAnnotation trial(Session session, String trialId) throws SQLException {
        return session.first("SELECT * FROM trial_annotation WHERE trial_id = ?", AnnotationRows::trial, trialId)
                .orElse(TrialAnnotation.NONE);
    }

    private static TrialAnnotation trial(ResultSet row) throws SQLException {
        return new TrialAnnotation(row.getBoolean("pinned"), row.getBoolean("hidden"));
    }

    private static boolean has(Session session) throws SQLException {
        return session.number("PRAGMA user_version") >= SCHEMA;
    }
}
