package dev.graft.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.base.Catalogue;
import dev.graft.plan.Plan;
import dev.graft.search.Trial;
import dev.graft.search.Trials;
import dev.graft.spec.SweepFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is in {@code src/bench} still fits the program. */
class BenchmarkFilesTest {

    private static final Path BENCH = Path.of("src", "bench");

    private static final Path SWEEP = BENCH.resolve("whole-sweep.yaml");

    @Nested
    class TheSweepFile {

        @Test
        void isASweepWithoutWarningsOf24HeadsForEachOfTwoSizes() {
            SweepFile.Parsed parsed = SweepFile.read(SWEEP, new Catalogue(List.of()));
            List<Trial> trials = Trials.of(parsed.sweep());
            assertThat(parsed.warnings()).isEmpty();
            assertThat(Plan.of(trials).groups())
                    .hasSize(2)
                    .allSatisfy(group -> assertThat(group.trials()).hasSize(24));
        }

        /** The script replaces whole lines. */
        @Test
        void hasEachKeyThatTheScriptReplacesOnOneLineOfItsOwn() throws IOException {
            String text = Files.readString(SWEEP);
            for (String key : List.of("data", "learning_rate", "dropout", "epochs", "early_stopping")) {
                assertThat(Pattern.compile("(?m)^\\s*" + key + ":\\s+\\S.*$")
                                .matcher(text)
                                .results()
                                .map(MatchResult::group))
                        .as(key)
                        .hasSize(1);
            }
        }

        /** PyTorch trains the same heads, by its defaults. */
        @Test
        void hasTheLearningRatesAndDropoutsOfThePyTorchScript() throws IOException {
            String script = Files.readString(BENCH.resolve("python").resolve("cached.py"));
            assertThat(script)
                    .contains("default=\"0.0003,0.0006,0.001,0.002,0.004,0.01\"")
                    .contains("default=\"0.2,0.3,0.4,0.5\"");
            List<Trial> trials =
                    Trials.of(SweepFile.read(SWEEP, new Catalogue(List.of())).sweep());
            assertThat(trials.stream().map(trial -> trial.parameters().learningRate()))
                    .containsOnly(0.0003, 0.0006, 0.001, 0.002, 0.004, 0.01);
            assertThat(trials.stream().map(trial -> trial.parameters().dropout()))
                    .containsOnly(0.2, 0.3, 0.4, 0.5);
        }
    }

    @Nested
    class TheScripts {

        @Test
        void areShellThatBashUnderstands() throws Exception {
            assertThat(output("bash", "-n", BENCH.resolve("whole-sweep").toString()))
                    .isEmpty();
        }

        @Test
        void arePythonThatCompiles() throws Exception {
            List<Path> scripts;
            try (Stream<Path> files = Files.list(BENCH.resolve("python"))) {
                scripts = files.filter(file -> file.toString().endsWith(".py"))
                        .sorted()
                        .toList();
            }
            assertThat(scripts).hasSizeGreaterThan(5);
            for (Path script : scripts) {
                assertThat(output(
                                "python3",
                                "-c",
                                "import sys; compile(open(sys.argv[1]).read(), sys.argv[1], 'exec')",
                                script.toString()))
                        .isEmpty();
            }
        }

        @Test
        void nameOnlyMeasuringProgramsThatThereAre() throws IOException {
            String driver = Files.readString(BENCH.resolve("python").resolve("whole_sweep.py"));
            List<String> named = Pattern.compile("bench\\.java\\(\"(\\w+)\"")
                    .matcher(driver)
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            assertThat(named)
                    .hasSizeGreaterThanOrEqualTo(5)
                    .allSatisfy(name -> assertThat(
                                    Class.forName("dev.graft.bench." + name).getDeclaredMethod("main", String[].class))
                            .isNotNull());
        }

        private static String output(String... command) throws Exception {
            Process process;
            try {
                process = new ProcessBuilder(command).redirectErrorStream(true).start();
            } catch (IOException e) {
                assumeTrue(false, () -> "skipped: there is no " + command[0] + " on this machine");
                return "";
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? output : output + " (failed)";
        }
    }
}
