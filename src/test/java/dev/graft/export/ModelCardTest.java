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
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCardTest {

    private static String card(String base, Map<String, String> provenance) {
        return card(base, provenance, List.of("dress", "hat"));
    }

    private static String card(String base, Map<String, String> provenance, List<String> classes) {
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
                classes,
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
                "",
                OptionalLong.of(788_100));
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
        assertThat(card("squeezenet", Map.of()))
                .contains("Base weights: MIT", "on the base `squeezenet`", "It has 788,100 weights.");
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "](http://evil.example) <script>alert(1)</script>",
                "a | b | c",
                "`ticks` and ```fences```",
                "two\n# lines\r\n\n<img src=x onerror=alert(1)>",
                "![x](http://evil.example/x.png)",
                "<http://evil.example>",
                "&lt;b&gt; &#60;",
                "**bold** _italic_ ~~gone~~ [^1]",
                "\u202Egnp.exe \u001B[31m"
            })
    void writesClassNamesAsText(String name) {
        String card = card("squeezenet", Map.of(), List.of(name, "hat"));
        assertThat(card).doesNotContain(name).doesNotContainPattern("[\\p{Cntrl}&&[^\n]]|\u202E");
        assertThat(card.lines())
                .hasSameSizeAs(card("squeezenet", Map.of()).lines().toList());
        String figures = " | 1 | 1.000 | 1.000 | 1.000 |";
        String row =
                card.lines().filter(line -> line.endsWith(figures)).findFirst().orElseThrow();
        // Every character that means something to Markdown or HTML has a backslash before it.
        assertThat(row.substring(2, row.length() - figures.length()))
                .doesNotContainPattern("(?<!\\\\)(\\\\\\\\)*[\\[\\]<>|`*_&!:#~]");
    }

    @Test
    void labelsAreOneLineForEachClass() {
        assertThat(ModelExporter.labelLines(List.of("a\nb", "\u2028", "it's, \"so\"", "c\\d")))
                .isEqualTo("a\\u000Ab\n\\u2028\nit's, \"so\"\nc\\d\n");
    }
}
