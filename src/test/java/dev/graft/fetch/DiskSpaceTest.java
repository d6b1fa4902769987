package dev.graft.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "No space left on device, true, free some",
        "x: Disk quota exceeded, true, free some",
        "File too large, true, raise the limit",
        "Input/output error, false, ''"
    })
    void isMissingWhereTheSystemSaysSo(String message, boolean full, String advice) {
        IOException failure = new IOException(message);
        assertThat(DiskSpace.isFull(failure)).isEqualTo(full);
        assertThat(DiskSpace.advice(failure)).startsWith(advice.isEmpty() ? "" : "; " + advice);
        assertThat(DiskSpace.advice(failure).isEmpty()).isEqualTo(!full);
    }

    @Test
    void isOfNoUseWhereNothingCanBeWritten() {
        assertThat(DiskSpace.isReadOnly(new AccessDeniedException("x"))).isTrue();
        assertThat(DiskSpace.isReadOnly(new FileSystemException("x", null, "Read-only file system")))
                .isTrue();
        assertThat(DiskSpace.isReadOnly(new IOException("No space left on device")))
                .isFalse();
    }
}
