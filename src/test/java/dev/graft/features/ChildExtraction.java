package dev.graft.features;

import dev.graft.data.Dataset;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * Another process that extracts; it says {@code computing} at each batch and what it computed at the end, and then stays
 * as long as its parent lets it.
 */
final class ChildExtraction implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ChildExtraction(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /**
     * Starts a process.
     *
     * @param delay milliseconds that it waits after each batch
     */
    static ChildExtraction start(Path images, int train, int validation, Path store, int delay) throws IOException {
        return new ChildExtraction(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx512m",
                        ChildExtraction.class.getName(),
                        images.toString(),
                        Integer.toString(train),
                        Integer.toString(validation),
                        store.toString(),
                        Integer.toString(delay))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Returns the next line it says, or null at its end. */
    String said() throws IOException {
        return output.readLine();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    public static void main(String[] arguments) throws IOException {
        int delay = Integer.parseInt(arguments[4]);
        Dataset dataset = DrawnSource.dataset(
                Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        FrozenBase base = DrawnSource.sprout(DrawnSource.SIZE);
        System.out.println("ready");
        var extraction = new FeatureExtractor(new FeatureStore(Path.of(arguments[3]), InstantSource.system()), 1, 32)
                .extract(
                        DrawnSource.source(dataset, List.of(), 1),
                        base,
                        List.of(base.headOutput("avg")),
                        (done, total) -> {
                            System.out.println("computing");
                            sleep(delay);
                        },
                        () -> false);
        System.out.println("computed " + extraction.computed().size());
        System.in.read();
    }

    private static void sleep(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
