package dev.graft.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsFileTest {

    @TempDir
    Path bundle;

    @Test
    void tellsWhatTheTestImagesGave() throws IOException {
        Files.writeString(bundle.resolve("metrics.json"), "{\"test\": {\"images\": 372, \"accuracy\": 0.83}}");
        assertThat(MetricsFile.test(bundle)).hasValue(new TrialBundles.TestFigure(372, 0.83));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"validation\": {\"images\": 341}}",
                "{\"test\": {\"images\": 0, \"accuracy\": 0}}",
                "{\"test\": {\"images\": 372, \"accuracy\": 83}}",
                "{\"test\": {\"images\": 372, \"accuracy\": \"good\"}}",
                "not JSON"
            })
    void tellsNothingWhereThereIsNoSuchFigure(String text) throws IOException {
        Files.writeString(bundle.resolve("metrics.json"), text);
        assertThat(MetricsFile.test(bundle)).isEmpty();
    }

    @Test
    void tellsNothingOfABundleWithoutTheFile() {
        assertThat(MetricsFile.test(bundle)).isEmpty();
    }
}
