package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.track.Prediction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {

    private static List<Prediction> predictions(int right, int wrong, double confidence) {
        List<Prediction> predictions = new ArrayList<>();
        predictions.addAll(Collections.nCopies(right, new Prediction("a", 0, 0, confidence, confidence)));
        predictions.addAll(Collections.nCopies(wrong, new Prediction("b", 1, 0, confidence, 1 - confidence)));
        return predictions;
    }

    /**
     * By hand, with equation 3 of the paper and five bins: 10 images at 0.95 with 8 right, 10 at 0.65 with 7 right, 5 at
     * 0.55 with 1 right. The errors of the bins are 0.15, 0.05 and 0.35.
     */
    @Test
    void weighsTheErrorsOfTheBinsByTheirImages() {
        List<Prediction> predictions = predictions(8, 2, 0.95);
        predictions.addAll(predictions(7, 3, 0.65));
        predictions.addAll(predictions(1, 4, 0.55));
        Calibration calibration = Calibration.of(predictions, 5);
        assertThat(calibration.expectedError()).isEqualTo((10 * 0.15 + 10 * 0.05 + 5 * 0.35) / 25, within(1e-12));
        assertThat(calibration.largestError()).isEqualTo(0.35, within(1e-12));
        assertThat(calibration.accuracy()).isEqualTo(16 / 25.0);
        assertThat(calibration.meanConfidence()).isEqualTo((9.5 + 6.5 + 2.75) / 25, within(1e-12));
        assertThat(calibration.bins()).extracting(Calibration.Bin::images).containsExactly(0, 0, 5, 10, 10);
        assertThat(calibration.bins().get(3).interval()).isEqualTo(WilsonInterval.of(7, 10));
        assertThat(calibration.sentence())
                .isEqualTo("It is right about 64.0 % of the images and 75.0 % sure on average: too sure of itself. Its"
                        + " confidence and its accuracy are 15.0 percentage points apart, averaged over the bins. With"
                        + " 25 images, chance alone can make such a difference.");
    }

    @Test
    void countsAnUpperBoundToItsBinAndNothingOutside() {
        List<Prediction> predictions = predictions(1, 0, 0.2);
        predictions.addAll(predictions(1, 0, 0));
        predictions.addAll(predictions(1, 0, 1));
        assertThat(Calibration.of(predictions, 5).bins())
                .extracting(Calibration.Bin::images)
                .containsExactly(2, 0, 0, 0, 1);
    }

    @Test
    void findsNoErrorWhereConfidenceIsDeserved() {
        Calibration calibration = Calibration.of(predictions(150, 50, 0.75));
        assertThat(calibration.expectedError()).isEqualTo(0, within(1e-12));
        assertThat(calibration.bins()).hasSize(15);
        assertThat(calibration.sentence())
                .contains("neither too sure nor too unsure")
                .doesNotContain("chance");
    }

    @Test
    void saysWhenThereIsNothingToJudge() {
        Calibration calibration = Calibration.of(List.of());
        assertThat(calibration.expectedError()).isNull();
        assertThat(calibration.sentence()).isEqualTo("There are no predictions to judge.");
    }
}
