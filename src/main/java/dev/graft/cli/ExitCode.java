package dev.graft.cli;

/** What the program's exit codes mean. */
final class ExitCode {

    static final int OK = 0;
    /** The command line is wrong. */
    static final int USAGE = 1;
    /** The sweep file, or the data it names, is wrong. */
    static final int SWEEP_FILE = 2;
    /** The sweep ran, but some trials failed. */
    static final int TRIALS_FAILED = 3;
    /** There was nothing to do. */
    static final int NOTHING = 4;
    /** The user stopped it. */
    static final int INTERRUPTED = 8;
    /** Something outside Graft and the sweep file: a missing file, a full disk, a port in use. */
    static final int ENVIRONMENT = 30;
    /** A bug in Graft. */
    static final int BUG = 31;

    private ExitCode() {}
}
