package dev.graft.track;

import java.util.List;

/** Reports names, notes or tags that the record does not take; the user's fault. */
public final class AnnotationException extends StoreException {

    private final transient List<String> problems;

    /** Says everything that is wrong. */
    public AnnotationException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns everything that is wrong, one sentence each. */
    public List<String> problems() {
        return problems;
    }
}
