package dev.graft.train;

import dev.graft.spec.Sweep;
import java.util.SplittableRandom;

/**
 * The random choices of an epoch. The order of the images is the sweep's: all its trials see the same batches, so that
 * many of them can share one pass over these. Initial weights and dropout are the trial's own.
 */
final class Draws {

    private Draws() {}

    /**
     * Returns the order in which an epoch goes through the training images.
     *
     * @param epoch from 1, counted through both phases
     */
    static int[] order(Sweep sweep, int epoch, int images) {
        return shuffled(images, random(sweep.seed(), epoch));
    }

    /** Returns the state that dropout begins an epoch with. */
    static long dropout(long trialSeed, int epoch) {
        return random(trialSeed, epoch).nextLong();
    }

    private static SplittableRandom random(long seed, int epoch) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() + epoch);
    }

    static int[] shuffled(int size, SplittableRandom random) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }
}
