package dev.graft.analysis;

import dev.graft.track.EpochRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * How well each class is recognized.
 *
 * @param rows one per class, in label order
 */
public record ClassReport(List<Row> rows) {

    /** Copies the list. */
    public ClassReport {
        rows = List.copyOf(rows);
    }

    /**
     * One class.
     *
     * @param name the class
     * @param precision the fraction of the images predicted as the class that are of it; 0 where there are none
     * @param recall the fraction of the images of the class that are predicted as it; 0 where there are none
     * @param f1 the harmonic mean of both; 0 where both are
     * @param support images that are of the class
     */
    public record Row(String name, double precision, double recall, double f1, int support) {

        private static Row of(String name, EpochRecord.ClassCount count) {
            return new Row(
                    name,
                    ratio(count.correct(), count.predicted()),
                    ratio(count.correct(), count.actual()),
                    ratio(2 * count.correct(), count.actual() + count.predicted()),
                    count.actual());
        }

        private static double ratio(int part, int whole) {
            return whole == 0 ? 0 : (double) part / whole;
        }
    }

    /**
     * Reports on recorded counts.
     *
     * @param classes the class names, in label order
     * @param counts one per class
     */
    public static ClassReport of(List<String> classes, List<EpochRecord.ClassCount> counts) {
        if (classes.size() != counts.size()) {
            throw new IllegalArgumentException(
                    "there must be counts for " + classes.size() + " classes, but there are " + counts.size());
        }
        List<Row> rows = new ArrayList<>();
        for (int index = 0; index < counts.size(); index++) {
            rows.add(Row.of(classes.get(index), counts.get(index)));
        }
        return new ClassReport(rows);
    }

    /**
     * Reports on a confusion matrix.
     *
     * @param classes the class names, in label order
     * @param confusion image counts, {@code [actual][predicted]}
     */
    public static ClassReport of(List<String> classes, int[][] confusion) {
        List<EpochRecord.ClassCount> counts = new ArrayList<>();
        for (int index = 0; index < confusion.length; index++) {
            int actual = 0;
            int predicted = 0;
            for (int other = 0; other < confusion.length; other++) {
                actual += confusion[index][other];
                predicted += confusion[other][index];
            }
            counts.add(new EpochRecord.ClassCount(actual, predicted, confusion[index][index]));
        }
        return of(classes, counts);
    }
}
