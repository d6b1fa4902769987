package dev.graft.run;

import dev.graft.track.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A word from another process to the controller of a results directory: a small file, because a signal does not reach
 * into another container or another user's process.
 */
public final class StopRequest {

    private final Path file;

    /** Uses a results directory. */
    public StopRequest(Path results) {
        this.file = results.resolve("track.stop");
    }

    /**
     * Asks for a sweep's end.
     *
     * @throws StoreException when the directory cannot be written to
     */
    public void ask(String sweepId, Stopping how) {
        try {
            Files.writeString(file, sweepId + " " + how.name().toLowerCase(Locale.ROOT) + "\n");
        } catch (IOException e) {
            throw new StoreException(
                    "cannot ask the sweep to stop: " + file + " cannot be written (" + e.getMessage()
                            + "); kill -TERM its process does the same",
                    e);
        }
    }

    /** Returns what was asked of a sweep. */
    Stopping asked(String sweepId) {
        try {
            if (!Files.isRegularFile(file)) {
                return Stopping.NO;
            }
            List<String> words = List.of(Files.readString(file).strip().split(" "));
            if (!words.get(0).equals(sweepId)) {
                return Stopping.NO;
            }
            return words.contains("now") ? Stopping.NOW : Stopping.AFTER_EPOCH;
        } catch (IOException e) {
            return Stopping.NO;
        }
    }

    /** Forgets what was asked. */
    public void clear() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It names the sweep it is for: at worst that one, resumed, stops again.
        }
    }
}
