package dev.graft.cli;

import dev.graft.fetch.Download;
import dev.graft.fetch.FetchListener;
import dev.graft.fetch.Fetched;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Tells of downloads on standard error: on a terminal one line with bar and estimate that renews itself, elsewhere a
 * line at the beginning, one every ten seconds, and one at the end.
 */
final class FetchPrinter implements FetchListener {

    private static final long LINE_NANOS = 10_000_000_000L;

    private final StatusLine status;
    private long start;
    private long present;
    private long shown;

    FetchPrinter(StatusLine status) {
        this.status = status;
    }

    @Override
    public void started(Download download, long there, OptionalLong total) {
        start = System.nanoTime();
        shown = start;
        present = there;
        status.line("fetching " + download.shown()
                + (total.isPresent() ? ", " + Words.bytes(total.getAsLong()) : "")
                + (there > 0 ? ", of which " + Words.bytes(there) + " are there" : ""));
    }

    @Override
    public void progress(Download download, long done, OptionalLong total) {
        if (status.terminal()) {
            OptionalDouble part = total.orElse(0) == 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of((double) done / total.getAsLong());
            status.renew(part, () -> text(done, total));
        } else if (System.nanoTime() - shown >= LINE_NANOS) {
            shown = System.nanoTime();
            status.line(text(done, total));
        }
    }

    private String text(long done, OptionalLong total) {
        double seconds = (System.nanoTime() - start) / 1e9;
        double rate = seconds > 0 ? (done - present) / seconds : 0;
        StringBuilder text = new StringBuilder(Words.bytes(done));
        total.ifPresent(bytes -> text.append(" of ").append(Words.bytes(bytes)));
        if (rate > 0) {
            text.append(", ").append(Words.bytes((long) rate)).append("/s");
            total.ifPresent(bytes -> text.append(", ")
                    .append(Words.seconds((bytes - done) / rate))
                    .append(" left"));
        }
        return text.toString();
    }

    @Override
    public void retrying(Download download, String reason) {
        status.line(reason);
    }

    @Override
    public void waiting(Download download) {
        status.line("another process is fetching " + download.shown() + "; waiting for it");
    }

    @Override
    public void otherSize(Download download, Path file, long bytes) {
        status.line(file + " has " + bytes + " bytes, the official file "
                + download.bytes().orElse(0) + ": it is another file, or incomplete");
    }

    @Override
    public void ended(Download download, Fetched file) {
        if (file.fetched()) {
            status.line("fetched " + file.file() + ", " + Words.bytes(file.bytes()) + ", "
                    + (file.checked()
                            ? file.checksum().algorithm().word() + " as published"
                            : "no digest is published; it has " + file.checksum()));
        }
    }

    @Override
    public void unpacking(String archive, long entries) {
        status.renew(OptionalDouble.empty(), () -> "unpacking: " + Words.plural(entries, "file"));
    }

    @Override
    public void unpacked(String archive, long entries) {
        status.line("unpacked " + archive + ", " + entries + " entries");
    }
}
