package dev.graft.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How much memory one worker may take, so that all of them and the controller stay within the machine, or the container.
 *
 * @param heapBytes for Java objects
 * @param nativeBytes for ND4J's arrays
 * @param totalBytes for everything that no file backs, ONNX Runtime's tensors included; a worker that takes more is
 *     ended before the kernel picks a victim
 */
public record WorkerMemory(long heapBytes, long nativeBytes, long totalBytes) {

    private static final long MEGABYTE = 1L << 20;

    /** Left to the controller, and to what else runs. */
    private static final double SHARE_OF_MACHINE = 0.85;

    private static final long CONTROLLER_BYTES = 512 * MEGABYTE;

    /** Below these a worker cannot do anything useful, and it is better to try. */
    private static final long LEAST_HEAP = 384 * MEGABYTE;

    private static final long LEAST_NATIVE = 512 * MEGABYTE;

    /** Divides a machine's memory among workers. */
    public static WorkerMemory of(long machineBytes, int workers) {
        long share = (long) (machineBytes * SHARE_OF_MACHINE - CONTROLLER_BYTES) / workers;
        long heap = Math.max(LEAST_HEAP, share * 3 / 10);
        long arrays = Math.max(LEAST_NATIVE, share / 2);
        return new WorkerMemory(heap, arrays, Math.max(share, heap + arrays));
    }

    /** Returns the memory of this machine, or of its container. */
    public static long machineBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 4L << 30;
    }

    /** Returns how many processes the kernel has killed for want of memory since it started; 0 where nobody says. */
    static long kernelKills() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/vmstat"))) {
            return lines.filter(line -> line.startsWith("oom_kill "))
                    .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }
}
