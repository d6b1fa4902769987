package dev.graft;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the fixtures shared by the project's builders; tests that need them skip where they are missing. */
public final class Shared {

    private Shared() {}

    /** Returns a path below the shared folder, or skips the test, saying so. */
    public static Path path(String name) {
        Path path = Path.of(System.getProperty("graft.shared", "../shared")).resolve(name);
        assumeTrue(Files.exists(path), () -> "skipped: " + path + " is not on this machine");
        return path;
    }
}
