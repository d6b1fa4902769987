package dev.graft.run;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where Graft keeps what can be made again: {@code GRAFT_HOME}, or {@code ~/.graft}.
 *
 * @param path the folder; it need not exist
 */
public record Home(Path path) {

    /** Finds it in an environment. */
    public static Home of(Map<String, String> environment, Path userHome) {
        String named = environment.getOrDefault("GRAFT_HOME", "");
        return new Home((named.isBlank() ? userHome.resolve(".graft") : Path.of(named))
                .toAbsolutePath()
                .normalize());
    }

    /** Returns the folder of the feature store. */
    public Path features() {
        return path.resolve("features");
    }

    /** Returns the folder where weight files are looked for. */
    public Path weights() {
        return path.resolve("weights");
    }

    /** Returns the folder of drawn image sets, and of archives of images by their digest. */
    public Path data() {
        return path.resolve("data");
    }

    /** Returns the folder that remembers which images were found good. */
    public Path imageChecks() {
        return path.resolve("image-checks");
    }
}
