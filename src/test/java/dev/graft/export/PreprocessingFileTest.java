package dev.graft.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.graft.base.Preprocessing;
import dev.graft.data.Frame;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreprocessingFileTest {

    private static PreprocessingFile file(OptionalDouble centerCrop) {
        return PreprocessingFile.of(Preprocessing.TF, 224, centerCrop, "input", "output", List.of("a", "b"));
    }

    private static PreprocessingFile again(String json) throws JsonProcessingException {
        return Bundle.JSON.readValue(json, PreprocessingFile.class);
    }

    @Test
    void saysWhatCentreAnImageKeeps() throws JsonProcessingException {
        PreprocessingFile file = file(OptionalDouble.of(0.875));
        String json = Bundle.JSON.writeValueAsString(file);
        assertThat(json).contains("\"center_crop\":0.875", "scale the shorter side to image_size / center_crop");
        assertThat(again(json)).isEqualTo(file);
        assertThat(again(json).frame(256, 256)).isEqualTo(new Frame(16, 16, 224, 224, false));
    }

    @Test
    void saysNothingOfACentreWhereImagesAreSqueezed() throws JsonProcessingException {
        String json = Bundle.JSON.writeValueAsString(file(OptionalDouble.empty()));
        assertThat(json).doesNotContain("center_crop").contains("stretch to image_size x image_size");
        // This is how bundles looked before there were centre crops.
        assertThat(again(json).frame(300, 200)).isEqualTo(new Frame(0, 0, 300, 200, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "1e999"})
    void refusesACentreThatIsNone(String value) throws JsonProcessingException {
        String json = Bundle.JSON
                .writeValueAsString(file(OptionalDouble.of(0.5)))
                .replace("\"center_crop\":0.5", "\"center_crop\":" + value);
        assertThatThrownBy(() -> again(json))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessageContaining("center_crop must be > 0 and <= 1");
    }
}
