package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerCoresTest {

    @Test
    void everyPartHasAllThreadsAndPixelsAQuarterOfTheHeap() {
        assertThat(WorkerCores.of(6, 4000, Map.of())).isEqualTo(new WorkerCores(6, 1000));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "500, 500", "2 kB, 2000", "'', 1000"})
    void theEnvironmentNamesTheMemoryOfPixels(String named, long bytes) {
        assertThat(WorkerCores.of(1, 4000, Map.of("GRAFT_PIXEL_CACHE_MAX_BYTES", named))
                        .pixelCacheBytes())
                .isEqualTo(bytes);
    }

    @Test
    void otherSizesAreRefused() {
        assertThatThrownBy(() -> WorkerCores.of(1, 1, Map.of("GRAFT_PIXEL_CACHE_MAX_BYTES", "much")))
                .hasMessage("GRAFT_PIXEL_CACHE_MAX_BYTES must be 0 or a size such as 20 GB, 500 MiB or 1000000 bytes,"
                        + " but was much");
    }
}
