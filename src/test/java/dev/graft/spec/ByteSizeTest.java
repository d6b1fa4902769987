package dev.graft.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

    private static final Map<String, Long> UNITS = Map.of(
            "B", 1L,
            "kB", 1000L,
            "MB", 1_000_000L,
            "GB", 1_000_000_000L,
            "TB", 1_000_000_000_000L,
            "KiB", 1L << 10,
            "MiB", 1L << 20,
            "GiB", 1L << 30,
            "TiB", 1L << 40);

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1 B, 1",
        "20 GB, 20000000000",
        "20GB, 20000000000",
        "20 gb, 20000000000",
        "7 KB, 7000",
        "1.5 KiB, 1536",
        "' 2 MiB ', 2097152",
        "0.0015 kB, 1",
        "9223372036854775807, 9223372036854775807",
        "9223372 TB, 9223372000000000000"
    })
    void readsNumbersWithUnits(String text, long bytes) {
        assertThat(ByteSize.parse(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "GB",
                "-1 GB",
                "+1 GB",
                "1e3 GB",
                "1,5 GB",
                "1. GB",
                ".5 GB",
                "20 G",
                "20 PB",
                "20 iB",
                "20 GB free",
                "0",
                "0.5 B",
                "0 TiB",
                "9223372036854775808",
                "9223373 TB",
                "NaN",
                "\u0661 GB"
            })
    void takesNothingElse(String text) {
        assertThat(ByteSize.parse(text)).isEmpty();
    }

    @Property(tries = 300)
    void multipliesByTheUnitWhateverItsCase(@ForAll @IntRange(min = 1, max = 8_000_000) int number, @ForAll long seed) {
        Random random = new Random(seed);
        UNITS.forEach((unit, bytes) -> {
            StringBuilder text = new StringBuilder().append(number).append(" ".repeat(random.nextInt(2)));
            unit.chars()
                    .forEach(c -> text.append(
                            (char) (random.nextBoolean() ? Character.toUpperCase(c) : Character.toLowerCase(c))));
            assertThat(ByteSize.parse(text.toString())).as("%s", text).hasValue(number * bytes);
            assertThat(text.toString()).matches(Pattern.compile(ByteSize.PATTERN));
        });
    }
}
