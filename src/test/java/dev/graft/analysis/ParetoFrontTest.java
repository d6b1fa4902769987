package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.analysis.ParetoFront.Point;
import dev.graft.spec.Metric.Goal;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ParetoFrontTest {

    @Test
    void keepsWhatNothingBeatsInBoth() {
        List<Point> points = List.of(
                new Point("slow and good", 90, 0.9),
                new Point("fast and poor", 10, 0.6),
                new Point("slow and poor", 80, 0.5),
                new Point("between", 30, 0.8),
                new Point("between, slower", 31, 0.8),
                new Point("unknown", Double.NaN, 1));
        assertThat(ParetoFront.of(points, Goal.MINIMIZE, Goal.MAXIMIZE))
                .extracting(Point::id)
                .containsExactly("fast and poor", "between", "slow and good");
        assertThat(ParetoFront.of(points, Goal.MAXIMIZE, Goal.MINIMIZE))
                .extracting(Point::id)
                .containsExactly("slow and good", "slow and poor");
        assertThat(ParetoFront.of(List.of(), Goal.MINIMIZE, Goal.MAXIMIZE)).isEmpty();
    }

    @Test
    void keepsEqualsBesideEachOther() {
        assertThat(ParetoFront.of(
                        List.of(new Point("a", 1, 1), new Point("b", 1, 1), new Point("c", 1, 0.5)),
                        Goal.MINIMIZE,
                        Goal.MAXIMIZE))
                .extracting(Point::id)
                .containsExactly("a", "b");
    }

    @Property
    void agreesWithComparingEachWithEach(
            @ForAll @Size(max = 12) List<@IntRange(max = 5) Integer> xs,
            @ForAll @Size(max = 12) List<@IntRange(max = 5) Integer> ys) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < Math.min(xs.size(), ys.size()); i++) {
            points.add(new Point("" + i, xs.get(i), ys.get(i)));
        }
        assertThat(ParetoFront.of(points, Goal.MINIMIZE, Goal.MAXIMIZE))
                .containsExactlyInAnyOrderElementsOf(points.stream()
                        .filter(point -> points.stream().noneMatch(other -> beats(other, point)))
                        .toList());
    }

    private static boolean beats(Point other, Point point) {
        return other.x() <= point.x() && other.y() >= point.y() && (other.x() < point.x() || other.y() > point.y());
    }
}
