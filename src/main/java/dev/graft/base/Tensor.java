package dev.graft.base;

import java.util.Arrays;

/**
 * A weight tensor in C order. Layouts are Keras': {@code [height, width, in, out]} for convolutions, {@code [height,
 * width, channels, multiplier]} for depthwise ones, {@code [in, out]} for dense layers.
 *
 * @param shape the axes' lengths
 * @param values the values, the last axis varying fastest; not copied, so not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Tensors are large and never compared.
public record Tensor(int[] shape, float[] values) {

    /** Checks that the values fill the shape. */
    public Tensor {
        int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (size != values.length) {
            throw new IllegalArgumentException(values.length + " values do not fill " + Arrays.toString(shape));
        }
    }

    /**
     * Returns a tensor of given values.
     *
     * @param values all of them, or one that fills it
     */
    static Tensor filled(int[] shape, float[] values) {
        if (values.length > 1) {
            return new Tensor(shape, values.clone());
        }
        float[] filled = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        Arrays.fill(filled, values[0]);
        return new Tensor(shape, filled);
    }

    @Override
    public String toString() {
        return "tensor " + Arrays.toString(shape);
    }
}
