package dev.graft.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {

    @ParameterizedTest
    @CsvSource({"cat, cat, 0", "cat, cut, 1", "cat, act, 1", "cat, cats, 1", "cat, at, 1", "'', cat, 3", "ca, abc, 3"})
    void countsEdits(String a, String b, int edits) {
        assertThat(Suggestion.distance(a, b)).isEqualTo(edits);
        assertThat(Suggestion.distance(b, a)).isEqualTo(edits);
    }

    @ParameterizedTest
    @CsvSource({
        "ImageSize, image_size",
        "image-size, image_size",
        "size_image, image_size",
        "drop, dropout",
        "lerning_rate, learning_rate"
    })
    void findsWhatWasMeant(String word, String meant) {
        assertThat(Suggestion.closest(word, Parameter.keys())).contains(meant);
    }

    @Test
    void staysSilentWhenNothingIsClose() {
        assertThat(Suggestion.of("colour", Parameter.keys())).isEmpty();
        assertThat(Suggestion.of("x".repeat(100), List.of("x".repeat(99)))).isEmpty();
    }
}
