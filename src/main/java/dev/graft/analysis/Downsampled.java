package dev.graft.analysis;

import java.util.ArrayList;
import java.util.List;

/**
 * Fewer points of a curve that look like all of them: Largest-Triangle-Three-Buckets (S. Steinarsson, Downsampling Time
 * Series for Visual Representation, 2013). First and last stay; of each bucket between them, the point that makes the
 * largest triangle with the one kept before and the mean of the next bucket.
 */
public final class Downsampled {

    private Downsampled() {}

    /** Returns the places of the points to keep, in order, at most so many. Heights that are not finite count as 0. */
    public static List<Integer> places(double[] heights, int most) {
        if (most < 3) {
            throw new IllegalArgumentException("most must be at least 3, but was " + most);
        }
        int count = heights.length;
        List<Integer> kept = new ArrayList<>();
        if (count <= most) {
            for (int i = 0; i < count; i++) {
                kept.add(i);
            }
            return kept;
        }
        double width = (double) (count - 2) / (most - 2);
        int last = 0;
        kept.add(0);
        for (int bucket = 0; bucket < most - 2; bucket++) {
            int from = 1 + (int) (bucket * width);
            int to = 1 + (int) ((bucket + 1) * width);
            int end = Math.min(1 + (int) ((bucket + 2) * width), count);
            double nextX = 0;
            double nextY = 0;
            for (int i = to; i < end; i++) {
                nextX += i;
                nextY += height(heights, i);
            }
            nextX /= end - to;
            nextY /= end - to;
            int best = from;
            double largest = -1;
            for (int i = from; i < to; i++) {
                double area = Math.abs((last - nextX) * (height(heights, i) - height(heights, last))
                        - (last - i) * (nextY - height(heights, last)));
                if (area > largest) {
                    largest = area;
                    best = i;
                }
            }
            kept.add(best);
            last = best;
        }
        kept.add(count - 1);
        return kept;
    }

    private static double height(double[] heights, int place) {
        return Double.isFinite(heights[place]) ? heights[place] : 0;
    }
}
