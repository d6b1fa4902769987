package dev.graft;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Feeds many spoilt inputs to a reader. Each must be accepted or refused as documented, within ten seconds and a bound of
 * memory. {@code -Dgraft.fuzz.tries=N} tries N times as many; a failure names the seed with which {@code
 * -Dgraft.fuzz.seed=S} tries that one input again, and keeps the input. Figures go to {@code target/fuzz.txt}.
 */
public final class Fuzz {

    private static final long LONGEST_SECONDS = 10;
    private static final Path FIGURES = Path.of("target", "fuzz.txt");
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Fuzz() {}

    /** Makes an input out of random numbers. */
    public interface Source {

        byte[] input(SplittableRandom random) throws Exception;
    }

    /** Reads an input. */
    public interface Reader {

        /** Returns whether it was accepted; throws for anything but a documented refusal. */
        boolean accepts(byte[] input) throws Exception;
    }

    /**
     * Feeds inputs to a reader.
     *
     * @param inputs how many, where nothing else is asked for
     * @param mostBytes the most memory of the heap that one input may take, all that is allocated counted
     */
    public static void run(String kind, int inputs, long mostBytes, Source source, Reader reader) throws Exception {
        Long only = Long.getLong("graft.fuzz.seed");
        int count = only != null ? 1 : inputs * Integer.getInteger("graft.fuzz.tries", 1);
        long first = only != null ? only : 1_000_000L * Integer.getInteger("graft.fuzz.round", 0);
        Run run = new Run(kind, mostBytes, source, reader);
        Thread thread = new Thread(() -> run.all(first, count), "fuzz");
        thread.setDaemon(true);
        long begin = System.nanoTime();
        thread.start();
        run.watch(thread);
        double seconds = (System.nanoTime() - begin) / 1e9;
        String line = String.format(
                Locale.ROOT,
                "%-28s %7d inputs %7d accepted %7d refused %7.1f s, longest %5d ms, most %5d MB%n",
                kind,
                count,
                run.accepted,
                count - run.accepted,
                seconds,
                run.longestMillis,
                run.most >> 20);
        Files.writeString(FIGURES, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (only == null && (run.accepted == 0 || run.accepted == count)) {
            throw new AssertionError("nothing is tried where every input has the same outcome: " + line);
        }
    }

    private static final class Run {

        private final String kind;
        private final long mostBytes;
        private final Source source;
        private final Reader reader;
        private final AtomicReference<AssertionError> failure = new AtomicReference<>();
        private volatile long seed;
        private volatile long since = System.nanoTime();
        private volatile byte[] input = {};
        private int accepted;
        private long longestMillis;
        private long most;

        Run(String kind, long mostBytes, Source source, Reader reader) {
            this.kind = kind;
            this.mostBytes = mostBytes;
            this.source = source;
            this.reader = reader;
        }

        void all(long first, int count) {
            for (int i = 0; i < count && failure.get() == null; i++) {
                seed = first + i;
                try {
                    // Near seeds give unlike inputs only after some mixing.
                    input = source.input(new SplittableRandom(new SplittableRandom(seed).nextLong()));
                    since = System.nanoTime();
                    long before = THREADS.getCurrentThreadAllocatedBytes();
                    if (reader.accepts(input)) {
                        accepted++;
                    }
                    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
                    longestMillis = Math.max(longestMillis, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
                    most = Math.max(most, bytes);
                    if (bytes > mostBytes) {
                        fail("took " + (bytes >> 20) + " MB", null);
                    }
                } catch (Throwable e) {
                    fail("ended in " + e, e);
                }
            }
        }

        void watch(Thread thread) throws InterruptedException {
            while (thread.isAlive()) {
                thread.join(200);
                if (thread.isAlive() && System.nanoTime() - since > TimeUnit.SECONDS.toNanos(LONGEST_SECONDS)) {
                    fail("took over " + LONGEST_SECONDS + " s, at " + Arrays.toString(thread.getStackTrace()), null);
                    break;
                }
            }
            if (failure.get() != null) {
                throw failure.get();
            }
        }

        private void fail(String what, Throwable cause) {
            Path kept = Path.of("target", "fuzz-" + kind.replaceAll("\\W+", "-") + "-" + seed);
            try {
                Files.write(kept, input);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            failure.compareAndSet(
                    null,
                    new AssertionError(
                            kind + ": seed " + seed + " " + what + "; try it again with -Dgraft.fuzz.seed=" + seed
                                    + "; the input is in " + kept,
                            cause));
        }
    }
}
