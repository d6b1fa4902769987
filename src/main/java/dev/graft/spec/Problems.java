package dev.graft.spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects everything wrong or doubtful in one file, so that it can be reported at once. Not thread-safe. */
final class Problems {

    private static final Comparator<Problem> FILE_ORDER =
            Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

    private final String file;
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    void error(Value at, String message) {
        error(at.line(), at.column(), at.path(), message);
    }

    void error(int line, int column, String path, String message) {
        errors.add(new Problem(file, line, column, path, message));
    }

    void warn(Value at, String message) {
        warn(at.line(), at.column(), at.path(), message);
    }

    void warn(int line, int column, String path, String message) {
        warnings.add(new Problem(file, line, column, path, message));
    }

    int errorCount() {
        return errors.size();
    }

    /** Returns the warnings in file order. */
    List<Problem> warnings() {
        return warnings.stream().sorted(FILE_ORDER).toList();
    }

    /** Throws what was collected, if anything is an error. */
    void throwIfAny() {
        if (!errors.isEmpty()) {
            throw exception();
        }
    }

    /** Returns an exception with all errors in file order; there must be one. */
    SweepFileException exception() {
        return new SweepFileException(errors.stream().sorted(FILE_ORDER).toList());
    }
}
