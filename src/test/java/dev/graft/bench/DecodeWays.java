package dev.graft.bench;

import dev.graft.data.DecodedImage;
import dev.graft.data.Frame;
import dev.graft.data.Framing;
import dev.graft.data.ImageDecoder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * How many images a second one core decodes and resizes, the short way and the long one. Arguments: a folder, then
 * sizes. Counts the thread's own time, so that other work on the machine hardly matters.
 */
public final class DecodeWays {

    private static final int ROUNDS = 3;
    private static final int MOST = 600;
    private static final Framing WHOLE = (width, height) -> Frame.of(width, height, OptionalDouble.empty());

    private DecodeWays() {}

    private interface Work {
        void on(Path file);
    }

    /** Prints a table. */
    public static void main(String[] arguments) throws IOException {
        List<Path> files = images(Path.of(arguments[0]));
        List<Integer> sizes = Stream.of(arguments).skip(1).map(Integer::valueOf).toList();
        System.out.printf("%d images, best of %d rounds, one core%n", files.size(), ROUNDS);
        print("decode alone, the long way", files, ImageDecoder::read);
        print("decode alone", files, ImageDecoder::open);
        for (int size : sizes) {
            float[] tensor = new float[3 * size * size];
            print(
                    "%d px, the long way".formatted(size),
                    files,
                    file -> ImageDecoder.toTensor(ImageDecoder.read(file), size, tensor, 0));
            print(
                    "%d px".formatted(size),
                    files,
                    file -> ImageDecoder.open(file).resized(WHOLE, size));
        }
        print("all sizes of one decode", files, file -> {
            DecodedImage image = ImageDecoder.open(file);
            sizes.forEach(size -> image.resized(WHOLE, size));
        });
        for (int size : sizes) {
            printDifference(files, size);
        }
    }

    private static List<Path> images(Path folder) throws IOException {
        List<Path> images = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.toString().matches("(?i).*\\.(jpe?g|png)"))
                    .sorted()
                    .forEach(images::add);
        }
        // Every so many of them: a folder's first images may be all of one kind.
        int step = Math.max(1, images.size() / MOST);
        return Stream.iterate(0, i -> i < images.size(), i -> i + step)
                .map(images::get)
                .toList();
    }

    private static void print(String what, List<Path> files, Work work) {
        double best = Double.MAX_VALUE;
        for (int round = 0; round <= ROUNDS; round++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            files.forEach(work::on);
            best = Math.min(best, (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9);
        }
        System.out.printf("%-28s %7.1f images/s %7.3f ms%n", what, files.size() / best, 1000 * best / files.size());
    }

    /** Prints how far the two ways are apart, in steps of 1/255. */
    private static void printDifference(List<Path> files, int size) {
        double sum = 0;
        double most = 0;
        long many = 0;
        float[] tensor = new float[3 * size * size];
        for (Path file : files) {
            ImageDecoder.toTensor(ImageDecoder.read(file), size, tensor, 0);
            byte[] bytes = ImageDecoder.open(file).resized(WHOLE, size);
            for (int i = 0; i < bytes.length; i++) {
                double difference = Math.abs((bytes[i] & 0xFF) - tensor[i]);
                sum += difference;
                most = Math.max(most, difference);
                many += difference > 2 ? 1 : 0;
            }
        }
        double values = (double) files.size() * tensor.length;
        System.out.printf(
                "%d px: the ways differ by %.3f on average, %.1f at most, more than 2 in %.4f %% of values%n",
                size, sum / values, most, 100 * many / values);
    }
}
