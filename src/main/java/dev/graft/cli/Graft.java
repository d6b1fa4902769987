package dev.graft.cli;

/** The program. */
public final class Graft {

    private Graft() {}

    /** Starts it. */
    public static void main(String[] args) {
        System.exit(0);
    }
}
