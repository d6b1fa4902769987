package dev.graft.analysis;

import dev.graft.spec.Metric.Goal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds what no other choice beats in both of two things, for example time and accuracy. */
public final class ParetoFront {

    private ParetoFront() {}

    /**
     * One choice.
     *
     * @param id what names it
     * @param x one thing
     * @param y the other
     */
    public record Point(String id, double x, double y) {}

    /**
     * Returns the points for which there is no other that is at least as good in both things and better in one, from the
     * best x to the best y. Equal points stand beside each other in their order; points with a NaN are left out.
     *
     * @param xGoal whether more or less of x is better
     * @param yGoal whether more or less of y is better
     */
    public static List<Point> of(List<Point> points, Goal xGoal, Goal yGoal) {
        List<Point> sorted = points.stream()
                .filter(point -> !Double.isNaN(point.x()) && !Double.isNaN(point.y()))
                .sorted(Comparator.<Point>comparingDouble(point -> cost(point.x(), xGoal))
                        .thenComparingDouble(point -> cost(point.y(), yGoal)))
                .toList();
        List<Point> front = new ArrayList<>();
        for (Point point : sorted) {
            Point last = front.isEmpty() ? point : front.get(front.size() - 1);
            boolean equal = point.x() == last.x() && point.y() == last.y();
            if (equal || cost(point.y(), yGoal) < cost(last.y(), yGoal)) {
                front.add(point);
            }
        }
        return List.copyOf(front);
    }

    /** Adding 0 makes one zero of both. */
    private static double cost(double value, Goal goal) {
        return goal == Goal.MINIMIZE ? value + 0.0 : -value + 0.0;
    }
}
