package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.track.Prediction;
import dev.graft.train.Evaluation;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {

    @Nested
    class Intervals {

        /** The examples of Newcombe, Statistics in Medicine 17 (1998), table I, method 3. */
        @ParameterizedTest
        @CsvSource({
            "81, 263, 0.2553, 0.3662",
            "15, 148, 0.0624, 0.1605",
            "0, 20, 0.0000, 0.1611",
            "1, 29, 0.0061, 0.1718"
        })
        void areThePublishedOnes(long correct, long images, double low, double high) {
            WilsonInterval interval = WilsonInterval.of(correct, images);
            assertThat(interval.low()).isCloseTo(low, within(5e-5));
            assertThat(interval.high()).isCloseTo(high, within(5e-5));
        }

        @Test
        void endAtNoughtAndOne() {
            assertThat(WilsonInterval.of(7, 7).high()).isEqualTo(1);
            assertThat(WilsonInterval.of(0, 7).low()).isEqualTo(0);
            assertThat(WilsonInterval.of(0, 0)).isEqualTo(new WilsonInterval(0, 1));
            assertThatThrownBy(() -> WilsonInterval.of(8, 7))
                    .hasMessage("correct must be in [0, images], but 8 of 7 are");
        }
    }

    @Nested
    class Classes {

        private final int[][] confusion = {{3, 1, 0}, {0, 0, 0}, {2, 0, 0}};

        @Test
        void haveTheirPrecisionRecallAndF1() {
            ClassReport report = ClassReport.of(List.of("a", "b", "c"), confusion);
            ClassReport.Row a = report.rows().get(0);
            assertThat(a.precision()).isEqualTo(0.6);
            assertThat(a.recall()).isEqualTo(0.75);
            assertThat(a.f1()).isCloseTo(2 * 0.6 * 0.75 / 1.35, within(1e-12));
            assertThat(a.support()).isEqualTo(4);
            assertThat(report.rows().get(1)).isEqualTo(new ClassReport.Row("b", 0, 0, 0, 0));
            assertThat(report.rows().get(2)).isEqualTo(new ClassReport.Row("c", 0, 0, 0, 2));
        }

        @Test
        void countTheSameWhetherFromProbabilitiesOrFromTheRecord() {
            Evaluation evaluation = Evaluation.of(new int[] {0, 1, 1}, new float[] {0.9f, 0.1f, 0.8f, 0.2f, 0, 1}, 2);
            List<Prediction> predictions = List.of(
                    new Prediction("a", 0, 0, 0.9, 0.9),
                    new Prediction("b", 1, 0, 0.8, 0.2),
                    new Prediction("c", 1, 1, 1, 1));
            assertThat(Confusion.of(predictions, 2)).isDeepEqualTo(evaluation.confusion());
        }

        @Test
        void mustBeAsManyAsTheCounts() {
            assertThatThrownBy(() -> ClassReport.of(List.of("a"), confusion))
                    .hasMessage("there must be counts for 1 classes, but there are 3");
        }
    }
}
