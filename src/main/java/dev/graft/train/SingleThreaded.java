package dev.graft.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.nd4j.linalg.api.blas.Blas;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Work spread over threads of our own, with ND4J's switched off meanwhile: its operations are too small to be worth
 * dividing, and threads that divide each of them would wait for each other after each.
 */
final class SingleThreaded {

    private SingleThreaded() {}

    /** Runs the work in so many threads, and returns when all have ended. It must not throw. */
    static void run(int shares, IntConsumer work) {
        Blas blas = Nd4j.factory().blas();
        int before = blas.getMaxThreads();
        blas.setMaxThreads(1);
        List<Thread> threads = new ArrayList<>();
        try {
            for (int share = 0; share < shares; share++) {
                int number = share;
                Thread thread = new Thread(
                        () -> {
                            // OpenMP's setting, which is each thread's own.
                            NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
                            work.accept(number);
                        },
                        "training " + (number + 1));
                thread.setDaemon(true);
                threads.add(thread);
                thread.start();
            }
        } finally {
            boolean interrupted = false;
            for (Thread thread : threads) {
                interrupted |= ended(thread);
            }
            blas.setMaxThreads(before);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for a thread; returns whether somebody interrupted this one meanwhile. */
    private static boolean ended(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
