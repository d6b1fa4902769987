package dev.graft.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.graft.data.DecodedImage;
import dev.graft.data.Frame;
import dev.graft.data.ImageDecoder;
import java.lang.management.ManagementFactory;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Decodes every image of a folder once with Graft's own decoder, resizes it to each size, and does nothing else:
 * {@code FOLDER SIZE,SIZE THREADS}. Prints the seconds by the clock and the CPU seconds of the cheapest of three rounds
 * after one that does not count.
 */
final class DecodeSpeed {

    private static final int ROUNDS = 3;

    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private DecodeSpeed() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int[] sizes = Arrays.stream(arguments[1].split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        int threads = Integer.parseInt(arguments[2]);
        List<Path> files = files(folder);
        round(files, sizes, threads);
        Round best = round(files, sizes, threads);
        for (int i = 1; i < ROUNDS; i++) {
            Round next = round(files, sizes, threads);
            best = next.cpuSeconds() < best.cpuSeconds() ? next : best;
        }
        System.out.println(new ObjectMapper()
                .writeValueAsString(
                        Map.of("images", files.size(), "seconds", best.seconds(), "cpu_seconds", best.cpuSeconds())));
    }

    private static List<Path> files(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(jpe?g|png|gif|bmp)"))
                    .sorted()
                    .toList();
        }
    }

    private record Round(double seconds, double cpuSeconds) {}

    private static Round round(List<Path> files, int[] sizes, int threads) throws Exception {
        ExecutorService decoders = Executors.newFixedThreadPool(threads);
        try {
            long start = System.nanoTime();
            long cpu = PROCESS.getProcessCpuTime();
            List<Future<?>> done = new ArrayList<>();
            for (Path file : files) {
                done.add(decoders.submit(() -> decode(file, sizes)));
            }
            for (Future<?> image : done) {
                image.get();
            }
            return new Round((System.nanoTime() - start) / 1e9, (PROCESS.getProcessCpuTime() - cpu) / 1e9);
        } finally {
            decoders.shutdown();
        }
    }

    /** One decode for all sizes. */
    private static void decode(Path file, int[] sizes) {
        DecodedImage image = ImageDecoder.open(file);
        for (int size : sizes) {
            image.resized((width, height) -> Frame.of(width, height, OptionalDouble.empty()), size);
        }
    }
}
