package dev.graft.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TrialsPropertyTest {

    @Property(tries = 60)
    void holdsEveryCombinationOnce(
            @ForAll @IntRange(min = 1, max = 60) int sizes,
            @ForAll @IntRange(min = 1, max = 40) int batches,
            @ForAll @IntRange(min = 1, max = 3) int drops) {
        String dropouts = List.of(0.1, 0.2, 0.3).subList(0, drops).toString();
        List<Map<String, Object>> all =
                TrialsTest.assignments(TrialsTest.sweep("""
                base: {value: sprout}
                image_size: {min: 32, max: %d}
                dropout: {values: %s}
                batch_size: {min: 1, max: %d}
                """.formatted(31 + sizes, dropouts, batches), ""));
        assertThat(all).hasSize(sizes * batches * drops);
        assertThat(new HashSet<>(all)).hasSameSizeAs(all);
        assertThat(all.get(all.size() - 1))
                .containsEntry("image_size", 31L + sizes)
                .containsEntry("batch_size", (long) batches);
    }

    @Property
    void areWholeNumbersThatJsonKeeps(@ForAll long seed, @ForAll @IntRange(min = 0, max = 999) int repeat) {
        assertThat(Trials.seed(seed, repeat)).isBetween(0L, (1L << 53) - 1);
    }
}
