package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrialFilterTest {

    private static final TrialFacts FACTS = new TrialFacts(
            new TrialRecord(
                    "k3v9x2ab-7",
                    "k3v9x2ab",
                    7,
                    TrialState.FINISHED,
                    "early stopping after epoch 9",
                    parameters(),
                    12345678901234L,
                    "f00d",
                    true,
                    2,
                    9,
                    6,
                    Optional.of(new TrialRecord.Epoch(
                            6, Map.of("val_accuracy", 0.85, "val_loss", Double.NaN, "loss", 0.25, "top5", 0.9))),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of("total", 12.5),
                    "",
                    "",
                    OptionalLong.of(2_422_210)),
            OptionalInt.of(3),
            true,
            false);

    private static Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("base", "mobilenet_v2");
        parameters.put("image_size", 224L);
        parameters.put("learning_rate", 1e-4);
        parameters.put("dense_units", List.of(256L, 64L));
        return parameters;
    }

    private static boolean accepts(String expression) {
        return TrialFilter.parse(expression).accepts(FACTS);
    }

    @Nested
    class Accepting {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "  ",
                    "base = mobilenet_v2 and val_accuracy > 0.8",
                    "base == 'MobileNet_V2'",
                    "base != vgg16",
                    "val_accuracy >= 85%",
                    "val_accuracy < .86 and val_accuracy<=0.85",
                    "learning_rate = 0.0001",
                    "LEARNING_RATE = 1e-4",
                    "\"learning rate\" < 0.001",
                    "dense_units = [256, 64]",
                    "dense_units=[256,64]",
                    "dense_units ~ 64",
                    "image_size in (96, 224)",
                    "image_size not in (96, 128)",
                    "state = finished",
                    "state != failed",
                    "state in (failed, Finished)",
                    "reason ~ 'Early Stopping'",
                    "reason != \"\"",
                    "number = 7 and rank = 3 and epochs = 9 and kept_epoch = 6 and attempts = 2",
                    "model_weights = 2422210 and model_weights > 2.4e6 and not model_weights > 2500000",
                    "seconds > 12",
                    "seed = 12345678901234",
                    "id = k3v9x2ab-7",
                    "pinned",
                    "not hidden",
                    "pinned = yes and hidden = no",
                    "hidden != true",
                    "mobile",
                    "\"epoch 9\"",
                    "0.0001",
                    "0001",
                    "'256, 64'",
                    "not vgg16",
                    "base = vgg16 or base = mobilenet_v2",
                    // "and" binds closer than "or".
                    "pinned or pinned and hidden",
                    "not (base = vgg16 or hidden)",
                    // What the sweep does not name has its default.
                    "optimizer = adam and batch_size = 32 and dropout = 0",
                    // The loss is not a number: there is nothing to compare.
                    "val_loss != 3",
                    "not val_loss < 3 and not val_loss >= 3",
                })
        void takesTheTrial(String expression) {
            assertThat(accepts(expression)).isTrue();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "base = mobilenet",
                    "base = vgg16",
                    "val_accuracy > 0.85",
                    "learning_rate = 0.00010001",
                    "dense_units = 256",
                    "dense_units = [64, 256]",
                    "image_size in (96, 128)",
                    "image_size = 'large'",
                    "image_size < 224",
                    "state = failed",
                    "val_loss < 3",
                    "val_macro_f1 > 0",
                    "hidden",
                    "vgg16",
                    "optimizer = sgd",
                    "(pinned or pinned) and hidden",
                    "momentum = 0.9",
                })
        void leavesTheTrialOut(String expression) {
            assertThat(accepts(expression)).isFalse();
        }

        @Test
        void takesAListOfOneLayerForItsWidthAndAnEmptyOneForNone() {
            TrialFacts one = facts(Map.of("dense_units", List.of(128L)));
            TrialFacts none = facts(Map.of("dense_units", List.of()));
            assertThat(TrialFilter.parse("dense_units = 128").accepts(one)).isTrue();
            assertThat(TrialFilter.parse("dense_units = [128]").accepts(facts(Map.of("dense_units", 128L))))
                    .isTrue();
            assertThat(TrialFilter.parse("dense_units = 0").accepts(none)).isTrue();
            assertThat(TrialFilter.parse("dense_units = []").accepts(facts(Map.of())))
                    .isTrue();
        }

        @Test
        void comparesMetricsThatOnlyThisSweepHas() {
            assertThat(TrialFilter.parse("top5 > 0.8", List.of("top5")).accepts(FACTS))
                    .isTrue();
            assertThatThrownBy(() -> TrialFilter.parse("top5 > 0.8")).isInstanceOf(FilterException.class);
        }

        @Test
        void hasNoRankBeforeThereIsOne() {
            TrialFacts waiting = TrialFacts.of(Samples.trial(1, TrialState.WAITING), OptionalInt.empty());
            assertThat(TrialFilter.parse("rank <= 10").accepts(waiting)).isFalse();
            assertThat(TrialFilter.parse("rank != 10").accepts(waiting)).isTrue();
            assertThat(TrialFilter.parse("seconds >= 0").accepts(waiting)).isFalse();
        }

        private TrialFacts facts(Map<String, Object> parameters) {
            return TrialFacts.of(Samples.trial(1, TrialState.FINISHED, parameters, 0.5), OptionalInt.empty());
        }
    }

    @Nested
    class Joining {

        @Test
        void asksForBoth() {
            TrialFilter both = TrialFilter.parse("base = vgg16 or pinned").and(TrialFilter.parse("number < 8"));
            assertThat(both).hasToString("(base = vgg16 or pinned) and number < 8");
            assertThat(both.accepts(FACTS)).isTrue();
            assertThat(both.and(TrialFilter.parse("hidden")).accepts(FACTS)).isFalse();
        }

        @Test
        void leavesOutWhatAsksNothing() {
            TrialFilter pinned = TrialFilter.parse("pinned");
            assertThat(TrialFilter.ALL.and(pinned)).isEqualTo(pinned);
            assertThat(pinned.and(TrialFilter.parse(" "))).isEqualTo(pinned);
            assertThat(TrialFilter.ALL.isEmpty()).isTrue();
            assertThat(pinned.isEmpty()).isFalse();
        }
    }

    @Nested
    class Refusing {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "learnig_rate < 0.1 | 0 | trials have no learnig_rate; did you mean learning_rate?",
                    "base = a and accuracy > 0.8 | 13 | trials have no accuracy; did you mean val_accuracy?",
                    "zzzzzz = 1 | 0 | trials have no zzzzzz; there are parameters, such as base, metrics, such as"
                            + " val_accuracy, and state, number, rank, epochs, seconds, reason, pinned and others",
                    "state = finshed | 8 | no state is called finshed; did you mean finished?",
                    "state = 3 | 8 | no state is called 3; states are waiting, running, finished, pruned, failed,"
                            + " crashed, cancelled",
                    "base = mobilenet v2 | 17 | and or or is missing before v2; a text of several words needs quotes",
                    "base = | 6 | a value must follow =",
                    "base = and x | 7 | a value must follow =, but there is and",
                    "val_accuracy > good | 15 | a number must follow >, but there is good",
                    "val_accuracy = good | 15 | val_accuracy is a number, but good is none",
                    "base > vgg16 | 0 | base is no number: it is compared with =, != or ~, not with >",
                    "pinned = 7 | 9 | pinned is yes or no, but not 7",
                    "val_accuracy | 12 | val_accuracy must be compared with something, for example val_accuracy > 0;"
                            + " to look for the word, write it in quotes",
                    "pinned and | 10 | the filter ends where a condition must follow",
                    "pinned and or hidden | 11 | a condition must stand here, for example val_accuracy > 0.8, but there"
                            + " is or",
                    "(pinned or hidden | 17 | the ( at character 1 is not closed here",
                    "pinned) | 6 | this ) closes nothing",
                    "pinned = yes = yes | 13 | and, or or the end must follow, but there is =",
                    "base in adam | 8 | in is followed by values in parentheses, for example in (adam, sgd)",
                    "base in (a b) | 11 | a comma or ) must follow, but there is b",
                    "base in () | 9 | a value must stand here",
                    "base in (a | 10 | a comma or ) must follow",
                    "base = \"vgg | 7 | the text that begins here has no closing \"",
                    "dense_units = [256, 64 | 14 | the list that begins here has no closing ]",
                    "dense_units = [wide] | 14 | a list holds whole numbers, for example [256, 64]",
                    "pinned && hidden | 7 | write and instead of &&",
                    "!pinned | 0 | ! stands only in !=; to turn a condition round, write not",
                    "base = a; drop | 8 | a filter has no place for ;; text with it needs quotes",
                    "\"\" | 0 | there is no text to look for between these quotes",
                })
        void saysWhatIsWrongAndWhere(String expression, int position, String message) {
            FilterException refused = catchThrowableOfType(FilterException.class, () -> TrialFilter.parse(expression));
            assertThat(refused).as(expression).isNotNull();
            assertThat(refused).hasMessage(message);
            assertThat(refused.position()).isEqualTo(position);
        }

        @Test
        void boundsItsDepthAndLength() {
            String deep = "(".repeat(99) + "pinned" + ")".repeat(99);
            assertThat(accepts(deep)).isTrue();
            assertThatThrownBy(() -> TrialFilter.parse("(" + deep + ")"))
                    .isInstanceOf(FilterException.class)
                    .hasMessage("a filter nests at most 100 deep");
            assertThatThrownBy(() -> TrialFilter.parse("not ".repeat(900) + "pinned"))
                    .isInstanceOf(FilterException.class);
            assertThatThrownBy(() -> TrialFilter.parse("x".repeat(4001)))
                    .hasMessage("a filter has at most 4000 characters, but this one has 4001");
            assertThat(accepts("pinned" + " and pinned".repeat(300))).isTrue();
        }

        @Test
        void showsNoControlCharacters() {
            assertThatThrownBy(() -> TrialFilter.parse("base = a \u001b[31m"))
                    .hasMessage("a filter has no place for this character; text with it needs quotes");
            assertThatThrownBy(() -> TrialFilter.parse("'\u001b[31m' = 3"))
                    .hasMessageStartingWith("trials have no \\u001B[31m");
        }
    }
}
