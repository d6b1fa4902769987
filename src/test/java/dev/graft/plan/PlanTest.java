package dev.graft.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.search.Trial;
import dev.graft.spec.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PlanTest {

    private final List<Trial> trials = new ArrayList<>();

    private Trial add(String base, int size, int depth, String pooling, double learningRate) {
        Map<String, Object> assignment = Map.of(
                "base",
                base,
                "image_size",
                size,
                "fine_tune_depth",
                depth,
                "pooling",
                pooling,
                "learning_rate",
                learningRate);
        Trial trial = new Trial(trials.size() + 1, assignment, Parameters.from(assignment), 1);
        trials.add(trial);
        return trial;
    }

    @Nested
    class Sharing {

        @Test
        void puttingTrialsThatDifferInTheirHeadAloneIntoOneGroup() {
            for (double rate : new double[] {0.1, 0.01, 0.001}) {
                add("sprout", 64, 0, "avg", rate);
            }
            Plan plan = Plan.of(trials);
            assertThat(plan.passes()).hasSize(1);
            assertThat(plan.groups()).singleElement().satisfies(group -> {
                assertThat(group).isEqualTo(new FeatureGroup("sprout", 64, 0, "avg", group.trials()));
                assertThat(group.trials()).containsExactlyInAnyOrderElementsOf(trials);
            });
            assertThat(plan.trials()).isEqualTo(3);
        }

        @Test
        void onePassBetweenCutsAndPoolings() {
            Trial deep = add("sprout", 64, 2, "avg", 0.1);
            Trial max = add("sprout", 64, 0, "max", 0.1);
            Trial avg = add("sprout", 64, 0, "avg", 0.1);
            Plan plan = Plan.of(trials);
            assertThat(plan.passes()).hasSize(1);
            FrozenPass pass = plan.passes().get(0);
            assertThat(pass.trials()).isEqualTo(3);
            assertThat(pass.headPoolings()).containsExactly("avg", "max");
            assertThat(pass.groups())
                    .containsExactly(
                            new FeatureGroup("sprout", 64, 0, "avg", List.of(avg)),
                            new FeatureGroup("sprout", 64, 0, "max", List.of(max)),
                            new FeatureGroup("sprout", 64, 2, "none", List.of(deep)));
        }

        @Test
        void theMapAtACutBetweenPoolings() {
            add("sprout", 64, 1, "avg", 0.1);
            add("sprout", 64, 1, "max", 0.1);
            FrozenPass pass = Plan.of(trials).passes().get(0);
            assertThat(pass.groups()).singleElement().satisfies(group -> {
                assertThat(group).isEqualTo(new FeatureGroup("sprout", 64, 1, "none", group.trials()));
                assertThat(group.trials()).containsExactlyInAnyOrderElementsOf(trials);
            });
            // Their heads are trained first, each on its own pooling.
            assertThat(pass.headPoolings()).containsExactly("avg", "max");
        }

        @Test
        void wholeMapsForFlatten() {
            add("sprout", 64, 0, "flatten", 0.1);
            FrozenPass pass = Plan.of(trials).passes().get(0);
            assertThat(pass.headPoolings()).containsExactly("none");
            assertThat(pass.groups()).extracting(FeatureGroup::pooling).containsExactly("none");
        }

        @Test
        void nothingBetweenBasesAndSizes() {
            add("sprout", 64, 0, "avg", 0.1);
            add("squeezenet", 64, 0, "avg", 0.1);
            add("sprout", 96, 0, "avg", 0.1);
            assertThat(Plan.of(trials).passes()).hasSize(3);
        }
    }

    @Nested
    class Order {

        @Test
        void isSmallImagesFirstAndTheFilesOrderAmongEquals() {
            add("sprout", 224, 0, "avg", 0.1);
            add("squeezenet", 96, 0, "avg", 0.1);
            add("sprout", 96, 0, "avg", 0.1);
            assertThat(Plan.of(trials).passes())
                    .extracting(pass -> pass.base() + " " + pass.imageSize())
                    .containsExactly("squeezenet 96", "sprout 96", "sprout 224");
        }

        @Test
        void isShallowCutsFirst() {
            Trial last = add("sprout", 64, 3, "avg", 0.1);
            Trial middle = add("sprout", 64, 1, "avg", 0.1);
            Trial first = add("sprout", 64, 0, "avg", 0.1);
            assertThat(Plan.of(trials).groups())
                    .flatExtracting(FeatureGroup::trials)
                    .containsExactly(first, middle, last);
        }

        @Test
        void isShuffledWithinAGroupTheSameWayEachTime() {
            for (int i = 1; i <= 24; i++) {
                add("sprout", 64, 0, "avg", 1.0 / i);
            }
            List<Integer> order = numbers(trials);
            assertThat(order).isNotEqualTo(order.stream().sorted().toList()).isEqualTo(numbers(trials));
            // An early look sees more than the first values of the grid.
            assertThat(order.subList(0, 6)).anyMatch(number -> number > 12);
        }

        @Test
        void staysAmongOldTrialsWhenOthersAreAdded() {
            for (int i = 1; i <= 30; i++) {
                add("sprout", 64, 0, "avg", 1.0 / i);
            }
            List<Integer> few = numbers(trials.subList(0, 20));
            assertThat(numbers(trials).stream().filter(number -> number <= 20)).isEqualTo(few);
        }

        @Test
        void isAnotherForAnotherSeed() {
            for (int i = 1; i <= 24; i++) {
                add("sprout", 64, 0, "avg", 1.0 / i);
            }
            List<Trial> others = trials.stream()
                    .map(trial -> new Trial(trial.number(), trial.assignment(), trial.parameters(), 2))
                    .toList();
            assertThat(numbers(others)).isNotEqualTo(numbers(trials));
        }

        private static List<Integer> numbers(List<Trial> trials) {
            return Plan.of(trials).groups().get(0).trials().stream()
                    .map(Trial::number)
                    .toList();
        }

        @Test
        void ofNoTrialsIsEmpty() {
            assertThat(Plan.of(List.of()).passes()).isEmpty();
            assertThat(Plan.of(List.of()).trials()).isZero();
        }
    }
}
