package dev.graft.run;

import dev.graft.spec.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a worker's parts get of its threads and of its memory: chosen when it starts, here and nowhere else.
 *
 * @param threads that each take images from their files through the frozen base, and afterwards train; at least 1
 * @param pixelCacheBytes of Java objects that may hold pixels for later passes, at most
 */
public record WorkerCores(int threads, long pixelCacheBytes) {

    /** Names the bytes that pixels for later passes may take. */
    public static final String PIXEL_CACHE = "GRAFT_PIXEL_CACHE_MAX_BYTES";

    /** What OpenBLAS' kernels for SkylakeX are compiled for. */
    private static final Set<String> AVX512 = Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

    /** Large enough for thousands of images, and leaves room for those that are just being decoded. */
    private static final int PIXEL_CACHE_PART = 4;

    /**
     * Divides a worker's threads and memory.
     *
     * @param threads of the worker, at least 1
     * @param heapBytes its memory for Java objects
     * @param environment what the user may have set
     * @throws IllegalArgumentException when that is no number or size; the user's fault
     */
    public static WorkerCores of(int threads, long heapBytes, Map<String, String> environment) {
        return new WorkerCores(
                threads,
                pixelCache(heapBytes, environment.getOrDefault(PIXEL_CACHE, "").strip()));
    }

    /** Says whether this processor has the instructions that OpenBLAS' AVX-512 kernels need; false where nobody says. */
    static boolean hasAvx512() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> new HashSet<>(List.of(line.split("\\s+"))))
                    .filter(flags -> flags.containsAll(AVX512))
                    .isPresent();
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static long pixelCache(long heapBytes, String named) {
        if (named.isEmpty()) {
            return heapBytes / PIXEL_CACHE_PART;
        }
        OptionalLong bytes = named.equals("0") ? OptionalLong.of(0) : ByteSize.parse(named);
        return bytes.orElseThrow(() -> new IllegalArgumentException(
                PIXEL_CACHE + " must be 0 or " + ByteSize.EXAMPLES + ", but was " + named));
    }
}
