package dev.graft.data;

/**
 * Resizes pixels with a separable triangle filter.
 *
 * <p>Written out because the library's general filter works pixel by pixel through 8-bit images: several times slower,
 * and rounded twice on the way. Columns of pixels come first, a row of the image at a time: the machine's vector unit
 * does that, and little is left for the rows.
 */
final class TriangleFilter {

    private TriangleFilter() {}

    /**
     * Resizes a part of {@code [height, width, bands]} bytes to {@code [bands, size, size]} floats, not rounded.
     *
     * @param bands 1 or 3
     */
    static float[] resize(byte[] pixels, int bands, int width, int height, Frame frame, int size) {
        return resize(pixels, bands, width, height, frame, size, size);
    }

    /** Does the same to {@code [bands, down, across]} floats. */
    static float[] resize(byte[] pixels, int bands, int width, int height, Frame frame, int across, int down) {
        Weights columns = Weights.of(width, frame.left(), frame.width(), frame.alone(), across);
        Weights rows = Weights.of(height, frame.top(), frame.height(), frame.alone(), down);
        float[] out = new float[bands * across * down];
        int left = columns.first(0);
        int count = (columns.end(across - 1) - left) * bands;
        float[] line = new float[count];
        // Output rows open and close in order, so the ones a source row reaches are a short run.
        float[][] open = new float[rows.mostAtOnce()][count];
        int firstOpen = 0;
        for (int y = rows.first(0); y < rows.end(down - 1); y++) {
            spread(pixels, (y * width + left) * bands, line);
            for (int row = firstOpen; row < down && rows.first(row) <= y; row++) {
                float[] sums = open[row % open.length];
                float weight = rows.weight(row, y);
                if (rows.first(row) == y) {
                    set(line, weight, sums);
                } else {
                    add(line, weight, sums);
                }
                if (rows.end(row) == y + 1) {
                    if (bands == 3) {
                        columns.applyToThree(sums, left, out, row * across, across * down);
                    } else {
                        columns.applyToOne(sums, left, out, row * across);
                    }
                    firstOpen = row + 1;
                }
            }
        }
        return out;
    }

    private static void spread(byte[] pixels, int from, float[] line) {
        for (int i = 0; i < line.length; i++) {
            line[i] = pixels[from + i] & 0xFF;
        }
    }

    private static void set(float[] from, float weight, float[] to) {
        for (int i = 0; i < from.length; i++) {
            to[i] = weight * from[i];
        }
    }

    private static void add(float[] from, float weight, float[] to) {
        for (int i = 0; i < from.length; i++) {
            to[i] += weight * from[i];
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

        /** Returns how many output pixels one source pixel reaches at most. */
        int mostAtOnce() {
            int most = 1;
            int firstOpen = 0;
            for (int i = 0; i < firsts.length; i++) {
                while (ends[firstOpen] <= firsts[i]) {
                    firstOpen++;
                }
                most = Math.max(most, i - firstOpen + 1);
            }
            return most;
        }

        void applyToThree(float[] line, int left, float[] out, int outAt, int plane) {
            for (int i = 0; i < firsts.length; i++) {
                float[] weights = values[i];
                int at = 3 * (firsts[i] - left);
                float first = 0;
                float second = 0;
                float third = 0;
                for (float weight : weights) {
                    first += weight * line[at];
                    second += weight * line[at + 1];
                    third += weight * line[at + 2];
                    at += 3;
                }
                out[outAt + i] = first;
                out[outAt + plane + i] = second;
                out[outAt + 2 * plane + i] = third;
            }
        }

        void applyToOne(float[] line, int left, float[] out, int outAt) {
            for (int i = 0; i < firsts.length; i++) {
                float[] weights = values[i];
                int at = firsts[i] - left;
                float sum = 0;
                for (float weight : weights) {
                    sum += weight * line[at++];
                }
                out[outAt + i] = sum;
            }
        }
    }
}
