package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.analysis.Comparison.Side;
import dev.graft.track.Prediction;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final SweepRecord SWEEP = Samples.sweep("val_accuracy", "maximize");

    /** A trial that takes the image at each place for a dress (0) or a hat (1); the first half are dresses. */
    private static Side side(int number, String answers) {
        List<Prediction> predictions = new ArrayList<>();
        int right = 0;
        for (int i = 0; i < answers.length(); i++) {
            int label = i < answers.length() / 2 ? 0 : 1;
            int predicted = answers.charAt(i) - '0';
            right += label == predicted ? 1 : 0;
            predictions.add(new Prediction("image" + i, label, predicted, 0.75, label == predicted ? 0.75 : 0.25));
        }
        TrialRecord trial = Samples.trial(
                number,
                TrialState.FINISHED,
                Map.of("base", "vgg16", "dropout", number / 10.0),
                answers.isEmpty() ? 0.5 : (double) right / answers.length());
        return new Side(SWEEP, SWEEP.name(), trial, predictions);
    }

    private static Comparison of(Side... sides) {
        return Comparison.of(List.of(sides), "");
    }

    @Nested
    class Pairs {

        @Test
        void areSaidToDifferInWords() {
            Comparison comparison = of(side(1, "00000" + "11110"), side(2, "11110" + "00001"));
            // Right: 9 and 2; both about image 4 only, so 8 alone against 1 alone.
            Comparison.Pair pair = comparison.pairs().get(0);
            assertThat(pair.test()).isEqualTo(McNemar.of(8, 1));
            assertThat(pair.adjusted()).isEqualTo(20.0 / 512, within(1e-12));
            assertThat(pair.distinguishable()).isTrue();
            assertThat(pair.difference().value()).isEqualTo(0.7, within(1e-12));
            assertThat(pair.sentence())
                    .startsWith("Trial 1 is better than trial 2 on 10 images: trial 1 alone is right about 8, trial 2"
                            + " alone about 1 (p\u00a0=\u00a00.039). Its accuracy is 70.0 percentage points higher, with 95 %"
                            + " confidence ");
        }

        @Test
        void areSaidNotToBeDistinguishable() {
            Comparison.Pair pair =
                    of(side(1, "00011"), side(2, "00111")).pairs().get(0);
            assertThat(pair.distinguishable()).isFalse();
            assertThat(pair.sentence())
                    .startsWith("Not distinguishable on 5 images: trial 2 alone is right about ")
                    .contains("(p\u00a0=\u00a01.00)", "percentage points above that of trial");
        }

        @Test
        void areACloseThingWhereTheIntervalAloneLeavesOutZero() {
            // 5 against 0: p = 0.0625; of 5,000 resamples of 10 images hardly any has none of the five.
            Comparison.Pair pair =
                    of(side(1, "0000011111"), side(2, "1111111111")).pairs().get(0);
            assertThat(pair.test()).isEqualTo(McNemar.of(5, 0));
            assertThat(pair.distinguishable()).isFalse();
            assertThat(pair.sentence())
                    .startsWith("Not distinguishable for certain on 10 images: ")
                    .endsWith(
                            "It is a close thing: the interval, taken alone, has trial 1 ahead by 20.0 to 80.0 percentage"
                                    + " points.");
        }

        @Test
        void areSaidToBeAlike() {
            assertThat(of(side(1, "0011"), side(2, "0011")).pairs().get(0).sentence())
                    .isEqualTo("No difference on 4 images: trial 1 and trial 2 are right about the same ones.");
        }

        @Test
        void countHowManyTheyAre() {
            // Two tests with the same probability: Holm doubles the smaller, and the other is not below it.
            Comparison comparison = of(side(1, "00000111"), side(2, "11111011"), side(3, "11111011"));
            Comparison.Pair pair = comparison.pairs().get(0);
            assertThat(pair.test()).isEqualTo(McNemar.of(5, 1));
            assertThat(comparison.pairs().get(1).adjusted()).isEqualTo(pair.adjusted());
            assertThat(pair.adjusted()).isEqualTo(2 * pair.test().probability(), within(1e-12));
            assertThat(pair.sentence()).contains("(p\u00a0=\u00a00.22; 0.44 as one of 2 tests)");
        }

        @Test
        void followTheReferenceThatIsAskedFor() {
            Comparison comparison =
                    Comparison.of(List.of(side(1, "00000" + "11110"), side(2, "11110" + "00001")), "k3v9x2ab-2");
            assertThat(comparison.reference()).isEqualTo("k3v9x2ab-2");
            assertThat(comparison.pairs().get(0).test()).isEqualTo(McNemar.of(1, 8));
            assertThat(comparison.pairs().get(0).sentence())
                    .startsWith("Trial 1 is better than trial 2 on 10 images: trial 2 alone is right about 1, trial 1"
                            + " alone about 8 ");
        }
    }

    @Nested
    class Images {

        @Test
        void thatTrialsTakeForDifferentThingsAreNamedWithTheirVotes() {
            Comparison comparison = of(side(1, "0011"), side(2, "0110"));
            assertThat(comparison.disagree()).isEqualTo(2);
            assertThat(comparison.disagreements().get(0))
                    .isEqualTo(new Comparison.Disagreement(
                            "image1",
                            "dress",
                            1,
                            List.of(
                                    new Comparison.Vote(1, "dress", 0.75, 0.75),
                                    new Comparison.Vote(1, "hat", 0.75, 0.25))));
            assertThat(comparison.images()).isEqualTo(4);
            assertThat(comparison.imagesSentence()).isEqualTo("Compared on the same 4 images.");
        }

        @Test
        void areThoseThatBothSweepsHaveWhateverTheOrderOfTheirClasses() {
            SweepRecord other = new SweepRecord(
                    "zzzzzzzz",
                    "hats",
                    SWEEP.state(),
                    "",
                    "grid",
                    "val_accuracy",
                    "maximize",
                    "hats.yaml",
                    "",
                    List.of("hat", "scarf", "dress"),
                    SWEEP.createdAt(),
                    SWEEP.endedAt(),
                    1,
                    0,
                    Map.of());
            Side there = new Side(
                    other,
                    other.name(),
                    Samples.trial(3, TrialState.FINISHED, Map.of("base", "sprout"), 0.5),
                    List.of(
                            new Prediction("image9", 1, 1, 0.9, 0.9),
                            new Prediction("image3", 0, 1, 0.9, 0.05),
                            new Prediction("image0", 2, 2, 0.9, 0.9),
                            // A path that both know, but for another class.
                            new Prediction("image1", 1, 1, 0.9, 0.9)));
            Comparison comparison = of(side(1, "0011"), there);
            assertThat(comparison.images()).isEqualTo(2);
            assertThat(comparison.imagesSentence())
                    .isEqualTo("Compared on the 2 images that all of them were validated on, of up to 4; images are the"
                            + " same where path and class are.");
            assertThat(comparison.trials())
                    .extracting(Comparison.Entry::name)
                    .containsExactly("trial 1 of “clothing”", "trial 3 of “hats”");
            assertThat(comparison.classes())
                    .extracting(Comparison.ClassRow::name)
                    .containsExactly("dress", "hat", "scarf");
            assertThat(comparison.disagreements())
                    .singleElement()
                    .satisfies(
                            each -> assertThat(each.votes().get(1).position()).isEqualTo(1));
            assertThat(comparison.pairs().get(0).test()).isEqualTo(McNemar.of(1, 0));
        }

        @Test
        void areNotComparedWhereThereAreNone() {
            Comparison comparison = of(side(1, "0011"), side(2, ""), side(3, "0111"));
            assertThat(comparison.images()).isEqualTo(4);
            assertThat(comparison.imagesSentence())
                    .isEqualTo(
                            "Compared on the same 4 images. Trial 2 has no predictions, and cannot be compared image by"
                                    + " image.");
            assertThat(comparison.pairs().get(0))
                    .matches(pair -> pair.test() == null)
                    .extracting(Comparison.Pair::sentence)
                    .isEqualTo("Not to be compared image by image: there are no predictions of trial 2.");
            assertThat(comparison.classes().get(0).trials().get(1)).isNull();
            assertThat(comparison.disagreements().get(0).votes().get(1)).isNull();
            assertThat(of(side(1, ""), side(2, "")).imagesSentence())
                    .isEqualTo("None of the trials has predictions: nothing can be compared image by image.");
        }
    }

    @Nested
    class Sweeps {

        private Side named(String sweepId, String name, int number) {
            SweepRecord sweep = new SweepRecord(
                    sweepId,
                    "clothing",
                    SWEEP.state(),
                    "",
                    "grid",
                    "val_accuracy",
                    "maximize",
                    "clothing.yaml",
                    "",
                    SWEEP.classes(),
                    SWEEP.createdAt(),
                    SWEEP.endedAt(),
                    1,
                    0,
                    Map.of());
            Side side = side(number, "0011");
            return new Side(sweep, name, side.trial(), side.predictions());
        }

        private List<String> names(Side... sides) {
            return of(sides).trials().stream().map(Comparison.Entry::name).toList();
        }

        @Test
        void areCalledAsTheyAreCalledNow() {
            Comparison comparison = of(named("aaaaaaaa", "Coats", 1), named("bbbbbbbb", "Hats", 2));
            assertThat(comparison.trials())
                    .extracting(Comparison.Entry::name)
                    .containsExactly("trial 1 of \u201cCoats\u201d", "trial 2 of \u201cHats\u201d");
            assertThat(comparison.trials())
                    .extracting(Comparison.Entry::sweepName)
                    .containsExactly("Coats", "Hats");
            assertThat(comparison.pairs().get(0).sentence())
                    .isEqualTo(
                            "No difference on 4 images: trial 1 of \u201cCoats\u201d and trial 2 of \u201cHats\u201d are"
                                    + " right about the same ones.");
        }

        @Test
        void areToldApartByTheirIdsWhereTheyAreCalledTheSame() {
            assertThat(names(named("aaaaaaaa", "Coats", 1), named("bbbbbbbb", "Coats", 2)))
                    .containsExactly("trial 1 of \u201caaaaaaaa\u201d", "trial 2 of \u201cbbbbbbbb\u201d");
        }

        @Test
        void areNotNamedWhereThereIsOne() {
            assertThat(names(named("aaaaaaaa", "Coats", 1), named("aaaaaaaa", "Coats", 2)))
                    .containsExactly("trial 1", "trial 2");
        }
    }

    @Test
    void saysWhichParametersDifferAndWhichAreDefaults() {
        Side bare = new Side(
                SWEEP, SWEEP.name(), Samples.trial(2, TrialState.FINISHED, Map.of("base", "vgg16"), 0.5), List.of());
        List<Comparison.Parameter> parameters = of(side(1, ""), bare).parameters();
        assertThat(parameters)
                .containsExactlyInAnyOrder(
                        new Comparison.Parameter("base", false, List.of("vgg16", "vgg16"), List.of(false, false)),
                        new Comparison.Parameter("dropout", true, List.of(0.1, 0.0), List.of(false, true)));
    }

    @Test
    void putsMetricsSideBySideWithTheirIntervals() {
        Comparison comparison = of(side(1, "00001111"), side(2, "00111111"));
        Comparison.Metric accuracy = comparison.metrics().get(0);
        assertThat(accuracy.name()).isEqualTo("val_accuracy");
        assertThat(accuracy.values()).containsExactly(1.0, 0.75);
        assertThat(accuracy.best()).containsExactly(0);
        WilsonInterval wilson = WilsonInterval.of(6, 8);
        assertThat(accuracy.intervals().get(1)).isEqualTo(new Comparison.Interval(wilson.low(), wilson.high()));
        assertThat(comparison.metrics().get(1).values()).containsExactly(null, null);
        assertThat(comparison.metrics().get(1).best()).isEmpty();
    }

    @Test
    void reportsEachClass() {
        Comparison comparison = of(side(1, "0011"), side(2, "0111"));
        assertThat(comparison.classes().get(0).support()).isEqualTo(2);
        assertThat(comparison.classes().get(0).trials().get(1))
                .isEqualTo(new ClassReport.Row("dress", 1, 0.5, 2.0 / 3, 2));
    }

    @Test
    void takesTwoToSixTrials() {
        assertThatThrownBy(() -> of(side(1, ""))).hasMessage("2 to 6 trials can be compared, but there are 1");
        Side[] seven = IntStream.range(0, 7).mapToObj(i -> side(i, "")).toArray(Side[]::new);
        assertThatThrownBy(() -> of(seven)).hasMessage("2 to 6 trials can be compared, but there are 7");
        assertThatThrownBy(() -> Comparison.of(List.of(side(1, ""), side(2, "")), "k3v9x2ab-3"))
                .hasMessage("the reference must be one of the trials compared, but was k3v9x2ab-3");
    }

    @Test
    void isWrittenInSnakeCase() throws Exception {
        assertThat(new ObjectMapper().writeValueAsString(of(side(1, "0011"), side(2, "0111"))))
                .contains("\"images_sentence\":", "\"label_probability\":", "\"sweep_name\":", "\"first_only\":");
    }
}
