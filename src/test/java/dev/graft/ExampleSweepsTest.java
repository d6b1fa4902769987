package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.base.Catalogue;
import dev.graft.plan.Plan;
import dev.graft.search.Trial;
import dev.graft.search.Trials;
import dev.graft.spec.SweepFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The files in {@code sweeps/} are sweeps, and share what their comments say. */
class ExampleSweepsTest {

    static Stream<Path> sweepFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("sweeps"))) {
            return files.sorted().toList().stream();
        }
    }

    private static SweepFile.Parsed read(Path file) {
        return SweepFile.read(file, new Catalogue(List.of()));
    }

    @ParameterizedTest
    @MethodSource("sweepFiles")
    void everyExampleIsASweepWithoutWarnings(Path file) throws IOException {
        SweepFile.Parsed parsed = read(file);
        assertThat(parsed.warnings()).isEmpty();
        assertThat(parsed.sweep().name())
                .isEqualTo(file.getFileName().toString().replace(".yaml", ""));
        assertThat(Files.readAllLines(file).get(0))
                .isEqualTo("# yaml-language-server: $schema=../docs/sweep-file.schema.json");
    }

    @ParameterizedTest
    @CsvSource({
        "quickstart, 12, 1, 2",
        "clothing-mobilenet, 12, 2, 2",
        "clothing-mobilenet-v2, 3, 1, 1",
        "vgg16-fine-tune, 2, 1, 2",
        "resnet50-recipe, 1, 1, 1",
        "resnet18-two-classes, 1, 1, 1",
        "xception-sizes, 12, 2, 2",
        "all-bases, 20, 10, 20",
    })
    void theirTrialsSharePassesAndFeatures(String name, int trials, int passes, int groups) {
        List<Trial> listed = Trials.of(read(Path.of("sweeps", name + ".yaml")).sweep());
        Plan plan = Plan.of(listed);
        assertThat(listed).hasSize(trials);
        assertThat(plan.passes()).hasSize(passes);
        assertThat(plan.groups()).hasSize(groups);
    }

    @Test
    void everyBaseRunsAtItsSmallestSize() {
        Catalogue bases = new Catalogue(List.of());
        List<Trial> trials = Trials.of(read(Path.of("sweeps", "all-bases.yaml")).sweep());
        assertThat(trials)
                .extracting(trial -> trial.parameters().base())
                .containsOnly(bases.names().toArray(String[]::new));
        assertThat(trials)
                .allSatisfy(trial -> assertThat(trial.parameters().imageSize())
                        .isEqualTo(bases.find(trial.parameters().base())
                                .orElseThrow()
                                .minimumSize()));
    }

    @Test
    void theTableNamesEveryExample() throws IOException {
        assertThat(sweepFiles()).hasSize(8);
    }
}
