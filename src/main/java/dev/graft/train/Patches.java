package dev.graft.train;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The gradient of a convolution's weights alone: one matrix product of the outgoing gradient and the input's patches. */
final class Patches {

    /** Larger ones cost more to write down than they save. */
    private static final long MOST_VALUES = 16L << 20;

    private Patches() {}

    /** Returns whether patches lie side by side and are few enough; maps are {@code [batch, channels, height, width]}. */
    static boolean suit(ConvolutionLayer layer, INDArray input, INDArray epsilon) {
        int[] kernel = layer.getKernelSize();
        long values = input.size(1) * kernel[0] * kernel[1] * epsilon.size(0) * epsilon.size(2) * epsilon.size(3);
        return ones(layer.getStride()) && ones(layer.getDilation()) && values <= MOST_VALUES;
    }

    private static boolean ones(int[] axes) {
        return axes[0] == 1 && axes[1] == 1;
    }

    /**
     * Writes the gradients.
     *
     * @param kernel receives {@code [out, in, height, width]}, in C order
     * @param bias receives {@code [1, out]}, where there is one
     */
    static void gradient(
            ConvolutionLayer layer, INDArray input, INDArray epsilon, INDArray kernel, @Nullable INDArray bias) {
        long outputs = epsilon.size(1);
        INDArray outgoing = epsilon.permute(1, 0, 2, 3).dup('c').reshape(outputs, -1);
        INDArray patches = of(layer, input, epsilon.size(2), epsilon.size(3));
        INDArray flat = kernel.reshape('c', outputs, patches.size(0));
        // Transposed, because products are written in Fortran order.
        Nd4j.gemm(patches.transpose(), outgoing.transpose(), flat.transpose(), true, false, 1, 0);
        if (bias != null) {
            bias.assign(outgoing.sum(1).reshape(bias.shape()));
        }
    }

    /** Returns {@code [in * kernel height * kernel width, batch * height * width]}. */
    private static INDArray of(ConvolutionLayer layer, INDArray input, long height, long width) {
        int[] kernel = layer.getKernelSize();
        long channels = input.size(1);
        long batch = input.size(0);
        Axis rows = new Axis(layer, 0, input.size(2), height);
        Axis columns = new Axis(layer, 1, input.size(3), width);
        INDArray source = input.permute(1, 0, 2, 3);
        if (!rows.isPlain() || !columns.isPlain()) {
            INDArray padded = Nd4j.create(input.dataType(), channels, batch, rows.padded(), columns.padded());
            padded.get(NDArrayIndex.all(), NDArrayIndex.all(), rows.inside(), columns.inside())
                    .assign(source.get(NDArrayIndex.all(), NDArrayIndex.all(), rows.used(), columns.used()));
            source = padded;
        }
        INDArray patches = Nd4j.createUninitialized(
                input.dataType(), new long[] {channels, kernel[0], kernel[1], batch, height, width}, 'c');
        for (int i = 0; i < kernel[0]; i++) {
            for (int j = 0; j < kernel[1]; j++) {
                patches.get(NDArrayIndex.all(), NDArrayIndex.point(i), NDArrayIndex.point(j))
                        .assign(source.get(NDArrayIndex.all(), NDArrayIndex.all(), rows.under(i), columns.under(j)));
            }
        }
        return patches.reshape(channels * kernel[0] * kernel[1], batch * height * width);
    }

    /** One side of the map. */
    private static final class Axis {

        private final long input;
        private final long output;
        private final int kernel;
        private final long before;

        Axis(ConvolutionLayer layer, int axis, long input, long output) {
            this.input = input;
            this.output = output;
            this.kernel = layer.getKernelSize()[axis];
            this.before = layer.getConvolutionMode() == ConvolutionMode.Same
                    ? Math.max(0, padded() - input) / 2
                    : layer.getPadding()[axis];
        }

        /** Returns how many pixels the kernel ever stands on, padding included. */
        long padded() {
            return output - 1 + kernel;
        }

        boolean isPlain() {
            return before == 0 && padded() <= input;
        }

        private long usedPixels() {
            return Math.min(input, padded() - before);
        }

        INDArrayIndex used() {
            return NDArrayIndex.interval(0, usedPixels());
        }

        INDArrayIndex inside() {
            return NDArrayIndex.interval(before, before + usedPixels());
        }

        /** Returns the pixels under one of the kernel's places. */
        INDArrayIndex under(int place) {
            return NDArrayIndex.interval(place, place + output);
        }
    }
}
