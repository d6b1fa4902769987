package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EvaluationTest {

    private static final int[] LABELS = {0, 0, 1, 2, 2};
    private static final float[][] PROBABILITIES = {
        {0.7f, 0.2f, 0.1f}, {0.3f, 0.6f, 0.1f}, {0.1f, 0.8f, 0.1f}, {0.2f, 0.2f, 0.6f}, {0.5f, 0.25f, 0.25f}
    };

    private final Evaluation evaluation = Evaluation.of(LABELS, PROBABILITIES, 3);

    @Test
    void lossIsTheMeanCrossEntropy() {
        double expected = -(Math.log(0.7) + Math.log(0.3) + Math.log(0.8) + Math.log(0.6) + Math.log(0.25)) / 5;
        assertThat(evaluation.loss()).isCloseTo(expected, within(1e-7));
    }

    @Test
    void accuracyIsTheFractionThatIsRight() {
        assertThat(evaluation.accuracy()).isEqualTo(0.6);
    }

    @Test
    void macroF1IsTheMeanOfTheClassesF1() {
        // Precision and recall: 1/2 and 1/2; 1/2 and 1; 1 and 1/2.
        assertThat(evaluation.macroF1()).isCloseTo((0.5 + 2.0 / 3 + 2.0 / 3) / 3, within(1e-12));
    }

    @Test
    void confusionCountsActualByPredicted() {
        assertThat(evaluation.confusion()).isDeepEqualTo(new int[][] {{1, 1, 0}, {0, 1, 0}, {1, 0, 1}});
        assertThat(evaluation.actual(2)).isEqualTo(2);
        assertThat(evaluation.predicted(2)).isEqualTo(1);
        assertThat(evaluation.correct(2)).isEqualTo(1);
        assertThat(evaluation.images()).isEqualTo(5);
        assertThat(evaluation.classes()).isEqualTo(3);
    }

    @Test
    void confusionIsACopy() {
        evaluation.confusion()[0][0] = 99;
        assertThat(evaluation.confusion()[0][0]).isEqualTo(1);
    }

    @Test
    void macroF1LeavesOutClassesThatOccurNowhereAndCountsMissedOnesAsZero() {
        float[][] all = {{0.9f, 0.1f, 0f, 0f}, {0.9f, 0.1f, 0f, 0f}, {0.2f, 0.8f, 0f, 0f}};
        // Class 2 is a label but never predicted, class 1 the other way round, class 3 neither.
        assertThat(Evaluation.of(new int[] {0, 0, 2}, all, 4).macroF1()).isCloseTo(1.0 / 3, within(1e-12));
    }

    @Test
    void aProbabilityOfZeroIsClamped() {
        Evaluation wrong = Evaluation.of(new int[] {1}, new float[] {1, 0}, 2);
        assertThat(wrong.loss()).isCloseTo(-Math.log(1e-7), within(1e-9));
    }

    @Test
    void certaintyIsClampedToo() {
        assertThat(Evaluation.of(new int[] {0}, new float[] {1, 0}, 2).loss()).isCloseTo(1e-7, within(1e-12));
    }

    @Test
    void theFirstOfEqualProbabilitiesIsPredicted() {
        assertThat(Evaluation.of(new int[] {1}, new float[] {0.2f, 0.4f, 0.4f}, 3)
                        .accuracy())
                .isEqualTo(1.0);
    }

    @Test
    void aNanProbabilityMakesTheLossNan() {
        assertThat(Evaluation.of(new int[] {0}, new float[] {Float.NaN, Float.NaN}, 2)
                        .loss())
                .isNaN();
    }

    @Test
    void noImagesGiveNan() {
        Evaluation none = Evaluation.of(new int[0], new float[0], 2);
        assertThat(none.loss()).isNaN();
        assertThat(none.accuracy()).isNaN();
        assertThat(none.macroF1()).isNaN();
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> Evaluation.of(new int[] {0}, new float[3], 2))
                .hasMessage("expected 1 x 2 probabilities, but got 3");
        assertThatThrownBy(() -> Evaluation.of(new int[] {2}, new float[2], 2))
                .hasMessage("labels[0] must be in [0, 2), but was 2");
    }
}
