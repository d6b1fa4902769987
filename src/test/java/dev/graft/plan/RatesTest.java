package dev.graft.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.plan.RateKey.Kind;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RatesTest {

    private static final RateKey SMALL = new RateKey(Kind.TAIL, "a", 96, "1");
    private static final RateKey LARGE = new RateKey(Kind.TAIL, "a", 224, "1");
    private static final RateKey OTHER = new RateKey(Kind.TAIL, "b", 96, "1");

    @Nested
    class Asking {

        @Test
        void returnsWhatWasMeasured() {
            Rates rates = new Rates(Map.of(SMALL, 2.0, LARGE, 3.0), 2);
            assertThat(rates.of(LARGE)).isEqualTo(new Rates.Rate(3, false));
        }

        @Test
        void takesTheNearestSizeBeforeAnotherBase() {
            Rates rates = new Rates(Map.of(LARGE, 3.0, OTHER, 5.0), 2);
            assertThat(rates.of(SMALL)).isEqualTo(new Rates.Rate(3, false));
        }

        @Test
        void takesAnotherBaseForWantOfBetterAndSaysThatThisIsRough() {
            assertThat(new Rates(Map.of(OTHER, 5.0), 2).of(SMALL)).isEqualTo(new Rates.Rate(5, true));
        }

        @Test
        void takesABaseToBeSomewhatFasterByMultiplyAddOnLargerImages() {
            RateKey small = new RateKey(Kind.PREFIX, "a", 112, "end");
            RateKey large = new RateKey(Kind.PREFIX, "a", 224, "end");
            Rates rates = new Rates(Map.of(small, 1e-9), 2);
            assertThat(rates.of(small).value()).isEqualTo(1e-9);
            assertThat(rates.of(large).value()).isBetween(0.7e-9, 0.8e-9);
        }

        @Test
        void guessesWhatNobodyMeasured() {
            assertThat(Rates.none(2).of(SMALL).rough()).isTrue();
            for (Kind kind : Kind.values()) {
                assertThat(Rates.none(1).of(new RateKey(kind, "", 1, "")).value())
                        .isPositive();
            }
        }
    }

    @Nested
    class Newer {

        @Test
        void ratesWeighMore() {
            Rates rates = new Rates(Map.of(SMALL, 8.0), 2);
            for (int i = 0; i < 3; i++) {
                rates = rates.smoothed(Map.of(SMALL, 16.0, LARGE, 1.0));
            }
            assertThat(rates.of(SMALL).value()).isCloseTo(15, within(1e-9));
            assertThat(rates.of(LARGE).value()).isEqualTo(1);
        }

        @Test
        void ratesOfARunningSweepCorrectThoseItHasNotComeTo() {
            Rates rates = new Rates(Map.of(SMALL, 2.0, LARGE, 3.0, new RateKey(Kind.HEAD, "", 1, ""), 7.0), 2)
                    .corrected(Map.of(SMALL, 4.0));
            assertThat(rates.of(SMALL).value()).isEqualTo(4);
            assertThat(rates.of(LARGE).value()).isCloseTo(6, within(1e-9));
            assertThat(rates.of(new RateKey(Kind.HEAD, "", 1, "")).value()).isEqualTo(7);
        }
    }

    @Test
    void nonsenseIsLeftOut() {
        assertThat(new Rates(Map.of(SMALL, -1.0, LARGE, Double.NaN, OTHER, Double.POSITIVE_INFINITY), 2).measured())
                .isEmpty();
    }

    @Test
    void keysAreReadAsTheyAreWritten() {
        for (RateKey key : new RateKey[] {SMALL, new RateKey(Kind.START, "", 1, "")}) {
            assertThat(RateKey.parse(key.toString())).contains(key);
        }
        assertThat(RateKey.parse(new RateKey(Kind.PREFIX, "a|b", 2, "c|d").toString()))
                .contains(new RateKey(Kind.PREFIX, "a_b", 2, "c_d"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "TAIL", "TAIL|a|96", "TAIL|a|x|1", "TAIL|a|0|1", "COFFEE|a|96|1", "TAIL|a|96|1|2"})
    void whatIsNoKeyIsNone(String text) {
        assertThat(RateKey.parse(text)).isEmpty();
    }

    @Test
    void headsThatTrainTogetherShareTheirTime() {
        double alone = new HeadWork(165_120, 32, 1).training();
        double all = 24 * new HeadWork(165_120, 32, 24).training();
        assertThat(all / alone).isGreaterThan(1.0).isLessThan(24.0 / 2);
    }
}
