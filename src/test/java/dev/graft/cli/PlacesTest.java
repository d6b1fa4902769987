package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacesTest {

    @Test
    void takeTheLimitOfTheFeatureStoreFromTheEnvironment() {
        assertThat(Places.cacheMaxBytes(Map.of())).isEmpty();
        assertThat(Places.cacheMaxBytes(Map.of("GRAFT_CACHE_MAX_BYTES", " "))).isEmpty();
        assertThat(Places.cacheMaxBytes(Map.of("GRAFT_CACHE_MAX_BYTES", "20 GB")))
                .hasValue(20_000_000_000L);
    }

    @Test
    void sayWhatALimitLooksLike() {
        assertThatThrownBy(() -> Places.cacheMaxBytes(Map.of("GRAFT_CACHE_MAX_BYTES", "much")))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "GRAFT_CACHE_MAX_BYTES must be a size such as 20 GB, 500 MiB or 1000000 bytes, but was much");
    }
}
