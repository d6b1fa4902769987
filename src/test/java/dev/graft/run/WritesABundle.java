package dev.graft.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A process that begins to write a bundle, says where, and never ends it. */
final class WritesABundle {

    private WritesABundle() {}

    static Process start(Path bundle) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WritesABundle.class.getName(),
                        bundle.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        try (BundleWriting writing = BundleWriting.of(Path.of(arguments[0]))) {
            System.out.println(Files.createDirectory(writing.folder()));
            // Until it is killed, or whoever started it is gone.
            while (System.in.read() >= 0) {}
        }
    }
}
