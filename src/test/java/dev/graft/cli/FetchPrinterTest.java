package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.fetch.Checksum;
import dev.graft.fetch.Download;
import dev.graft.fetch.Fetched;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FetchPrinterTest {

    private static final Download DOWNLOAD =
            new Download(URI.create("https://me:secret@example.org/a.h5"), OptionalLong.empty(), Optional.empty(), "");
    private static final Checksum DIGEST = Checksum.sha256("a".repeat(64));

    private final StringWriter text = new StringWriter();
    private long now;

    private FetchPrinter printer(boolean terminal) {
        return new FetchPrinter(new StatusLine(new PrintWriter(text), terminal, true, 80, () -> now += 200_000_000));
    }

    private String download(boolean terminal, boolean checked) {
        FetchPrinter printer = printer(terminal);
        printer.started(DOWNLOAD, 1000, OptionalLong.of(3000));
        for (long done = 1000; done <= 3000; done += 10) {
            printer.progress(DOWNLOAD, done, OptionalLong.of(3000));
        }
        printer.retrying(DOWNLOAD, "it broke\033[31m");
        printer.ended(DOWNLOAD, new Fetched(Path.of("a.h5"), 3000, DIGEST, checked, true));
        return text.toString();
    }

    @Test
    void aPipeGetsFewLinesAndNoControlCharacters() {
        assertThat(download(false, true).replace("\r\n", "\n")).isEqualTo("""
                fetching https://example.org/a.h5, 3.0 kB, of which 1.0 kB are there
                it broke\\u001B[31m
                fetched a.h5, 3.0 kB, SHA-256 as published
                """);
    }

    @Test
    void aTerminalGetsALineThatIsClearedBeforeOthers() {
        assertThat(download(true, true).split("\n")).hasSize(3).allMatch(line -> line.startsWith("\r\033[K"));
    }

    @Test
    void aFileThatNobodyVouchesForIsNamedSo() {
        assertThat(download(false, false)).contains("no digest is published; it has SHA-256 aaaa");
    }

    @Test
    void aFileOfAnotherSizeThanTheOfficialOneIsNamed() {
        Download sized = new Download(DOWNLOAD.address(), OptionalLong.of(3000), Optional.empty(), "");
        printer(false).otherSize(sized, Path.of("a.h5"), 1000);
        assertThat(text.toString())
                .contains("a.h5 has 1000 bytes, the official file 3000", "another file, or incomplete");
    }

    @Test
    void theSizeMayBeUnknownOrNothing() {
        FetchPrinter printer = printer(true);
        printer.started(DOWNLOAD, 0, OptionalLong.of(0));
        printer.progress(DOWNLOAD, 0, OptionalLong.of(0));
        printer.started(DOWNLOAD, 0, OptionalLong.empty());
        printer.progress(DOWNLOAD, 10, OptionalLong.empty());
        assertThat(text.toString()).contains("\033[K10 B").doesNotContain("NaN", "Infinity", "null");
    }
}
