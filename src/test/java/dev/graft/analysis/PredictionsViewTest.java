package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.track.Prediction;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionsViewTest {

    private static final List<String> CLASSES = List.of("cat", "dog", "eel");

    private final PredictionsView view = PredictionsView.of(
            CLASSES,
            List.of(
                    new Prediction("a", 0, 0, 0.9, 0.9),
                    new Prediction("b", 0, 1, 0.6, 0.3),
                    new Prediction("c", 1, 1, 0.8, 0.8),
                    new Prediction("d", 1, 0, 0.95, 0.01)));

    @Test
    void countsActualByPredicted() {
        assertThat(view.matrix()).isDeepEqualTo(new int[][] {{1, 1, 0}, {1, 1, 0}, {0, 0, 0}});
        assertThat(view.correct()).isEqualTo(2);
        assertThat(view.interval()).isEqualTo(WilsonInterval.of(2, 4));
        assertThat(view.classes().get(1)).isEqualTo(new ClassReport.Row("dog", 0.5, 0.5, 0.5, 2));
    }

    @Test
    void putsTheMostConfidentMistakeFirst() {
        assertThat(view.mistakes())
                .containsExactly(
                        new PredictionsView.Mistake("d", "dog", "cat", 0.95, 0.01),
                        new PredictionsView.Mistake("b", "cat", "dog", 0.6, 0.3));
    }

    @Test
    void namesAtMostSixtyMistakes() {
        List<Prediction> wrong = Collections.nCopies(61, new Prediction("a", 0, 1, 0.6, 0.3));
        assertThat(PredictionsView.of(CLASSES, wrong).mistakes()).hasSize(60);
    }

    @Test
    void isWrittenInSnakeCase() throws Exception {
        assertThat(new ObjectMapper().writeValueAsString(view))
                .contains("\"label_probability\":0.01", "\"support\":2", "\"interval\":{\"low\":");
    }
}
