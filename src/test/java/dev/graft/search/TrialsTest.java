package dev.graft.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.spec.FewBases;
import dev.graft.spec.Parameters;
import dev.graft.spec.Sweep;
import dev.graft.spec.SweepFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TrialsTest {

    static Sweep sweep(String parameters, String rest) {
        return SweepFile.parse(
                        "test.yaml",
                        "data: {path: images}\nparameters:\n" + parameters.indent(2) + rest,
                        new FewBases())
                .sweep();
    }

    static List<Map<String, Object>> assignments(Sweep sweep) {
        return Trials.of(sweep).stream().map(Trial::assignment).toList();
    }

    @Nested
    class AGrid {

        @Test
        void variesTheLastParameterFastest() {
            assertThat(assignments(sweep("""
                    dropout: {values: [0.2, 0.5]}
                    base: {value: sprout}
                    image_size: {min: 32, max: 34}
                    dense_units: {values: [0, [8, 4]]}
                    """, "")))
                    .extracting(Map::toString)
                    .containsExactly(
                            "{dropout=0.2, base=sprout, image_size=32, dense_units=0}",
                            "{dropout=0.2, base=sprout, image_size=32, dense_units=[8, 4]}",
                            "{dropout=0.2, base=sprout, image_size=33, dense_units=0}",
                            "{dropout=0.2, base=sprout, image_size=33, dense_units=[8, 4]}",
                            "{dropout=0.2, base=sprout, image_size=34, dense_units=0}",
                            "{dropout=0.2, base=sprout, image_size=34, dense_units=[8, 4]}",
                            "{dropout=0.5, base=sprout, image_size=32, dense_units=0}",
                            "{dropout=0.5, base=sprout, image_size=32, dense_units=[8, 4]}",
                            "{dropout=0.5, base=sprout, image_size=33, dense_units=0}",
                            "{dropout=0.5, base=sprout, image_size=33, dense_units=[8, 4]}",
                            "{dropout=0.5, base=sprout, image_size=34, dense_units=0}",
                            "{dropout=0.5, base=sprout, image_size=34, dense_units=[8, 4]}");
        }

        @Test
        void keepsParametersApartThatHaveTheSameValues() {
            assertThat(assignments(sweep("""
                    base: {value: sprout}
                    dropout: {values: [0.2, 0.5]}
                    step_factor: {values: [0.2, 0.5]}
                    """, ""))).hasSize(4).doesNotHaveDuplicates();
        }

        @Test
        void keepsParametersApartThatHaveTheSameRange() {
            assertThat(assignments(sweep("""
                    base: {value: sprout}
                    image_size: {min: 32, max: 33}
                    batch_size: {min: 32, max: 33}
                    """, ""))).hasSize(4).doesNotHaveDuplicates();
        }

        @Test
        void ofOneCombinationIsOneTrialNumberedOne() {
            List<Trial> trials = Trials.of(sweep("base: {value: sprout}", ""));
            assertThat(trials)
                    .containsExactly(new Trial(
                            1,
                            Map.of("base", "sprout"),
                            Parameters.from(Map.of("base", "sprout")),
                            Trials.seed(42, 0)));
        }

        @Test
        void leavesOutWhatIsExcluded() {
            assertThat(
                            assignments(
                                    sweep(
                                            """
                    base: {values: [sprout, squeezenet]}
                    dropout: {values: [0, 0.5]}
                    dense_units: {values: [[8], [8, 4]]}
                    """,
                                            "exclude: [{base: sprout, dropout: 0}, {dense_units: 8}, {base: squeezenet, dense_units: [8, 4], dropout: 0.5}]")))
                    .extracting(Map::toString)
                    .containsExactly(
                            "{base=sprout, dropout=0.5, dense_units=[8, 4]}",
                            "{base=squeezenet, dropout=0.0, dense_units=[8, 4]}");
        }

        @Test
        void stopsAtTheRunCap() {
            assertThat(assignments(sweep(
                            "base: {value: sprout}\nimage_size: {min: 32, max: 99}\n", "run_cap: 2\nrepeats: 3\n")))
                    .extracting(a -> a.get("image_size"))
                    .containsExactly(32L, 33L, 32L, 33L, 32L, 33L);
        }

        @Test
        void ofManyValuesHoldsEachInOrder() {
            List<Long> sizes = LongStream.rangeClosed(1, 3000).boxed().toList();
            assertThat(assignments(sweep("base: {value: sprout}\nbatch_size: {values: " + sizes + "}", "")))
                    .extracting(a -> a.get("batch_size"))
                    .isEqualTo(sizes);
        }
    }

    @Nested
    class ARandomSearch {

        private static final String SPACE = """
                base: {values: [sprout, squeezenet], probabilities: [0.9, 0.1]}
                image_size: {min: 48, max: 64}
                learning_rate: {distribution: log_uniform_values, min: 1e-5, max: 1e-1}
                dropout: {distribution: q_uniform, min: 0.1, max: 0.5, q: 0.1}
                batch_size: {distribution: q_log_uniform_values, min: 10, max: 60, q: 8}
                """;

        private static Sweep random(String parameters, String rest) {
            return sweep(parameters, "method: random\n" + rest);
        }

        @Test
        void drawsTheSameTrialsFromTheSameSeed() {
            String rest = "run_cap: 20\nseed: 7\n";
            assertThat(Trials.of(random(SPACE, rest))).isEqualTo(Trials.of(random(SPACE, rest)));
        }

        @Test
        void drawsOtherTrialsFromAnotherSeed() {
            assertThat(assignments(random(SPACE, "run_cap: 20\nseed: 7\n")))
                    .isNotEqualTo(assignments(random(SPACE, "run_cap: 20\nseed: 8\n")));
        }

        @Test
        void beginsAlikeWhenItIsMadeLonger() {
            assertThat(assignments(random(SPACE, "run_cap: 40\n")).subList(0, 20))
                    .isEqualTo(assignments(random(SPACE, "run_cap: 20\n")));
        }

        @Test
        void drawsWithinTheBounds() {
            List<Map<String, Object>> all = assignments(random(SPACE, "run_cap: 500\n"));
            assertThat(all).hasSize(500).allSatisfy(a -> {
                assertThat((Long) a.get("image_size")).isBetween(48L, 64L);
                assertThat((Double) a.get("learning_rate")).isBetween(1e-5, 1e-1);
                assertThat(a.get("dropout")).isIn(0.1, 0.2, 0.3, 0.4, 0.5);
                assertThat(a.get("batch_size")).isIn(16L, 24L, 32L, 40L, 48L, 56L);
            });
            assertThat(all).extracting(a -> a.get("dropout")).contains(0.1, 0.2, 0.3, 0.4, 0.5);
            assertThat(all).extracting(a -> a.get("image_size")).contains(48L, 64L);
        }

        @Test
        void drawsAsOftenAsTheWeightsSay() {
            assertThat(assignments(random(SPACE, "run_cap: 1000\n")))
                    .filteredOn(a -> a.containsValue("squeezenet"))
                    .hasSizeBetween(70, 130);
        }

        @Test
        void drawsEachPowerOfTenOfALogRangeAlikeOften() {
            assertThat(assignments(random(SPACE, "run_cap: 1000\n")))
                    .filteredOn(a -> a.get("learning_rate") instanceof Double rate && rate < 1e-4)
                    .hasSizeBetween(200, 300);
        }

        @Test
        void holdsNoCombinationTwiceAndEndsWithTheSpace() {
            assertThat(assignments(random(
                            "base: {value: sprout}\nimage_size: {min: 32, max: 41}\n",
                            "run_cap: 1000\nexclude: [{image_size: 35}]\n")))
                    .hasSize(9)
                    .doesNotHaveDuplicates()
                    .extracting(a -> a.get("image_size"))
                    .doesNotContain(35L);
        }
    }

    @Nested
    class Seeds {

        @Test
        void areSharedByTheCombinationsOfOneRepeat() {
            List<Trial> trials =
                    Trials.of(sweep("base: {value: sprout}\ndropout: {values: [0.2, 0.5]}\n", "repeats: 2\nseed: 5\n"));
            assertThat(trials).extracting(Trial::number).containsExactly(1, 2, 3, 4);
            assertThat(trials)
                    .extracting(Trial::seed)
                    .containsExactly(Trials.seed(5, 0), Trials.seed(5, 0), Trials.seed(5, 1), Trials.seed(5, 1));
        }

        @Test
        void areThoseOfSplitMix64() {
            // The generator's first two outputs from 1234567 are 6457827717110365317 and 3203168211198807973.
            assertThat(Trials.seed(1_234_567, 0)).isEqualTo(6_457_827_717_110_365_317L >>> 11);
            assertThat(Trials.seed(1_234_567, 1)).isEqualTo(3_203_168_211_198_807_973L >>> 11);
        }
    }

    @Test
    void theQuickstartHasTwelveTrials() {
        Sweep sweep = SweepFile.read(Path.of("sweeps/quickstart.yaml"), new FewBases())
                .sweep();
        assertThat(Trials.of(sweep)).hasSize(12);
    }
}
