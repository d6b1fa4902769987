package dev.graft.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The space that is left for files. */
public final class DiskSpace {

    /** Left free, for everything else that runs. */
    private static final long SPARE_BYTES = 32L << 20;

    private static final String ADVICE = "; free some, or set GRAFT_HOME to a larger disk";

    private DiskSpace() {}

    /**
     * Looks whether so many bytes more fit beside others.
     *
     * @param place an existing folder, or an existing file of one
     * @param bytes 0 where the number is unknown
     * @return empty where they do, else what is wrong and what to do; the verb and what follows
     */
    public static Optional<String> shortage(Path place, long bytes) throws IOException {
        Path folder = Files.isDirectory(place) ? place : place.toAbsolutePath().getParent();
        long free = Files.getFileStore(place).getUsableSpace() - SPARE_BYTES;
        if (bytes <= free) {
            return Optional.empty();
        }
        return Optional.of((bytes == 0
                        ? "needs more space in " + folder + ", but none is free"
                        : "needs " + bytes + " bytes more in " + folder + ", but only " + Math.max(0, free)
                                + " are free")
                + ADVICE);
    }
}
