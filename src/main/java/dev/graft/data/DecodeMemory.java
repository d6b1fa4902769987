package dev.graft.data;

import java.util.concurrent.Semaphore;

/**
 * What decoding may take of the heap at one time: half of it, in all threads together. Large images wait for each other
 * instead of running the program out of memory; small ones hardly notice.
 */
final class DecodeMemory {

    private static final int ALL =
            (int) Math.max(64, Math.min(1 << 20, Runtime.getRuntime().maxMemory() >> 21));

    /** In units of 1 MiB. */
    private static final Semaphore FREE = new Semaphore(ALL, true);

    private DecodeMemory() {}

    /** Waits for the memory that an image takes, and returns how much that is; an image larger than all takes all. */
    static int claim(long bytes) throws InterruptedException {
        int share = (int) Math.min(ALL, 1 + (bytes >> 20));
        FREE.acquire(share);
        return share;
    }

    static void release(int share) {
        FREE.release(share);
    }
}
