package dev.graft.track;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads from any thread; each call is one read transaction on a connection of its own. */
final class SqliteReader implements TrackReader {

    private static final String OF_SWEEP = "t.sweep_id = ?";
    private static final String OF_TRIAL = "t.id = ?";
    private static final String OF_TRIALS = "t.id IN (SELECT value FROM json_each(?))";

    /** Along the trials of one sweep, a look into the summary by its key for each. */
    static final String LINES =
            "SELECT t.id, t.number, t.state, t.ended_at, CASE WHEN t.best_epoch = m.best_epoch THEN m.best END AS value"
                    + " FROM trial t LEFT JOIN summary m ON m.trial_id = t.id AND m.name = ? WHERE t.sweep_id = ?"
                    + " ORDER BY t.number";

    /** From the trials asked for to their epochs, and by its key to each epoch's metric. */
    static final String CURVES = "SELECT t.id, e.epoch, e.phase, m.value, e.ended_at FROM json_each(?2) ids"
            + " CROSS JOIN trial t ON t.id = ids.value"
            + " CROSS JOIN epoch e ON e.trial_id = t.id AND e.attempt = t.attempts AND t.epochs > 0"
            + " CROSS JOIN metric m ON m.trial_id = e.trial_id AND m.attempt = e.attempt AND m.epoch = e.epoch"
            + " AND m.name = ?1 ORDER BY t.id, e.epoch";

    private final Path file;
    private final ReadSessions sessions;

    SqliteReader(Path file) {
        this.file = file;
        this.sessions = new ReadSessions(file);
    }

    /** Reads what belongs together. */
    private interface Query<T> {
        T run(Session session) throws SQLException;
    }

    private <T> T read(T whenAbsent, Query<T> query) {
        Optional<ReadSessions.Lent> lent = sessions.borrow();
        if (lent.isEmpty()) {
            return whenAbsent;
        }
        Session session = lent.get().session();
        boolean healthy = false;
        try {
            T result = session.inTransaction("BEGIN", () -> query.run(session));
            healthy = true;
            return result;
        } catch (SQLException e) {
            throw Failures.of(file, e);
        } finally {
            sessions.giveBack(lent.get(), healthy);
        }
    }

    @Override
    public List<SweepRecord> sweeps() {
        return read(List.of(), session -> {
            Map<String, Map<String, String>> provenance = new LinkedHashMap<>();
            session.query(
                    "SELECT sweep_id, name, value FROM provenance",
                    row -> provenance
                            .computeIfAbsent(row.getString("sweep_id"), id -> new LinkedHashMap<>())
                            .put(row.getString("name"), row.getString("value")));
            return session.query(
                    "SELECT * FROM sweep ORDER BY created_at DESC, position DESC",
                    row -> Rows.sweep(row, provenance.getOrDefault(row.getString("id"), Map.of())));
        });
    }

    /** Says whether a sweep is recorded as running, with as little reading as that takes. */
    boolean hasRunning() {
        return read(
                false,
                session -> session.first("SELECT 1 FROM sweep WHERE state = 'running' LIMIT 1", row -> true)
                        .isPresent());
    }

    @Override
    public SweepRecord sweep(String reference) {
        return SweepReference.resolve(reference, sweeps(), file);
    }

    @Override
    public List<TrialRecord> trials(String sweepId) {
        return read(List.of(), session -> trials(session, OF_SWEEP, sweepId));
    }

    @Override
    public Optional<TrialRecord> trial(String trialId) {
        return read(List.<TrialRecord>of(), session -> trials(session, OF_TRIAL, trialId)).stream()
                .findFirst();
    }

    @Override
    public List<TrialLine> lines(SweepRecord sweep) {
        return read(List.of(), session -> session.query(LINES, SqliteReader::line, sweep.metric(), sweep.id()));
    }

    private static TrialLine line(ResultSet row) throws SQLException {
        return new TrialLine(
                row.getString(1),
                row.getInt(2),
                Columns.word(row, "state", TrialState.class),
                Columns.number(row, "value"),
                Objects.requireNonNullElse(row.getString("ended_at"), ""));
    }

    @Override
    public List<TrialRecord> trials(List<String> trialIds) {
        Map<String, TrialRecord> found = new HashMap<>();
        read(List.<TrialRecord>of(), session -> trials(session, OF_TRIALS, Columns.json(trialIds)))
                .forEach(trial -> found.put(trial.id(), trial));
        return trialIds.stream().filter(found::containsKey).map(found::get).toList();
    }

    @Override
    public List<Map<String, Object>> parameters(String sweepId) {
        // Equal texts are read once: a grid with repeats has few.
        return read(
                        List.<Map<String, Object>>of(),
                        session -> session.query(
                                "SELECT parameters FROM trial WHERE sweep_id = ? GROUP BY parameters ORDER BY min(number)",
                                Rows::parameters,
                                sweepId))
                .stream()
                .distinct()
                .toList();
    }

    @Override
    public Map<String, List<CurvePoint>> curves(List<String> trialIds, String metric) {
        Map<String, List<CurvePoint>> curves = new LinkedHashMap<>();
        trialIds.forEach(id -> curves.put(id, new ArrayList<>()));
        read(
                List.of(),
                session -> session.query(
                        CURVES,
                        row -> curves.getOrDefault(row.getString(1), new ArrayList<>())
                                .add(new CurvePoint(
                                        row.getInt(2),
                                        row.getInt(3),
                                        Columns.number(row, "value"),
                                        Optional.of(Columns.time(row, "ended_at")))),
                        metric,
                        Columns.json(trialIds)));
        return curves;
    }

    /** Says whether a sweep has trials that have not ended. */
    boolean hasOpen(String sweepId) {
        return read(
                false,
                session -> session.first(
                                "SELECT 1 FROM trial WHERE sweep_id = ? AND state IN ('waiting', 'running') LIMIT 1",
                                row -> true,
                                sweepId)
                        .isPresent());
    }

    private static List<TrialRecord> trials(Session session, String which, String id) throws SQLException {
        Map<String, Map<String, Double>> best = new LinkedHashMap<>();
        Map<String, Map<String, Double>> last = new LinkedHashMap<>();
        session.query(
                "SELECT t.best_epoch = m.best_epoch AS is_best, t.last_epoch = m.last_epoch AS is_last, m.* FROM trial t"
                        + " JOIN summary m ON m.trial_id = t.id WHERE " + which + " ORDER BY m.position",
                row -> {
                    String trial = row.getString("trial_id");
                    if (row.getBoolean("is_best")) {
                        best.computeIfAbsent(trial, key -> new LinkedHashMap<>())
                                .put(row.getString("name"), Columns.number(row, "best"));
                    }
                    if (row.getBoolean("is_last")) {
                        last.computeIfAbsent(trial, key -> new LinkedHashMap<>())
                                .put(row.getString("name"), Columns.number(row, "last"));
                    }
                    return trial;
                },
                id);
        // A record that no writer has brought up to date yet does not say how large models are.
        String columns = session.number("PRAGMA user_version") < 4 ? "t.*, NULL AS model_weights" : "t.*";
        return session.query(
                "SELECT " + columns + " FROM trial t WHERE " + which + " ORDER BY t.number",
                row -> Rows.trial(
                        row,
                        best.getOrDefault(row.getString("id"), Map.of()),
                        last.getOrDefault(row.getString("id"), Map.of())),
                id);
    }

    @Override
    public List<String> finished(String runKey) {
        return read(
                List.of(),
                session -> session.query(
                        "SELECT t.id FROM trial t JOIN sweep s ON s.id = t.sweep_id WHERE t.run_key = ?"
                                + " AND t.state = 'finished'"
                                // One that took over the result of a trial that was deleted since holds it alone.
                                + " AND (t.same_as = '' OR NOT EXISTS (SELECT 1 FROM trial o WHERE o.id = t.same_as))"
                                + " ORDER BY s.position DESC, t.number DESC",
                        row -> row.getString(1),
                        runKey));
    }

    @Override
    public List<AttemptRecord> attempts(String trialId) {
        return read(List.of(), session -> AttemptRows.read(session, trialId));
    }

    @Override
    public List<AttemptLine> attemptLines(String sweepId) {
        return read(List.of(), session -> AttemptRows.lines(session, sweepId));
    }

    @Override
    public Map<String, SweepAnnotation> sweepAnnotations() {
        return read(Map.of(), AnnotationRows::sweeps);
    }

    @Override
    public Map<String, TrialAnnotation> trialAnnotations(String sweepId) {
        return read(Map.of(), session -> AnnotationRows.trials(session, sweepId));
    }

    @Override
    public List<EpochRecord> epochs(String trialId) {
        return read(Map.<String, List<EpochRecord>>of(), session -> EpochRows.read(session, OF_TRIAL, trialId))
                .getOrDefault(trialId, List.of());
    }

    @Override
    public Map<String, List<EpochRecord>> epochsOfSweep(String sweepId) {
        return read(Map.of(), session -> EpochRows.read(session, OF_SWEEP, sweepId));
    }

    @Override
    public List<Prediction> predictions(String trialId) {
        return read(
                List.of(),
                session -> session.query(
                        "SELECT * FROM prediction p JOIN image i ON i.id = p.image_id WHERE p.trial_id = ?"
                                + " ORDER BY p.position",
                        Rows::prediction,
                        trialId));
    }

    @Override
    public List<FeatureGroupRecord> featureGroups(String sweepId) {
        return read(
                List.of(),
                session -> session.query(
                        "SELECT * FROM feature_group WHERE sweep_id = ? ORDER BY position",
                        Rows::featureGroup,
                        sweepId));
    }

    @Override
    public long version() {
        return read(0L, session -> session.number("SELECT value FROM change_counter"));
    }

    @Override
    public void close() {
        sessions.close();
    }
}
