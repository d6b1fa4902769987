package dev.graft.cli;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;

/** Ctrl-C and SIGTERM: the first asks the sweep to stop after the epoch, the second stops the program. */
final class Interrupts {

    private final AtomicInteger count = new AtomicInteger();

    private Interrupts() {}

    static Interrupts listen(PrintWriter err) {
        Interrupts interrupts = new Interrupts();
        for (String name : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(name), signal -> {
                if (interrupts.count.incrementAndGet() == 1) {
                    err.println();
                    err.println("stopping after this epoch; once more stops now");
                } else {
                    Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
                }
            });
        }
        return interrupts;
    }

    /** Ends the program at once, with a message; for work that can be cut off at any point. */
    static void leave(PrintWriter err, String message) {
        for (String name : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(name), signal -> {
                err.println();
                err.println(message);
                Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
            });
        }
    }

    boolean requested() {
        return count.get() > 0;
    }
}
