package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairedTest {

    @Nested
    class McNemarsTest {

        /** By hand: twice the lower tail of the binomial distribution with n = b + c and p = 1/2, at most 1. */
        @ParameterizedTest
        @CsvSource({
            "0, 0, 1",
            "1, 0, 1",
            "5, 5, 1",
            "0, 5, 0.0625", // 2 / 2^5
            "0, 6, 0.03125", // 2 / 2^6
            "1, 9, 0.021484375", // 2 * (1 + 10) / 2^10
            "9, 1, 0.021484375",
            "2, 8, 0.109375", // 2 * (1 + 10 + 45) / 2^10
            "3, 7, 0.34375", // 2 * (1 + 10 + 45 + 120) / 2^10
            "4, 6, 0.75390625", // 2 * (1 + 10 + 45 + 120 + 210) / 2^10
            "4, 5, 1",
        })
        void isTheExactTwoSidedBinomialTest(int firstOnly, int secondOnly, double probability) {
            assertThat(McNemar.of(firstOnly, secondOnly).probability()).isEqualTo(probability, within(1e-12));
        }

        @Test
        void callsADifferenceOneBelowFivePerCent() {
            assertThat(McNemar.of(0, 5).distinguishable()).isFalse();
            assertThat(McNemar.of(0, 6).distinguishable()).isTrue();
        }

        @Test
        void holdsForManyImages() {
            // Nearly normal: z = (5200 - 4800 - 1) / 100 = 3.99, of which the two tails are 6.6e-5.
            assertThat(McNemar.of(5200, 4800).probability()).isBetween(6e-5, 7e-5);
        }

        @Test
        void refusesNegativeCounts() {
            assertThatThrownBy(() -> McNemar.of(-1, 3)).hasMessage("counts must be at least 0, but were -1 and 3");
        }
    }

    @Nested
    class Bootstrap {

        @Test
        void comesNearTheNormalIntervalOfManyPairs() {
            double[] differences = new double[1000];
            Arrays.fill(differences, 0, 100, 1);
            Arrays.fill(differences, 100, 160, -1);
            BootstrapInterval interval = BootstrapInterval.of(differences, 7);
            assertThat(interval.value()).isEqualTo(0.04, within(1e-12));
            // The standard error is sqrt((0.16 - 0.04²) / 1000) = 0.01259.
            assertThat(interval.low()).isEqualTo(0.04 - 1.96 * 0.01259, within(0.002));
            assertThat(interval.high()).isEqualTo(0.04 + 1.96 * 0.01259, within(0.002));
        }

        @Test
        void isExactWhereAllResamplesCanBeCounted() {
            // Of the 3³ resamples of (0, 0, 3), 8 have the mean 0, 12 have 1, 6 have 2 and 1 (3.7 %) has 3.
            BootstrapInterval interval = BootstrapInterval.of(new double[] {0, 0, 3}, 1);
            assertThat(interval).isEqualTo(new BootstrapInterval(1, 0, 3));
            // Of the 4⁴ = 256 resamples of (0, 0, 0, 4), 1 has the mean 4 and 12 have 3: only 0.4 % are above 3.
            assertThat(BootstrapInterval.of(new double[] {0, 0, 0, 4}, 1)).isEqualTo(new BootstrapInterval(1, 0, 3));
        }

        @Test
        void isTheSameForTheSameSeed() {
            double[] differences = {1, 0, 0, -1, 1, 1, 0, 0.5};
            assertThat(BootstrapInterval.of(differences, 3)).isEqualTo(BootstrapInterval.of(differences, 3));
        }

        @Test
        void hasNoWidthWhereNothingDiffers() {
            assertThat(BootstrapInterval.of(new double[341], 3)).isEqualTo(new BootstrapInterval(0, 0, 0));
            assertThatThrownBy(() -> BootstrapInterval.of(new double[0], 3))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
