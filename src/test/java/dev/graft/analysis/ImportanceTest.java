package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ImportanceTest {

    /** Trials of all values of two parameters, the second fastest; each cell holds its repeats. */
    private static List<TrialRecord> grid(double[][][] cells) {
        List<TrialRecord> trials = new ArrayList<>();
        for (int a = 0; a < cells.length; a++) {
            for (int b = 0; b < cells[a].length; b++) {
                for (double value : cells[a][b]) {
                    trials.add(trial(trials.size() + 1, value, "base", "base" + a, "dropout", b / 10.0));
                }
            }
        }
        return trials;
    }

    private static TrialRecord trial(int number, double value, Object... parameters) {
        Map<String, Object> named = new LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            named.put((String) parameters[i], parameters[i + 1]);
        }
        return Samples.trial(number, TrialState.FINISHED, named, value);
    }

    private static Importance of(List<TrialRecord> trials) {
        return Importance.of(trials, "val_accuracy");
    }

    private static Importance.Effect effect(Importance importance, String parameter) {
        return importance.effects().stream()
                .filter(effect -> effect.parameter().equals(parameter))
                .findFirst()
                .orElseThrow();
    }

    @Nested
    class Grids {

        /**
         * The battery experiment of Montgomery, "Design and Analysis of Experiments", chapter 5: three materials at three
         * temperatures, four of each. His table of variance: material 10,683.72, temperature 39,118.72, both together
         * 9,613.78, error 18,230.75, total 77,646.97; F = 7.91, 28.97, 3.56; P = 0.0020, < 0.0001, 0.0186.
         */
        @Test
        void takesThoseWithRepeatsApartAsTheTextbookDoes() {
            Importance importance = of(grid(new double[][][] {
                {{130, 155, 74, 180}, {34, 40, 80, 75}, {20, 70, 82, 58}},
                {{150, 188, 159, 126}, {136, 122, 106, 115}, {25, 70, 58, 45}},
                {{138, 110, 168, 160}, {174, 120, 150, 139}, {96, 104, 82, 60}}
            }));
            double total = 77_646.97;
            assertThat(importance.kind()).isEqualTo(Importance.Kind.GRID);
            assertThat(importance.effects())
                    .extracting(Importance.Effect::parameter)
                    .containsExactly("dropout", "base");
            assertThat(effect(importance, "base").share()).isEqualTo(10_683.72 / total, within(1e-6));
            assertThat(effect(importance, "base").probability()).isEqualTo(0.0020, within(5e-5));
            assertThat(effect(importance, "dropout").share()).isEqualTo(39_118.72 / total, within(1e-6));
            assertThat(effect(importance, "dropout").probability()).isLessThan(1e-4);
            assertThat(importance.pairs()).hasSize(1);
            assertThat(importance.pairs().get(0).share()).isEqualTo(9_613.78 / total, within(1e-6));
            assertThat(importance.pairs().get(0).probability()).isEqualTo(0.0186, within(5e-5));
            assertThat(importance.repeats()).isEqualTo(18_230.75 / total, within(1e-6));
            assertThat(importance.rest()).isEqualTo(18_230.75 / total, within(1e-6));
            assertThat(importance.conclusive()).isTrue();
            assertThat(importance.sentence())
                    .isEqualTo("Of the differences in val_accuracy between these 36 trials, dropout explains 50 % and"
                            + " base 14 %. What base does depends on dropout: together they explain 12 % beyond what"
                            + " each explains alone. The remaining 23 % is chance between repeats.");
        }

        /**
         * The impurity experiment of the same chapter, one observation of each: temperature 23.33, pressure 11.60, what
         * is left 2.00 of 36.93; F = 46.67 and 11.60 against what is left, P < 0.0001 and 0.0021.
         */
        @Test
        void measuresChanceByWhatIsLeftWhereThereAreNoRepeats() {
            Importance importance = of(grid(new double[][][] {
                {{5}, {4}, {6}, {3}, {5}},
                {{3}, {1}, {4}, {2}, {3}},
                {{1}, {1}, {3}, {1}, {2}}
            }));
            double total = 36.0 + 14.0 / 15;
            assertThat(effect(importance, "base").share()).isEqualTo(23.0 / total + 1.0 / 3 / total, within(1e-9));
            assertThat(effect(importance, "dropout").share()).isEqualTo(11.6 / total, within(1e-9));
            assertThat(effect(importance, "base").probability()).isLessThan(1e-4);
            assertThat(effect(importance, "dropout").probability()).isEqualTo(0.0021, within(5e-5));
            assertThat(importance.pairs().get(0).share()).isEqualTo(2 / total, within(1e-9));
            assertThat(importance.pairs().get(0).probability()).isNull();
            assertThat(importance.repeats()).isNull();
            assertThat(importance.rest()).isZero();
        }

        @Test
        void findsNothingButAPairWhereNeitherParameterDoesAnythingAlone() {
            Importance importance = of(grid(new double[][][] {{{1, 1}, {0, 0}}, {{0, 0}, {1, 1}}}));
            assertThat(importance.pairs().get(0).share()).isEqualTo(1);
            assertThat(importance.sentence())
                    .isEqualTo("Of the differences in val_accuracy between these 8 trials, no parameter alone explains"
                            + " 1 %. What base does depends on dropout: together they explain 100 % beyond what each"
                            + " explains alone.");
        }

        /** Eight corners of a cube with 1 at two opposite ones: by hand, all mains 0, pairs 1/3 each. */
        @Test
        void countsWhatThreeDoTogetherAsRest() {
            List<TrialRecord> trials = new ArrayList<>();
            for (int corner = 0; corner < 8; corner++) {
                int ones = Integer.bitCount(corner);
                // Parity: nothing alone, nothing in pairs, all in three; plus the first parameter alone.
                trials.add(trial(
                        corner + 1,
                        ones % 2 + 2 * (corner & 1),
                        "base",
                        "b" + (corner & 1),
                        "dropout",
                        (corner >> 1 & 1) / 2.0,
                        "batch_size",
                        (long) (corner >> 2 & 1)));
            }
            Importance importance = of(trials);
            // Contrasts: the mains of base 2/2, the threefold 1/2: squares 8 * 1² and 8 * 0.5².
            assertThat(effect(importance, "base").share()).isEqualTo(0.8, within(1e-12));
            assertThat(effect(importance, "dropout").share()).isZero();
            assertThat(importance.pairs()).allMatch(pair -> pair.share() == 0);
            assertThat(importance.rest()).isEqualTo(0.2, within(1e-12));
            assertThat(importance.conclusive()).isFalse();
            assertThat(importance.sentence())
                    .isEqualTo("Of the differences in val_accuracy between these 8 trials, base explains 80 %. The"
                            + " remaining 20 % is chance, or what three and more parameters do together; repeats would"
                            + " tell which. There are too few trials to tell even the largest share from chance.");
        }

        @Test
        void ofOneParameterWithoutRepeatsCannotTellChance() {
            Importance importance = of(List.of(
                    trial(1, 0.5, "base", "vgg16"),
                    trial(2, 0.6, "base", "sprout"),
                    trial(3, 0.8, "base", "resnet18")));
            assertThat(importance.effects()).containsExactly(new Importance.Effect("base", 1, null));
            assertThat(importance.conclusive()).isFalse();
            assertThat(importance.sentence())
                    .endsWith("base explains 100 %. Without repeats there is nothing to tell these shares from chance"
                            + " by.");
        }
    }

    @Nested
    class Forests {

        /** An additive function of levels drawn at random: 9/10 of the variance, 1/10, and nothing. */
        @Test
        void estimateTheSharesOfAnAdditiveFunction() {
            Random random = new Random(5);
            List<TrialRecord> trials = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                double a = random.nextDouble();
                double b = random.nextDouble();
                trials.add(trial(i + 1, 3 * a + b, "learning_rate", a, "dropout", b, "momentum", random.nextDouble()));
            }
            Importance importance = of(trials);
            assertThat(importance.kind()).isEqualTo(Importance.Kind.FOREST);
            assertThat(effect(importance, "learning_rate").share()).isEqualTo(0.9, within(0.12));
            assertThat(effect(importance, "dropout").share()).isEqualTo(0.1, within(0.05));
            assertThat(effect(importance, "momentum").share()).isLessThan(0.02);
            assertThat(importance.pairs()).allMatch(pair -> pair.share() < 0.06);
            assertThat(importance.conclusive()).isTrue();
            assertThat(importance.sentence())
                    .startsWith("A random forest that has seen four fifths of these 300 trials foresees ")
                    .contains(" By its estimate, learning_rate decides ");
            assertThat(of(trials)).isEqualTo(importance);
        }

        @Test
        void findParametersThatMatterTogetherOnly() {
            Random random = new Random(5);
            List<TrialRecord> trials = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                boolean a = random.nextBoolean();
                boolean b = random.nextBoolean();
                trials.add(trial(
                        i + 1,
                        a == b ? 1 : 0,
                        "base",
                        a ? "vgg16" : "sprout",
                        "optimizer",
                        b ? "sgd" : "adam",
                        "dropout",
                        random.nextDouble()));
            }
            Importance importance = of(trials);
            assertThat(effect(importance, "base").share()).isGreaterThan(0.7);
            assertThat(effect(importance, "optimizer").share()).isGreaterThan(0.7);
            assertThat(importance.pairs().get(0))
                    .matches(
                            pair -> pair.first().equals("base") && pair.second().equals("optimizer"))
                    .matches(pair -> pair.share() > 0.6);
        }

        @Test
        void sayWhenTheyFindNothing() {
            Random random = new Random(5);
            List<TrialRecord> trials = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                trials.add(trial(i + 1, random.nextDouble(), "dropout", random.nextDouble()));
            }
            Importance importance = of(trials);
            // Each trial is the only one with its dropout: a grid of one observation each says as little.
            assertThat(importance.conclusive()).isFalse();
            trials.remove(0);
            for (int i = 0; i < 39; i++) {
                trials.add(trial(i + 50, random.nextDouble(), "dropout", random.nextDouble(), "base", "b" + i % 3));
            }
            assertThat(of(trials).kind()).isEqualTo(Importance.Kind.FOREST);
            assertThat(of(trials).conclusive()).isFalse();
            assertThat(of(trials).sentence()).startsWith("Too few trials to tell, or nothing to be told: ");
        }
    }

    @Nested
    class TooLittle {

        @Test
        void isSaidOfOneTrialAndOfNone() {
            assertThat(of(List.of()).sentence())
                    .isEqualTo("Too few trials have finished with val_accuracy to tell: 0. Two that differ in a"
                            + " parameter are the least.");
            assertThat(of(List.of()).kind()).isEqualTo(Importance.Kind.NONE);
        }

        @Test
        void isSaidOfAnIncompleteGrid() {
            List<TrialRecord> trials = grid(new double[][][] {{{0.5}, {0.6}}, {{0.7}, {0.8}}});
            assertThat(of(trials.subList(0, 3)).sentence())
                    .isEqualTo("Too few trials to tell: 3 have finished, and they are no complete grid. From 15 on, a"
                            + " random forest can estimate what matters.");
        }

        @Test
        void isSaidWhereNothingDiffers() {
            assertThat(of(grid(new double[][][] {{{0.5, 0.5}}, {{0.5, 0.5}}})).sentence())
                    .isEqualTo("All 4 finished trials have the same val_accuracy: nothing made a difference.");
            assertThat(of(grid(new double[][][] {{{0.5, 0.6}}})).sentence())
                    .isEqualTo("No parameter differs between the finished trials; what differs in val_accuracy is"
                            + " chance.");
        }

        @Test
        void isMadeOfFinishedTrialsAlone() {
            List<TrialRecord> trials = new ArrayList<>(grid(new double[][][] {{{0.5}, {0.6}}, {{0.7}, {0.8}}}));
            trials.add(Samples.trial(9, TrialState.FAILED, Map.of("base", "base0", "dropout", 0.7), 0.1));
            assertThat(of(trials).kind()).isEqualTo(Importance.Kind.GRID);
            assertThat(of(trials).trials()).isEqualTo(4);
        }
    }
}
