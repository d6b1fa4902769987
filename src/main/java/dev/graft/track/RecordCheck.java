package dev.graft.track;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks for damage in a record. */
final class RecordCheck {

    private static final String OBJECTS =
            "SELECT type || ' ' || name AS name, sql FROM sqlite_schema WHERE sql IS NOT NULL";

    private final Path file;
    private final List<String> problems = new ArrayList<>();

    private RecordCheck(Path file) {
        this.file = file;
    }

    /** Returns what is wrong with a record; nothing if it is whole or there is none. */
    static List<String> problems(Path file) {
        RecordCheck check = new RecordCheck(file);
        check.run();
        return List.copyOf(check.problems);
    }

    private void run() {
        try {
            Optional<Database.Reading> reading = Database.openForReading(file);
            if (reading.isPresent()) {
                try (Session session = reading.get().session()) {
                    step(() -> checkPages(session));
                    step(() -> checkReferences(session));
                    step(() -> checkSchema(session));
                    step(() -> checkDeletions(session));
                }
            }
        } catch (SQLException e) {
            add(Failures.of(file, e));
        } catch (StoreException e) {
            add(e);
        }
    }

    /** One look, which a damaged file may cut short. */
    private interface Step {
        void run() throws SQLException;
    }

    private void step(Step step) {
        try {
            step.run();
        } catch (SQLException e) {
            add(Failures.of(file, e));
        }
    }

    private void add(StoreException problem) {
        add(String.valueOf(problem.getMessage()));
    }

    private void add(String problem) {
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    private void checkPages(Session session) throws SQLException {
        session.query("PRAGMA integrity_check(10)", row -> row.getString(1)).stream()
                .filter(line -> !line.equals("ok"))
                .forEach(line -> add(file + " is damaged: " + line.replace('\n', ' ')));
    }

    private void checkReferences(Session session) throws SQLException {
        Map<String, Long> missing = session
                .query(
                        "PRAGMA foreign_key_check",
                        row -> row.getString("table") + " without their " + row.getString("parent"))
                .stream()
                .collect(Collectors.groupingBy(what -> what, Collectors.counting()));
        missing.forEach((what, rows) -> add(file + " has " + rows + " rows of " + what));
    }

    /** Compares tables, views and triggers with those of a new record; what others added is theirs. */
    private void checkSchema(Session session) throws SQLException {
        int version = Schema.check(session, file);
        Map<String, String> real = objects(session);
        try (Session fresh = Database.inMemory(version)) {
            objects(fresh).forEach((name, sql) -> {
                if (!real.containsKey(name)) {
                    add(file + " lacks the " + name + " of schema " + version);
                } else if (!sql.equals(real.get(name))) {
                    add(file + " has another " + name + " than schema " + version);
                }
            });
        }
    }

    /** A deletion is one transaction; only others' SQL can leave one half done. */
    private void checkDeletions(Session session) throws SQLException {
        if (Schema.check(session, file) == Schema.CURRENT) {
            session.query("SELECT sweep_id FROM deleted_sweep", row -> row.getString(1))
                    .forEach(id -> add(file + " has sweep " + id + " half deleted: graft delete " + id + " ends that"));
        }
    }

    private static Map<String, String> objects(Session session) throws SQLException {
        return session.query(OBJECTS, row -> Map.entry(row.getString("name"), row.getString("sql"))).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (first, second) -> first));
    }
}
