package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GatedTest {

    private static final double STEP = 1e-4;

    @Test
    void slopesAreThoseOfTheValues() {
        for (IActivation activation : List.of(new Gated.Swish(), new Gated.Gelu())) {
            for (double x = -8; x <= 8; x += 0.37) {
                double slope = (value(activation, x + STEP) - value(activation, x - STEP)) / (2 * STEP);
                assertThat(slope(activation, x)).as("%s at %s", activation, x).isCloseTo(slope, within(1e-6));
            }
        }
    }

    @Test
    void slopesOfLargeInputsAreNumbers() {
        for (IActivation activation : List.of(new Gated.Swish(), new Gated.Gelu())) {
            assertThat(slope(activation, 1000)).isCloseTo(1, within(1e-6));
            assertThat(slope(activation, -1000)).isCloseTo(0, within(1e-6));
        }
    }

    private static double value(IActivation activation, double x) {
        return activation.getActivation(scalar(x), true).getDouble(0);
    }

    private static double slope(IActivation activation, double x) {
        return activation.backprop(scalar(x), scalar(1)).getFirst().getDouble(0);
    }

    private static INDArray scalar(double x) {
        return Nd4j.createFromArray(x).castTo(DataType.DOUBLE).reshape(1, 1);
    }
}
