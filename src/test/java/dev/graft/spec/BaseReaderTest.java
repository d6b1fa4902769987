package dev.graft.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaseReaderTest {

    private static SweepFile.Parsed parse(String base, String rest) {
        String text = """
                data: {path: images}
                parameters:
                  image_size: {value: 75}
                  base: %s
                %s""".formatted(base, rest);
        return SweepFile.parse("bad.yaml", text, new TenBases());
    }

    private static Object bases(String base) {
        return ((ParameterSpace.Choice) parse(base, "").sweep().parameters().get("base")).values();
    }

    private static void assertProblem(String value, String expected) {
        SweepFileException thrown =
                catchThrowableOfType(SweepFileException.class, () -> parse("{value: " + value + "}", ""));
        assertThat(thrown).as(value).isNotNull();
        assertThat(thrown.problems()).extracting(Problem::toString).containsExactly("bad.yaml:" + expected);
    }

    @Nested
    class Names {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '~',
                value = {
                    "vgg16 | vgg16",
                    "{architecture: vgg16} | vgg16",
                    "{architecture: vgg16, alpha: 1} | vgg16",
                    "{architecture: mobilenet, alpha: 0.25} | mobilenet_0.25",
                    "{architecture: mobilenet, alpha: 1.0} | mobilenet",
                    "{architecture: mobilenet_v2, alpha: 1.30} | mobilenet_v2_1.3",
                    "{architecture: mobilenet_v2, weights: my.h5} | mobilenet_v2:my.h5",
                    "{weights: ../best model, architecture: mobilenet_v2} | mobilenet_v2:../best model",
                    "{architecture: mobilenet, alpha: 0.05, weights: a.h5} | mobilenet_0.05:a.h5",
                    "{architecture: mobilenet, alpha: 2, weights: a.h5} | mobilenet_2:a.h5",
                    "{architecture: resnet18, weights: 'C:\\nets\\my net.h5'} | resnet18:C:\\nets\\my net.h5",
                    "{architecture: resnet18, weights: \"it's \\\"mine\\\".h5\"} | resnet18:it's \"mine\".h5",
                    "{architecture: resnet18, weights: '#1: é.h5'} | resnet18:#1: é.h5",
                    "mobilenet_0.50 | mobilenet_0.5",
                    "mobilenet_v2_1.4 | mobilenet_v2_1.4",
                    "mobilenet_v2:my.h5 | mobilenet_v2:my.h5",
                    "'mobilenet_0.33:C:\\my.h5' | mobilenet_0.33:C:\\my.h5",
                })
        void areMadeOfTheParts(String value, String name) {
            assertThat(bases("{value: " + value + "}")).isEqualTo(List.of(name));
            // What records show is what sweep files may say.
            assertThat(bases("{value: '" + name.replace("'", "''") + "'}")).isEqualTo(List.of(name));
        }

        @Test
        void standInListsInAnyForm() {
            assertThat(bases("{values: [mobilenet_v2, {architecture: mobilenet, alpha: 0.25}, 'sprout:a.h5']}"))
                    .isEqualTo(List.of("mobilenet_v2", "mobilenet_0.25", "sprout:a.h5"));
        }

        @Test
        void areWhatExcludeTakes() {
            SweepFile.Parsed parsed = parse("{values: [vgg16, {architecture: mobilenet, alpha: 0.25}]}", """
                    exclude:
                      - {base: {architecture: mobilenet, alpha: 0.25}, image_size: 75}
                    """);
            assertThat(parsed.warnings()).isEmpty();
            assertThat(parsed.sweep().exclude()).containsExactly(Map.of("base", "mobilenet_0.25", "image_size", 75L));
        }

        @Test
        void areWhatAWarningNames() {
            assertThat(parse("{value: vgg16}", "exclude: [{base: {architecture: mobilenet, alpha: 0.25}}]")
                            .warnings())
                    .extracting(Problem::message)
                    .containsExactly("matches nothing, because base is never \"mobilenet_0.25\"");
        }
    }

    @Property(tries = 200)
    void aNameTakenApartAndPutTogetherIsTheSame(
            @ForAll @DoubleRange(min = 0.05, max = 2) double alpha, @ForAll @From("files") String weights) {
        BaseName name = new BaseName("mobilenet_v2", alpha, Optional.of(weights));
        assertThat(BaseName.parse(name.toString())).isEqualTo(name);
    }

    @Provide
    Arbitrary<String> files() {
        return Arbitraries.strings();
    }

    @Nested
    class Problems {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '~',
                value = {
                    "{alpha: 0.5} | 4:17 parameters.base.value.architecture: is missing; write {architecture: mobilenet_v2, weights: my.h5}",
                    "{architecture: mobilenet, alhpa: 0.5} | 4:43 parameters.base.value.alhpa: is not a known key; did you mean alpha?",
                    "{name: mobilenet} | 4:18 parameters.base.value.name: is not a known key; did you mean architecture?",
                    "{architecture: mobilenet, width: 0.5} | 4:43 parameters.base.value.width: is not a known key; did you mean alpha?",
                    "{architecture: mobilenet, alpha: 0.3} | 4:50 parameters.base.value.alpha: must be one of 0.25, 0.5, 0.75, 1 for mobilenet without weights of its own, but was 0.3",
                    "{architecture: mobilenet, alpha: 3, weights: a.h5} | 4:50 parameters.base.value.alpha: must be <= 2, but was 3",
                    "{architecture: mobilenet, alpha: 0.01, weights: a.h5} | 4:50 parameters.base.value.alpha: must be >= 0.05, but was 0.01",
                    "{architecture: mobilenet, alpha: wide} | 4:50 parameters.base.value.alpha: must be a number, but was the text \"wide\"",
                    "{architecture: vgg16, alpha: 0.5} | 4:46 parameters.base.value.alpha: must be 1, because vgg16 comes in one width, but was 0.5",
                    "{architecture: vgg16, weights: 5} | 4:48 parameters.base.value.weights: must be text, but was 5; put it in quotes",
                    "{architecture: vgg16, weights: \"a\\nb\"} | 4:48 parameters.base.value.weights: must not hold control characters, but was \"a\uFFFDb\"",
                    "mobilenet_0.3 | 4:17 parameters.base.value: must have an alpha that is one of 0.25, 0.5, 0.75, 1 for mobilenet without weights of its own, but was \"mobilenet_0.3\"",
                    "vgg16_0.5 | 4:17 parameters.base.value: must have an alpha that is 1, because vgg16 comes in one width, but was \"vgg16_0.5\"",
                    "'vgg16:' | 4:17 parameters.base.value: must name a weight file or a bundle's folder after the colon",
                })
        void areToldWithTheirPlace(String value, String expected) {
            assertProblem(value, expected);
        }

        @Test
        void ofAnUnknownArchitectureSuggestOneWithTheRest() {
            String all =
                    "efficientnet_b0, inception_v3, mobilenet, mobilenet_v2, resnet18, resnet50, sprout, squeezenet, vgg16, xception";
            assertProblem(
                    "{architecture: mobilnet, alpha: 0.5}",
                    "4:32 parameters.base.value.architecture: must be one of " + all
                            + ", but was \"mobilnet\"; did you mean mobilenet?");
            assertProblem(
                    "mobilnet_0.5:my.h5",
                    "4:17 parameters.base.value: must be one of " + all
                            + ", but was \"mobilnet_0.5:my.h5\"; did you mean mobilenet_0.5:my.h5?");
            assertProblem("[vgg16]", "4:17 parameters.base.value: must be one of " + all + ", but was a list");
        }

        @Test
        void areToldAllAtOnce() {
            SweepFileException thrown = catchThrowableOfType(
                    SweepFileException.class,
                    () -> parse("{value: {architecture: vgg16, alpha: 0.5, weights: 5, name: x}}", ""));
            assertThat(thrown.problems())
                    .extracting(problem -> problem.path().substring("parameters.base.value.".length()))
                    .containsExactly("alpha", "weights", "name");
        }

        @Test
        void ofAMapThatStandsOneLevelTooHigh() {
            SweepFileException thrown = catchThrowableOfType(
                    SweepFileException.class, () -> parse("{architecture: mobilenet, alpha: 0.25}", ""));
            assertThat(thrown.problems())
                    .extracting(Problem::toString)
                    .containsExactly(
                            "bad.yaml:4:10 parameters.base.architecture: belongs inside value or values, as in {value: {architecture: mobilenet, alpha: 0.25}}",
                            "bad.yaml:4:35 parameters.base.alpha: belongs inside value or values, as in {value: {architecture: mobilenet, alpha: 0.25}}");
        }

        @Test
        void ofTheSameBaseInTwoForms() {
            SweepFileException thrown = catchThrowableOfType(
                    SweepFileException.class,
                    () -> parse("{values: [mobilenet_0.25, {architecture: mobilenet, alpha: 0.25}]}", ""));
            assertThat(thrown.problems()).extracting(Problem::message).containsExactly("repeats values[0]");
        }

        @Test
        void ofItsArchitecturesLimitsAreFound() {
            SweepFileException thrown = catchThrowableOfType(
                    SweepFileException.class,
                    () -> parse(
                            "{value: {architecture: mobilenet, alpha: 0.5, weights: a.h5}}\n  fine_tune_depth: {value: 14}",
                            ""));
            assertThat(thrown.problems())
                    .extracting(Problem::message)
                    .containsExactly(
                            "must be <= 13 for base mobilenet_0.5:a.h5, which has so many blocks, but was 14; exclude the combination or change the value");
        }
    }
}
