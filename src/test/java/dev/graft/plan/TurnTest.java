package dev.graft.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.plan.GroupWork.Epochs;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnTest {

    private static GroupWork group(int depth, int trials) {
        return new GroupWork(
                depth,
                trials,
                3000,
                300,
                false,
                new HeadWork(165_120, 32, 1),
                depth * 30_000_000L,
                300_000_000,
                new Epochs(1, 20, 3),
                new Epochs(2, depth == 0 ? 0 : 10, 3),
                1000,
                false);
    }

    private static PassWork pass(String base, int size, long multiplyAdds, boolean stored, GroupWork... groups) {
        return new PassWork(base, size, "end", "data", 3400, multiplyAdds, stored ? 0 : 1000, List.of(groups));
    }

    private static List<Turn> order(boolean together, PassWork... passes) {
        return Turn.byFirstNews(List.of(passes), Rates.none(2), together);
    }

    @Test
    void featuresInTheStoreComeFirst() {
        assertThat(order(
                        false,
                        pass("a", 96, 100_000_000, false, group(0, 3)),
                        pass("a", 224, 600_000_000, true, group(0, 3))))
                .containsExactly(new Turn(1, 0), new Turn(0, 0));
    }

    @Test
    void thenCheapBasesAndSmallImages() {
        assertThat(order(
                        false,
                        pass("heavy", 96, 3_000_000_000L, false, group(0, 3)),
                        pass("light", 224, 600_000_000, false, group(0, 3)),
                        pass("light", 96, 100_000_000, false, group(0, 3))))
                .containsExactly(new Turn(2, 0), new Turn(1, 0), new Turn(0, 0));
    }

    @Test
    void headsOfAnotherPassComeBeforeTailsThatTakeLonger() {
        PassWork first = pass("a", 96, 100_000_000, false, group(0, 3), group(2, 3));
        PassWork second = pass("a", 128, 200_000_000, false, group(0, 3), group(2, 3));
        assertThat(order(false, first, second))
                .containsExactly(new Turn(0, 0), new Turn(1, 0), new Turn(0, 1), new Turn(1, 1));
    }

    @Test
    void butThePassesGroupsStayTogetherWhereTheStoreCannotHoldBoth() {
        PassWork first = pass("a", 96, 100_000_000, false, group(0, 3), group(2, 3));
        PassWork second = pass("a", 128, 200_000_000, false, group(0, 3), group(2, 3));
        assertThat(order(true, second, first))
                .containsExactly(new Turn(1, 0), new Turn(1, 1), new Turn(0, 0), new Turn(0, 1));
    }

    @Test
    void thePlanDecidesAmongEqualsAndGroupsWithoutTrialsComeLast() {
        PassWork pass = pass("a", 96, 100_000_000, false, group(0, 0), group(0, 2), group(0, 2));
        assertThat(order(false, pass)).containsExactly(new Turn(0, 1), new Turn(0, 2), new Turn(0, 0));
        assertThat(order(false)).isEmpty();
    }
}
