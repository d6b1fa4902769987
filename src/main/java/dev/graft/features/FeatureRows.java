package dev.graft.features;

/** Rows of features, {@code [rows, ...shape]}; safe for use by several threads. */
public interface FeatureRows {

    /** Returns the number of rows. */
    int rows();

    /** Returns the axes of one row: {@code [values]} or {@code [channels, height, width]}. */
    int[] shape();

    /** Copies one row, in C order, into an array from an offset. */
    void read(int row, float[] into, int offset);

    /** Returns the values of one row. */
    default int rowLength() {
        int length = 1;
        for (int axis : shape()) {
            length = Math.multiplyExact(length, axis);
        }
        return length;
    }
}
