package dev.graft.cli;

import dev.graft.run.Stopping;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ctrl-C, SIGTERM and a terminal that goes away: the first asks the sweep to stop after the epoch, the second to stop
 * now, and a third ends the program whatever it does.
 */
final class Interrupts {

    private final AtomicInteger count = new AtomicInteger();

    private Interrupts() {}

    static Interrupts listen(PrintWriter err) {
        Interrupts interrupts = new Interrupts();
        handle(() -> {
            int times = interrupts.count.incrementAndGet();
            if (times > 2) {
                Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
            }
            err.println();
            err.println(times == 1 ? "stopping after this epoch; once more stops now" : "stopping now");
        });
        return interrupts;
    }

    /** Ends the program at once, with a message; for work that can be cut off at any point. */
    static void leave(PrintWriter err, String message) {
        handle(() -> {
            err.println();
            err.println(message);
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        });
    }

    private static void handle(Runnable work) {
        Signals.handle(work, "INT", "TERM", "HUP");
    }

    Stopping asked() {
        int times = count.get();
        return times == 0 ? Stopping.NO : times == 1 ? Stopping.AFTER_EPOCH : Stopping.NOW;
    }
}
