package dev.graft.cli;

import dev.graft.fetch.Download;
import dev.graft.fetch.FetchListener;
import dev.graft.fetch.Fetched;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Tells of downloads on standard error: on a terminal one line with bar and estimate that renews itself, elsewhere a
 * line at the beginning, one every ten seconds, and one at the end.
 */
final class FetchPrinter implements FetchListener {

    private static final int BAR = 24;
    private static final long PAINT_NANOS = 100_000_000L;
    private static final long LINE_NANOS = 10_000_000_000L;

    private final PrintWriter err;
    private final boolean terminal;
    private long start;
    private long present;
    private long shown;

    FetchPrinter(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    @Override
    public void started(Download download, long there, OptionalLong total) {
        start = System.nanoTime();
        shown = start;
        present = there;
        line("fetching " + download.shown()
                + (total.isPresent() ? ", " + Words.bytes(total.getAsLong()) : "")
                + (there > 0 ? ", of which " + Words.bytes(there) + " are there" : ""));
    }

    @Override
    public void progress(Download download, long done, OptionalLong total) {
        long now = System.nanoTime();
        if (now - shown < (terminal ? PAINT_NANOS : LINE_NANOS)) {
            return;
        }
        shown = now;
        double seconds = (now - start) / 1e9;
        double rate = seconds > 0 ? (done - present) / seconds : 0;
        StringBuilder text = new StringBuilder(Words.bytes(done));
        total.ifPresent(bytes -> text.append(" of ").append(Words.bytes(bytes)));
        if (rate > 0) {
            text.append(", ").append(Words.bytes((long) rate)).append("/s");
            total.ifPresent(bytes -> text.append(", ")
                    .append(Words.seconds((bytes - done) / rate))
                    .append(" left"));
        }
        if (!terminal) {
            err.println(text);
            return;
        }
        int filled = (int) (total.orElse(0) == 0 ? 0 : BAR * done / total.getAsLong());
        String bar = "\033[32m" + "━".repeat(filled) + "\033[0m" + "\033[2m" + "━".repeat(BAR - filled) + "\033[0m ";
        int room = Integer.getInteger("graft.columns", 80) - BAR - 2;
        err.print("\r\033[K" + bar + (text.length() > room ? text.substring(0, Math.max(0, room)) : text));
        err.flush();
    }

    @Override
    public void retrying(Download download, String reason) {
        line(reason);
    }

    @Override
    public void waiting(Download download) {
        line("another process is fetching " + download.shown() + "; waiting for it");
    }

    @Override
    public void otherSize(Download download, Path file, long bytes) {
        line(file + " has " + bytes + " bytes, the official one "
                + download.bytes().orElse(0)
                + "; it may be incomplete: remove it to have it fetched again");
    }

    @Override
    public void ended(Download download, Fetched file) {
        if (file.fetched()) {
            line("fetched " + file.file() + ", " + Words.bytes(file.bytes()) + ", "
                    + (file.checked()
                            ? file.checksum().algorithm().word() + " as published"
                            : "no digest is published; it has " + file.checksum()));
        }
    }

    @Override
    public void unpacking(String archive, long entries) {
        long now = System.nanoTime();
        if (terminal && now - shown >= PAINT_NANOS) {
            shown = now;
            err.print("\r\033[Kunpacking: " + Words.plural(entries, "file"));
            err.flush();
        }
    }

    @Override
    public void unpacked(String archive, long entries) {
        line("unpacked " + archive + ", " + entries + " entries");
    }

    private void line(String text) {
        if (terminal) {
            err.print("\r\033[K");
        }
        err.println(TextTable.oneLine(text));
    }
}
