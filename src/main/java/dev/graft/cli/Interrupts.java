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

    boolean requested() {
        return count.get() > 0;
    }
}
