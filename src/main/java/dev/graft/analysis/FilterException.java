package dev.graft.analysis;

/** Reports a filter expression that cannot be read; the fault of who wrote it. The message says what to write instead. */
public final class FilterException extends RuntimeException {

    private final int position;

    FilterException(String message, int position) {
        super(message);
        this.position = position;
    }

    /** Returns where the expression goes wrong: the index of a character, from 0 to the length of the expression. */
    public int position() {
        return position;
    }
}
