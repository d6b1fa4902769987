package dev.graft.spec;

/**
 * One thing wrong (or doubtful) in a file the user wrote, with its place.
 *
 * @param file the file as the user named it
 * @param line the line, from 1; 0 when the problem has no line (for example an unreadable file)
 * @param column the column, from 1; 0 when the problem has no line
 * @param path the place in the document, for example {@code parameters.learning_rate.values[2]}; empty at the root
 * @param message the rule, then the value: {@code must be > 0, but was -0.001}
 */
public record Problem(String file, int line, int column, String path, String message) {

    /** Names that fill pages help nobody to find them. */
    private static final int LONGEST = 1500;

    /** Formats as {@code sweeps/cats.yaml:14:18 parameters.dropout.value: must be ...}; one line, whatever the file holds. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line).append(':').append(column);
        }
        if (!path.isEmpty()) {
            text.append(' ').append(path);
        }
        String plain = PlainText.of(text.append(": ").append(message).toString());
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "…" : plain;
    }
}
