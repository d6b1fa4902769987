package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.track.TrialState;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TrialFilterPropertyTest {

    private static final List<TrialFacts> TRIALS = List.of(
            facts(Map.of("base", "vgg16", "dropout", 0.5), 0.25),
            facts(Map.of("base", "sprout", "dense_units", List.of(256L, 64L)), 0.5),
            facts(Map.of("base", "and", "image_size", 96L), Double.NaN));

    private static TrialFacts facts(Map<String, Object> parameters, double accuracy) {
        return TrialFacts.of(Samples.trial(1, TrialState.FINISHED, parameters, accuracy), OptionalInt.of(1));
    }

    @Property
    void readsBackWhatItWrites(@ForAll("expressions") String expression) {
        TrialFilter filter = TrialFilter.parse(expression);
        TrialFilter again = TrialFilter.parse(filter.toString());
        assertThat(again).isEqualTo(filter).hasToString(filter.toString());
        for (TrialFacts trial : TRIALS) {
            assertThat(again.accepts(trial)).isEqualTo(filter.accepts(trial));
        }
    }

    @Property
    void followsTheLawsOfLogic(@ForAll("expressions") String a, @ForAll("expressions") String b) {
        for (TrialFacts trial : TRIALS) {
            boolean first = TrialFilter.parse(a).accepts(trial);
            boolean second = TrialFilter.parse(b).accepts(trial);
            assertThat(TrialFilter.parse("(" + a + ") and (" + b + ")").accepts(trial))
                    .isEqualTo(first && second);
            assertThat(TrialFilter.parse("(" + a + ") or (" + b + ")").accepts(trial))
                    .isEqualTo(first || second);
            assertThat(TrialFilter.parse("not (" + a + ")").accepts(trial)).isEqualTo(!first);
        }
    }

    @Property
    void refusesInWordsOrNotAtAll(@ForAll("scraps") String anything) {
        tryToRead(anything);
    }

    @Property
    void refusesAnyTextInWordsOrNotAtAll(@ForAll String anything) {
        tryToRead(anything);
    }

    private static void tryToRead(String anything) {
        try {
            TrialFilter filter = TrialFilter.parse(anything);
            TRIALS.forEach(filter::accepts);
            assertThat(TrialFilter.parse(filter.toString())).isEqualTo(filter);
        } catch (FilterException e) {
            assertThat(e.position()).isBetween(0, anything.length());
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(300);
        }
    }

    /** Pieces of filters in no order. */
    @Provide
    Arbitrary<String> scraps() {
        return Arbitraries.of(
                        "base",
                        "and",
                        "or",
                        "not",
                        "in",
                        "(",
                        ")",
                        ",",
                        "=",
                        "!=",
                        "<",
                        "<=",
                        "~",
                        "0.5",
                        "[5]",
                        "[]",
                        "[1, 2]",
                        "\"[5]\"",
                        "\"a\\\"b\"",
                        "'x",
                        "state",
                        "failed",
                        "pinned",
                        "!",
                        "[",
                        " ",
                        "\\",
                        "85%",
                        "\"\"",
                        "dense_units",
                        "val_accuracy",
                        "é",
                        "\uD83D",
                        "1e999")
                .list()
                .ofMaxSize(12)
                .map(pieces -> String.join(" ", pieces));
    }

    @Provide
    Arbitrary<String> expressions() {
        Arbitrary<String> value = Arbitraries.oneOf(
                Arbitraries.of("vgg16", "0.5", "50%", "-1e-3", "[256, 64]", "[7]", "[]", "'and'", "\"a \\\" b\"", "''"),
                Arbitraries.strings()
                        .ofMaxLength(6)
                        .map(text -> "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\""));
        Arbitrary<String> name = Arbitraries.of("base", "dropout", "dense_units", "'image size'", "Reason", "id");
        Arbitrary<String> comparison = Combinators.combine(name, Arbitraries.of("=", "==", "!=", "~"), value)
                .as((n, o, v) -> n + o + v);
        Arbitrary<String> order = Combinators.combine(
                        Arbitraries.of("val_accuracy", "dropout", "rank"),
                        Arbitraries.of("<", "<=", ">", ">="),
                        Arbitraries.of("0.25", "1", "85%", "+3.", ".5e1"))
                .as((n, o, v) -> n + " " + o + " " + v);
        Arbitrary<String> among = Combinators.combine(
                        name,
                        Arbitraries.of(" in (", " not in ("),
                        value.list().ofMinSize(1).ofMaxSize(3))
                .as((n, in, values) -> n + in + String.join(", ", values) + ")");
        Arbitrary<String> search = Arbitraries.of("vgg", "\"early stopping\"", "0.5", "pinned", "HIDDEN", "'base'");
        return Arbitraries.lazyOf(
                () -> comparison,
                () -> order,
                () -> among,
                () -> search,
                () -> expressions().map(inner -> "(" + inner + ")"),
                () -> expressions().map(inner -> "NOT (" + inner + ")"),
                () -> Combinators.combine(expressions(), expressions()).as((a, b) -> a + " and " + b),
                () -> Combinators.combine(expressions(), expressions()).as((a, b) -> a + " or " + b));
    }
}
