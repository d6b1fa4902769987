package dev.graft.track;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A small disk of its own for a test, where the system lets the test mount one; elsewhere the test is skipped. */
public final class SmallDisk implements AutoCloseable {

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** Mounts one. */
    public static SmallDisk mount(Path directory, String size) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        assumeTrue(
                call("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", directory.toString()),
                "this test may not mount a disk");
        return new SmallDisk(directory);
    }

    /** Makes it one that can only be read, which needs every file on it to be closed. */
    public void remountReadOnly() throws IOException, InterruptedException {
        assumeTrue(call("mount", "-o", "remount,ro", directory.toString()), "this test may not mount a disk");
    }

    /** Writes until nothing more fits. */
    public static void fill(Path file) throws IOException {
        for (int block = 64 << 10; block >= 1; block /= 2) {
            try {
                while (true) {
                    Files.write(file, new byte[block], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
            } catch (IOException full) {
                // Smaller blocks may still fit.
            }
        }
    }

    private static boolean call(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        call("umount", "-l", directory.toString());
    }
}
