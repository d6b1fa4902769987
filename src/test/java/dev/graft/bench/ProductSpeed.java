package dev.graft.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures ND4J's single-precision matrix products: {@code FEATURES UNITS BATCH HEADS SECONDS}. A large square one, and
 * those of a training step: the first layer of one head, and of so many heads as one product; forward, and the gradient
 * of the weights. Prints billions of floating-point operations per second, a multiplication and an addition being two.
 */
final class ProductSpeed {

    private static final int SQUARE = 2048;

    private ProductSpeed() {}

    public static void main(String[] arguments) throws Exception {
        int features = Integer.parseInt(arguments[0]);
        int units = Integer.parseInt(arguments[1]);
        int batch = Integer.parseInt(arguments[2]);
        int heads = Integer.parseInt(arguments[3]);
        double seconds = Double.parseDouble(arguments[4]);
        Map<String, Double> speeds = new LinkedHashMap<>();
        speeds.put("square", gigaflops(SQUARE, SQUARE, SQUARE, seconds));
        speeds.put("one_head_forward", gigaflops(batch, features, units, seconds));
        speeds.put("one_head_gradient", gigaflops(features, batch, units, seconds));
        speeds.put("all_heads_forward", gigaflops(batch, features, units * heads, seconds));
        speeds.put("all_heads_gradient", gigaflops(features, batch, units * heads, seconds));
        System.out.println(new ObjectMapper().writeValueAsString(speeds));
    }

    /** Of {@code [rows, inner]} times {@code [inner, columns]}, in column order, which BLAS takes without copies. */
    private static double gigaflops(int rows, int inner, int columns, double seconds) throws Exception {
        try (INDArray left = Nd4j.rand('f', rows, inner);
                INDArray right = Nd4j.rand('f', inner, columns);
                INDArray product = Nd4j.createUninitialized(new long[] {rows, columns}, 'f')) {
            double once = Stopwatch.best(seconds, () -> Nd4j.gemm(left, right, product, false, false, 1, 0));
            return 2.0 * rows * inner * columns / once / 1e9;
        }
    }
}
