package dev.graft.run;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The log file of one worker, which outlives its processes. */
final class WorkerLog {

    private static final int TAIL_BYTES = 8192;
    private static final int TAIL_LINES = 60;

    /** How Java names a native crash: {@code #  SIGSEGV (0xb) at pc=0x..., pid=..., tid=...}. */
    private static final Pattern CRASH = Pattern.compile("^#\\s+(SIG\\w+|EXCEPTION_\\w+)", Pattern.MULTILINE);

    private static final Pattern FRAME = Pattern.compile("# Problematic frame:\\R#\\s*(.*)");

    private final Path file;

    WorkerLog(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** Returns how long it is now: where what comes next begins. */
    long position() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Adds what a native library wrote where events go. */
    void add(String text) {
        if (text.isBlank()) {
            return;
        }
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            out.write((text.strip() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A log that cannot be written must not end the sweep.
        }
    }

    /** Returns the last lines since a position. */
    String tail(long since) {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(Math.min(since, log.length()), log.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (log.length() - from)];
            log.seek(from);
            log.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()))
                    .strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Finds the first line of a log that speaks of an error, for a message of one line. */
    static Optional<String> firstError(String log) {
        return log.lines()
                .map(String::strip)
                .filter(line -> line.contains("rror") || line.contains("xception"))
                .map(line -> line.substring(0, Math.min(line.length(), 200)))
                .findFirst();
    }

    /** Finds Java's report of a native crash in a log. */
    static Optional<String> crash(String log) {
        Matcher signal = CRASH.matcher(log);
        if (!signal.find()) {
            return Optional.empty();
        }
        Matcher frame = FRAME.matcher(log);
        return Optional.of(
                signal.group(1) + (frame.find() ? " in " + frame.group(1).strip() : ""));
    }
}
