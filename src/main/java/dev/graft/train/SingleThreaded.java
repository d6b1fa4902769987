package dev.graft.train;

import dev.graft.features.CancelledException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

    /** Runs every share in a thread of its own, and throws what one of them threw. */
    static void run(int shares, IntConsumer work) {
        Blas blas = Nd4j.factory().blas();
        int before = blas.getMaxThreads();
        blas.setMaxThreads(1);
        ExecutorService threads = Executors.newFixedThreadPool(shares);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int share = 0; share < shares; share++) {
                int number = share;
                running.add(threads.submit(() -> {
                    // OpenMP's setting, which is each thread's own.
                    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
                    work.accept(number);
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
            blas.setMaxThreads(before);
        }
    }
}
