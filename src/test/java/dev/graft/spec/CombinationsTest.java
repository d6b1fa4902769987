package dev.graft.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CombinationsTest {

    private static final Map<String, ParameterSpace> SPACES = Map.of(
            "a", new ParameterSpace.Choice(List.of(0L, 1L, 2L), List.of()),
            "b", new ParameterSpace.IntRange(0, 2),
            "c", new ParameterSpace.Choice(List.of(0L, 1L), List.of()));

    @Property
    void agreesWithTryingEveryCombination(
            @ForAll("entries") List<Map<String, Object>> exclude, @ForAll("entry") Map<String, Object> fixed) {
        boolean expected = LongStream.range(0, 18)
                .mapToObj(i -> Map.<String, Object>of("a", i % 3, "b", i / 3 % 3, "c", i / 9))
                .filter(c -> c.entrySet().containsAll(fixed.entrySet()))
                .anyMatch(c -> exclude.stream().noneMatch(e -> c.entrySet().containsAll(e.entrySet())));
        boolean inside = fixed.entrySet().stream()
                .allMatch(e -> e.getValue() instanceof Long v && v < (e.getKey().equals("c") ? 2 : 3));
        if (inside) {
            assertThat(new Combinations(SPACES, exclude).possible(fixed)).isEqualTo(expected);
        }
    }

    @Example
    void aRealRangeIsNeverExcludedByOneValue() {
        Map<String, ParameterSpace> spaces = Map.of("a", new ParameterSpace.RealRange(0, 1, false, 0));
        assertThat(new Combinations(spaces, List.of(Map.of("a", 0.5))).possible(Map.of()))
                .isTrue();
    }

    @Example
    void countsWithoutOverflow() {
        ParameterSpace range = new ParameterSpace.IntRange(0, 1L << 40);
        assertThat(Combinations.count(List.of(range, range, range))).isEqualTo(Long.MAX_VALUE);
        assertThat(Combinations.count(SPACES.values())).isEqualTo(18);
    }

    @Provide
    Arbitrary<Map<String, Object>> entry() {
        return Arbitraries.maps(
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.longs().between(0, 3).map(v -> (Object) v))
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<List<Map<String, Object>>> entries() {
        return entry().filter(e -> !e.isEmpty()).list().ofMaxSize(12);
    }
}
