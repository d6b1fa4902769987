package dev.graft.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a file holds, the user gets a sweep or a list of problems, never a stack trace. */
class AnyTextTest {

    private static final String GOOD = """
            name: cats
            data: {path: images, augment: [horizontal_flip, {rotation: 10}], views: 2, split: {validation: 0.1}}
            method: random
            run_cap: 3
            metric: {name: val_loss}
            parameters:
              base: {values: [sprout, squeezenet]}
              image_size: {min: 48, max: 64}
              learning_rate: {distribution: log_uniform_values, min: 1e-5, max: 1e-2}
              dropout: {values: [0.2, 0.5], probabilities: [0.5, 0.5]}
              dense_units: {values: [64, [64, 32]]}
              batch_size: {distribution: q_uniform, min: 8, max: 64, q: 8}
            exclude: [{base: sprout, image_size: 50}]
            early_stopping: {patience: 4}
            """;

    @Property(tries = 2000)
    void randomText(@ForAll String text) {
        check(text);
    }

    @Property(tries = 2000)
    void randomPunctuation(@ForAll("punctuation") String text) {
        check(text);
    }

    @Property(tries = 2000)
    void aGoodFileWithOnePartReplaced(
            @ForAll("places") int from, @ForAll("lengths") int length, @ForAll("fragments") String fragment) {
        int end = Math.min(GOOD.length(), from + length);
        check(GOOD.substring(0, from) + fragment + GOOD.substring(end));
    }

    @Property(tries = 2000)
    void aGoodFileWithOneWordReplaced(@ForAll("places") int from, @ForAll("fragments") String fragment) {
        int start = from;
        while (start > 0 && Character.isLetterOrDigit(GOOD.charAt(start - 1))) {
            start--;
        }
        int end = start;
        while (end < GOOD.length() && Character.isLetterOrDigit(GOOD.charAt(end))) {
            end++;
        }
        check(GOOD.substring(0, start) + fragment + GOOD.substring(end));
    }

    @Provide
    Arbitrary<String> punctuation() {
        return Arbitraries.strings()
                .withChars("{}[]:,-?&*!|>'\"%@`#<~. \t\n\r\\aU0179_")
                .ofMaxLength(60);
    }

    @Provide
    Arbitrary<Integer> places() {
        return Arbitraries.integers().between(0, GOOD.length() - 1);
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return Arbitraries.integers().between(0, 20);
    }

    @Provide
    Arbitrary<String> fragments() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "",
                        "null",
                        "~",
                        "true",
                        "-1",
                        "0",
                        "1e400",
                        ".nan",
                        "[]",
                        "{}",
                        "[[[]]]",
                        "&a",
                        "*a",
                        "!!int x",
                        "!foo",
                        "<<",
                        "? ",
                        "---",
                        "...",
                        "\"\\UFFFFFFFF\"",
                        "\"\\x\"",
                        "%YAML 9.9",
                        "9223372036854775808",
                        "0x",
                        "0xFFFFFFFFFFFFFFFFF",
                        "1.5",
                        "grid",
                        "\uD800",
                        "\u0000",
                        "\u2028",
                        "|\n",
                        ">-\n  a"),
                Arbitraries.strings().ofMaxLength(4));
    }

    private static void check(String text) {
        List<Problem> problems;
        try {
            problems = SweepFile.parse("any.yaml", text, new FewBases()).warnings();
        } catch (SweepFileException e) {
            problems = e.problems();
            assertThat(problems).isNotEmpty();
        }
        assertThat(problems).allSatisfy(problem -> {
            assertThat(problem.toString()).hasLineCount(1);
            assertThat(problem.line() > 0).isEqualTo(problem.column() > 0);
        });
    }
}
