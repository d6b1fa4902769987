package dev.graft.cli;

import java.io.PrintWriter;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The last line of a terminal, which renews itself, and the lines above it, which stay; a pipe gets those alone. Lines
 * that stay are whole, so that paths and digests can be copied; the one that renews itself is cut to the terminal's width.
 * Not safe for use by several threads.
 */
final class StatusLine {

    private static final int BAR = 24;
    private static final long RENEW_NANOS = 100_000_000L;
    private static final String CLEAR = "\r\033[K";

    private final PrintWriter err;
    private final boolean terminal;
    private final boolean colours;
    private final int columns;
    private final LongSupplier nanos;
    private long changed;

    StatusLine(PrintWriter err, boolean terminal, boolean colours, int columns, LongSupplier nanos) {
        this.err = err;
        this.terminal = terminal;
        this.colours = colours;
        this.columns = columns;
        this.nanos = nanos;
        this.changed = nanos.getAsLong() - RENEW_NANOS;
    }

    /** Returns the line of standard error. */
    static StatusLine of(PrintWriter err) {
        boolean terminal = Boolean.getBoolean("graft.stderr.terminal");
        return new StatusLine(
                err,
                terminal,
                terminal && Places.coloursWanted(System.getenv()),
                Integer.getInteger("graft.columns", 80),
                System::nanoTime);
    }

    /** Says whether there is a line that renews itself. */
    boolean terminal() {
        return terminal;
    }

    /** Prints a line that stays. */
    void line(String text) {
        clear();
        changed = nanos.getAsLong();
        err.println(TextTable.oneLine(text));
    }

    /**
     * Renews the last line, unless anything was shown within the last tenth of a second.
     *
     * @param part how much is done, in [0, 1]; empty where nobody knows
     */
    void renew(OptionalDouble part, Supplier<String> text) {
        if (terminal && nanos.getAsLong() - changed >= RENEW_NANOS) {
            renewNow(part, text.get());
        }
    }

    /** Renews the last line. */
    void renewNow(OptionalDouble part, String text) {
        if (!terminal) {
            return;
        }
        changed = nanos.getAsLong();
        boolean bar = part.isPresent() && columns > 2 * BAR;
        // A terminal wraps when its last column is written.
        int room = Math.max(0, columns - 1 - (bar ? BAR + 1 : 0));
        String line = TextTable.oneLine(text);
        if (line.length() > room) {
            line = room == 0 ? "" : line.substring(0, room - 1) + "…";
        }
        err.print(CLEAR + (bar ? bar(part.getAsDouble()) + " " : "") + line);
        err.flush();
    }

    /** Removes the last line. */
    void clear() {
        if (terminal) {
            err.print(CLEAR);
            err.flush();
        }
    }

    private String bar(double part) {
        int filled = (int) Math.max(0, Math.min(BAR, BAR * part));
        String done = "━".repeat(filled);
        return colours
                ? "\033[32m" + done + "\033[0m" + "\033[2m" + "━".repeat(BAR - filled) + "\033[0m"
                : done + "─".repeat(BAR - filled);
    }
}
