package dev.graft.spec;

import java.util.List;
import java.util.stream.Collectors;

/** Reports everything wrong with a sweep file at once; the fault is the user's. */
public final class SweepFileException extends RuntimeException {

    private final transient List<Problem> problems;

    /** Holds the problems, of which there is at least one. */
    public SweepFileException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Returns all problems, in file order. */
    public List<Problem> problems() {
        return problems;
    }
}
