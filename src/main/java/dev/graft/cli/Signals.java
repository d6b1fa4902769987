package dev.graft.cli;

import sun.misc.Signal;

/** Signals of the operating system. */
final class Signals {

    private Signals() {}

    /** Does something when a signal comes, where the system has it and Java may handle it. */
    static void handle(Runnable work, String... names) {
        for (String name : names) {
            try {
                Signal.handle(new Signal(name), signal -> work.run());
            } catch (IllegalArgumentException e) {
                // Windows has no HUP, and Java started with -Xrs handles none: then it means what it always means.
                continue;
            }
        }
    }
}
