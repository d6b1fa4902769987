package dev.graft.data;

import java.util.concurrent.Semaphore;

/**
 * What decoding may take of the heap at one time: half of it, in all threads together. Large images wait for each other
 * instead of running the program out of memory; small ones hardly notice.
 */
final class DecodeMemory {

    /** The reader's own pixels with two bytes for each of four channels, then a copy in RGB, then a turned one. */
    private static final int BYTES_PER_PIXEL = 8 + 3 + 3;

    private static final int ALL =
            (int) Math.max(64, Math.min(1 << 20, Runtime.getRuntime().maxMemory() >> 21));

    /** In units of 1 MiB. */
    private static final Semaphore FREE = new Semaphore(ALL, true);

    private DecodeMemory() {}

    /** Waits for the memory that an image takes, and returns how much that is; an image larger than all takes all. */
    static int claim(long pixels) throws InterruptedException {
        int share = (int) Math.min(ALL, 1 + (pixels * BYTES_PER_PIXEL >> 20));
        FREE.acquire(share);
        return share;
    }

    static void release(int share) {
        FREE.release(share);
    }
}
