package dev.graft.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {

    @TempDir
    Path folder;

    @Test
    void isEnoughForAFewBytes() throws IOException {
        assertThat(DiskSpace.shortage(folder, 1)).isEmpty();
        assertThat(DiskSpace.shortage(folder, 0)).isEmpty();
    }

    @Test
    void isNotEnoughForEverything() throws IOException {
        assertThat(DiskSpace.shortage(folder, Long.MAX_VALUE).orElseThrow())
                .startsWith("needs " + Long.MAX_VALUE + " bytes more in " + folder + ", but only ")
                .endsWith(" are free; free some, or set GRAFT_HOME to a larger disk");
    }
}
