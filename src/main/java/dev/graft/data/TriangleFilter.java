package dev.graft.data;

import java.util.Arrays;

/**
 * Resizes pixels with a separable triangle filter.
 *
 * <p>Written out because the library's general filter works pixel by pixel through 8-bit images: several times slower,
 * and rounded twice on the way.
 */
final class TriangleFilter {

    private TriangleFilter() {}

    /** Resizes a part of {@code [height, width, BGR]} bytes to {@code [RGB, size, size]} floats at {@code out[offset]}. */
    static void resize(byte[] bgr, int width, int height, Frame frame, int size, float[] out, int offset) {
        Weights columns = Weights.of(width, frame.left(), frame.width(), frame.alone(), size);
        Weights rows = Weights.of(height, frame.top(), frame.height(), frame.alone(), size);
        int plane = size * size;
        Arrays.fill(out, offset, offset + 3 * plane, 0f);
        float[] line = new float[3 * width];
        float[] narrow = new float[3 * size];
        int firstOpen = 0;
        for (int y = rows.first(0); y < rows.end(size - 1); y++) {
            spread(bgr, y * width * 3, width, line);
            columns.apply(line, width, narrow, size);
            // Output rows open and close in order, so the ones this source row reaches are a short run.
            while (firstOpen < size && rows.end(firstOpen) <= y) {
                firstOpen++;
            }
            for (int row = firstOpen; row < size && rows.first(row) <= y; row++) {
                float weight = rows.weight(row, y);
                for (int channel = 0; channel < 3; channel++) {
                    add(narrow, channel * size, weight, out, offset + channel * plane + row * size, size);
                }
            }
        }
    }

    private static void spread(byte[] bgr, int from, int width, float[] line) {
        int at = from;
        for (int x = 0; x < width; x++) {
            line[2 * width + x] = bgr[at] & 0xFF;
            line[width + x] = bgr[at + 1] & 0xFF;
            line[x] = bgr[at + 2] & 0xFF;
            at += 3;
        }
    }

    private static void add(float[] from, int fromAt, float weight, float[] to, int toAt, int count) {
        for (int i = 0; i < count; i++) {
            to[toAt + i] += weight * from[fromAt + i];
        }
    }

    /** Which source pixels reach each output pixel, and how much they count; each output pixel's weights sum to 1. */
    private record Weights(int[] firsts, int[] ends, float[][] values) {

        /** Spreads {@code length} of {@code from} source pixels, beginning at {@code start}, over {@code to} output pixels. */
        static Weights of(int from, double start, double length, boolean alone, int to) {
            double scale = length / to;
            double reach = Math.max(scale, 1.0);
            int lowest = alone ? (int) start : 0;
            int highest = alone ? (int) (start + length) : from;
            int[] firsts = new int[to];
            int[] ends = new int[to];
            float[][] values = new float[to][];
            for (int i = 0; i < to; i++) {
                // Pixel i covers [i, i + 1), so its middle lies at i + 1/2 on both scales.
                double centre = start + (i + 0.5) * scale;
                int first = Math.max(lowest, (int) Math.floor(centre - reach));
                int end = Math.min(highest, (int) Math.ceil(centre + reach));
                double[] raw = new double[end - first];
                double sum = 0;
                for (int j = 0; j < raw.length; j++) {
                    raw[j] = Math.max(0, 1 - Math.abs(first + j + 0.5 - centre) / reach);
                    sum += raw[j];
                }
                firsts[i] = first;
                ends[i] = end;
                values[i] = new float[raw.length];
                for (int j = 0; j < raw.length; j++) {
                    values[i][j] = (float) (raw[j] / sum);
                }
            }
            return new Weights(firsts, ends, values);
        }

        int first(int i) {
            return firsts[i];
        }

        int end(int i) {
            return ends[i];
        }

        float weight(int i, int source) {
            return values[i][source - firsts[i]];
        }

        void apply(float[] line, int width, float[] narrow, int size) {
            for (int i = 0; i < size; i++) {
                float[] weights = values[i];
                int first = firsts[i];
                float red = 0;
                float green = 0;
                float blue = 0;
                for (int j = 0; j < weights.length; j++) {
                    float weight = weights[j];
                    red += weight * line[first + j];
                    green += weight * line[width + first + j];
                    blue += weight * line[2 * width + first + j];
                }
                narrow[i] = red;
                narrow[size + i] = green;
                narrow[2 * size + i] = blue;
            }
        }
    }
}
