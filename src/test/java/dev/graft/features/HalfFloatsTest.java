package dev.graft.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfFloatsTest {

    /** Of the standard's own examples and limits. */
    @ParameterizedTest
    @CsvSource({
        "0000, 0.0",
        "8000, -0.0",
        "3c00, 1.0",
        "3c01, 1.0009765625",
        "3bff, 0.99951171875",
        "c000, -2.0",
        "3555, 0.333251953125",
        "7bff, 65504.0",
        "0400, 6.103515625e-05",
        "03ff, 6.097555160522461e-05",
        "0001, 5.9604644775390625e-08",
        "7c00, Infinity",
        "fc00, -Infinity"
    })
    void knowsWhatHalvesAreWorth(String hex, float value) {
        short half = (short) Integer.parseInt(hex, 16);
        assertThat(HalfFloats.toFloat(half)).isEqualTo(value);
        assertThat(HalfFloats.ofFloat(value)).isEqualTo(half);
    }

    @Test
    void bringsEveryHalfBack() {
        for (int half = 0; half < 1 << 16; half++) {
            float value = HalfFloats.toFloat((short) half);
            if (Float.isNaN(value)) {
                assertThat(half & 0x7c00).isEqualTo(0x7c00);
                assertThat(HalfFloats.toFloat(HalfFloats.ofFloat(value))).isNaN();
            } else {
                assertThat(HalfFloats.ofFloat(value)).isEqualTo((short) half);
            }
        }
    }

    /** Between all neighbours: the middle goes to the even one, and what lies next to the middle to the nearer one. */
    @Test
    void roundsToTheNearestThenToEven() {
        for (int half = 0; half < 0x7bff; half++) {
            float low = HalfFloats.toFloat((short) half);
            float high = HalfFloats.toFloat((short) (half + 1));
            float middle = (float) (((double) low + high) / 2);
            short even = (short) ((half & 1) == 0 ? half : half + 1);
            assertThat(HalfFloats.ofFloat(middle)).isEqualTo(even);
            assertThat(HalfFloats.ofFloat(Math.nextDown(middle))).isEqualTo((short) half);
            assertThat(HalfFloats.ofFloat(Math.nextUp(middle))).isEqualTo((short) (half + 1));
            assertThat(HalfFloats.ofFloat(-middle)).isEqualTo((short) (even | 0x8000));
        }
    }

    @ParameterizedTest
    @CsvSource({"65519.996, 7bff", "65520, 7c00", "3.4e38, 7c00", "-65520, fc00", "1e-30, 0000", "-1e-30, 8000"})
    void endsWhereHalvesEnd(float value, String hex) {
        assertThat(HalfFloats.ofFloat(value)).isEqualTo((short) Integer.parseInt(hex, 16));
    }

    @Test
    void staysWithinHalfOfTheLastDigit() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            float value = random.nextFloat() * 6;
            float back = HalfFloats.toFloat(HalfFloats.ofFloat(value));
            assertThat(Math.abs(back - value)).isLessThanOrEqualTo(Math.max(value * 0x1p-11f, 0x1p-25f));
        }
    }
}
