package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.track.Prediction;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {

    private final Evaluation evaluation = Evaluation.of(
            List.of("cat", "dog", "eel"),
            List.of(
                    new Prediction("a", 0, 0, 0.9, 0.9),
                    new Prediction("b", 0, 1, 0.6, 0.3),
                    new Prediction("c", 1, 1, 0.8, 0.8),
                    new Prediction("d", 1, 0, 0.95, 0.01)));

    @Test
    void countsActualByPredicted() {
        assertThat(evaluation.matrix()).containsExactly(List.of(1, 1, 0), List.of(1, 1, 0), List.of(0, 0, 0));
        assertThat(evaluation.correct()).isEqualTo(2);
    }

    @Test
    void scoresEachClass() {
        assertThat(evaluation.classes().get(0).precision()).isCloseTo(0.5, within(1e-12));
        assertThat(evaluation.classes().get(1).recall()).isCloseTo(0.5, within(1e-12));
        assertThat(evaluation.classes().get(1).f1()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void hasNoScoreForAClassThatDoesNotOccur() {
        assertThat(evaluation.classes().get(2).recall()).isNaN();
        assertThat(evaluation.classes().get(2).f1()).isNaN();
    }

    @Test
    void putsTheMostConfidentMistakeFirst() {
        assertThat(evaluation.mistakes()).extracting(Evaluation.Mistake::image).containsExactly("d", "b");
        assertThat(evaluation.mistakes().get(0).label()).isEqualTo("dog");
        assertThat(evaluation.mistakes().get(0).predicted()).isEqualTo("cat");
    }
}
