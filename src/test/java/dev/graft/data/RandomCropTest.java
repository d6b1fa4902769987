package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.DoubleSummaryStatistics;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomCropTest {

    @Property(tries = 500)
    void aPartLiesInTheImageAndHoldsWhatItMust(
            @ForAll @IntRange(min = 1, max = 900) int width,
            @ForAll @IntRange(min = 1, max = 900) int height,
            @ForAll @DoubleRange(min = 0.01, max = 1) double least,
            @ForAll long seed) {
        Frame frame = RandomCrop.draw(width, height, least, new SplittableRandom(seed));
        assertThat(frame.alone()).isTrue();
        for (double value : new double[] {frame.left(), frame.top(), frame.width(), frame.height()}) {
            assertThat(value).isEqualTo(Math.rint(value)).isNotNegative();
        }
        assertThat(frame.width()).isPositive();
        assertThat(frame.height()).isPositive();
        assertThat(frame.left() + frame.width()).isLessThanOrEqualTo(width);
        assertThat(frame.top() + frame.height()).isLessThanOrEqualTo(height);
        // Half a pixel may be rounded away on each side.
        assertThat((frame.width() + 0.5) / (frame.height() - 0.5)).isGreaterThanOrEqualTo(3.0 / 4);
        if (frame.width() > 0.5) {
            assertThat((frame.width() - 0.5) / (frame.height() + 0.5)).isLessThanOrEqualTo(4.0 / 3);
        }
    }

    @Test
    void areasAndRatiosAreDrawnFromTheWholeOfTheirRange() {
        SplittableRandom random = new SplittableRandom(7);
        DoubleSummaryStatistics areas = new DoubleSummaryStatistics();
        DoubleSummaryStatistics ratios = new DoubleSummaryStatistics();
        DoubleSummaryStatistics middles = new DoubleSummaryStatistics();
        for (int i = 0; i < 4000; i++) {
            // Small areas of a large image always fit at once, so nothing is drawn twice.
            Frame frame = RandomCrop.draw(4000, 4000, 0.2, new SplittableRandom(random.nextLong()));
            double area = frame.width() * frame.height() / 16e6;
            if (area < 0.5) {
                areas.accept(area);
                ratios.accept(Math.log(frame.width() / frame.height()));
                middles.accept(frame.left() / (4000 - frame.width()));
            }
        }
        assertThat(areas.getMin()).isCloseTo(0.2, within(0.01));
        assertThat(areas.getAverage()).isCloseTo(0.35, within(0.01));
        assertThat(ratios.getMin()).isCloseTo(Math.log(3.0 / 4), within(0.01));
        assertThat(ratios.getMax()).isCloseTo(Math.log(4.0 / 3), within(0.01));
        assertThat(ratios.getAverage()).isCloseTo(0, within(0.02));
        assertThat(middles.getAverage()).isCloseTo(0.5, within(0.03));
    }

    @ParameterizedTest
    @CsvSource({"1000, 10, 493, 0, 13, 10", "10, 1000, 0, 493, 10, 13", "1, 1, 0, 0, 1, 1"})
    void whereNoneFitsTheLargestInTheMiddleIsTaken(int width, int height, double left, double top, double w, double h) {
        assertThat(RandomCrop.draw(width, height, 0.9, new SplittableRandom(1)))
                .isEqualTo(new Frame(left, top, w, h, true));
    }

    @Test
    void allOfASquareIsSometimesTaken() {
        SplittableRandom random = new SplittableRandom(3);
        boolean whole = false;
        for (int i = 0; i < 200; i++) {
            whole |= RandomCrop.draw(20, 20, 1, random).equals(new Frame(0, 0, 20, 20, true));
        }
        assertThat(whole).isTrue();
    }
}
