package dev.graft.bench;

/** Times work at its best: other programs on the machine make it slower now and then, but never faster. */
final class Stopwatch {

    private static final int WINDOWS = 5;

    private Stopwatch() {}

    /** Something to be timed. */
    interface Work {
        void run() throws Exception;
    }

    /**
     * Returns the seconds that a piece of work takes: of five windows in which it is repeated, the fastest, after a
     * first repetition that does not count.
     *
     * @param seconds the length of all windows together; each holds one repetition at least
     */
    static double best(double seconds, Work work) throws Exception {
        work.run();
        double best = Double.POSITIVE_INFINITY;
        for (int window = 0; window < WINDOWS; window++) {
            long start = System.nanoTime();
            long repetitions = 0;
            double passed;
            do {
                work.run();
                repetitions++;
                passed = (System.nanoTime() - start) / 1e9;
            } while (passed < seconds / WINDOWS);
            best = Math.min(best, passed / repetitions);
        }
        return best;
    }
}
