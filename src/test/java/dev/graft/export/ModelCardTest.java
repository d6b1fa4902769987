package dev.graft.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.base.Catalogue;
import dev.graft.spec.Parameters;
import dev.graft.track.Prediction;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelCardTest {

    private static String card(String base, Map<String, String> provenance) {
        SweepRecord sweep = new SweepRecord(
                "k3v9x2ab",
                "clothing",
                SweepState.FINISHED,
                "",
                "grid",
                "val_accuracy",
                "maximize",
                "clothing.yaml",
                "name: clothing\n",
                List.of("dress", "hat"),
                Instant.parse("2026-01-02T03:04:05.678Z"),
                Optional.empty(),
                1,
                3,
                provenance);
        Map<String, Object> parameters = Map.of("base", base);
        TrialRecord trial = new TrialRecord(
                "k3v9x2ab-1",
                "k3v9x2ab",
                1,
                TrialState.FINISHED,
                "",
                parameters,
                42,
                "f00d",
                false,
                1,
                2,
                2,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                "",
                "");
        return new ModelCard(
                        sweep,
                        trial,
                        Parameters.from(parameters),
                        new Catalogue(List.of()).entry("squeezenet"),
                        Map.of("val_loss", 0.5, "val_macro_f1", 0.5),
                        List.of(new Prediction("a.jpg", 0, 0, 0.9, 0.9)),
                        Optional.empty(),
                        new ParityCheck(1, 1e-6, 1, 1e-6, 0))
                .text();
    }

    @Test
    void namesTheSourceAndLicenceOfOfficialWeights() {
        assertThat(card("squeezenet", Map.of())).contains("Base weights: MIT", "on the base `squeezenet`");
    }

    @Test
    void doesNotGiveTheOfficialLicenceToWeightsOfOnesOwn() {
        assertThat(card("squeezenet:my `net`.h5", Map.of()))
                .contains("on the base `squeezenet:my 'net'.h5`", "Base weights: `my 'net'.h5`, under")
                .doesNotContain("MIT");
    }

    @Test
    void tellsWhatPartOfAnImageIsKept() {
        assertThat(card("squeezenet", Map.of("center_crop", "0.875"))).contains("- `data.center_crop`: 0.875\n");
        assertThat(card("squeezenet", Map.of())).doesNotContain("center_crop");
    }
}
