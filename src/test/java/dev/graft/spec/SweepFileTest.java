package dev.graft.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SweepFileTest {

    private static final String SMALLEST = """
            data: {path: images}
            parameters: {base: {value: sprout}}
            """;

    private static SweepFile.Parsed parse(String text) {
        return SweepFile.parse("sweeps/cats.yaml", text, new FewBases());
    }

    private static Sweep sweep(String text) {
        return parse(text).sweep();
    }

    private static @Nullable ParameterSpace space(String name, String form) {
        return sweep("""
                data: {path: images}
                method: random
                run_cap: 5
                parameters:
                  base: {value: sprout}
                  %s: %s
                """.formatted(name, form)).parameters().get(name);
    }

    private static ParameterSpace choice(Object... values) {
        return new ParameterSpace.Choice(List.of(values), List.of());
    }

    @Nested
    class ImagesFromTheWeb {

        @Test
        void areNamedByAddressAndDigest() {
            String digest = "0123456789ABCDEF".repeat(4);
            SweepData data = SweepFile.parse("web.yaml", """
                    data: {url: "https://example.org/a.zip", sha256: "%s", path: inner/folder}
                    parameters: {base: {value: sprout}}
                    """.formatted(digest), new FewBases())
                    .sweep()
                    .data();
            assertThat(data.path()).isEqualTo("inner/folder");
            assertThat(data.archive())
                    .contains(new SweepData.Archive(
                            "https://example.org/a.zip", digest.toLowerCase(java.util.Locale.ROOT)));
        }

        @Test
        void needNoPath() {
            SweepData data = SweepFile.parse("web.yaml", """
                    data: {url: "https://example.org/a.zip", sha256: "%s"}
                    parameters: {base: {value: sprout}}
                    """.formatted("a".repeat(64)), new FewBases())
                    .sweep()
                    .data();
            assertThat(data.path()).isEmpty();
        }
    }

    @Nested
    class Defaults {

        @Test
        void fillInWhateverTheFileLeavesOut() {
            assertThat(sweep(SMALLEST))
                    .isEqualTo(new Sweep(
                            "cats",
                            new SweepData("images", Optional.empty(), List.of(), 1, SweepData.OnBadImage.SKIP),
                            Method.GRID,
                            new Metric("val_accuracy", Metric.Goal.MAXIMIZE),
                            Map.of("base", choice("sprout")),
                            List.of(),
                            30,
                            new EarlyStopping(true, "val_loss", 3, 0.001, true),
                            new FineTune(0.1, 30),
                            42,
                            1,
                            new Retry(2),
                            0,
                            OptionalInt.of(3),
                            OptionalInt.empty(),
                            Optional.empty(),
                            OptionalLong.empty()));
        }

        @Test
        void doNotMakeWarnings() {
            assertThat(parse(SMALLEST).warnings()).isEmpty();
        }

        @Test
        void letFineTuningRunAsLongAsTheFirstPhase() {
            assertThat(sweep(SMALLEST + "epochs: 7").fineTune()).isEqualTo(new FineTune(0.1, 7));
        }

        @Test
        void minimizeALossAndMaximizeTheRest() {
            assertThat(sweep(SMALLEST + "metric: {name: val_loss}").metric().goal())
                    .isEqualTo(Metric.Goal.MINIMIZE);
            assertThat(sweep(SMALLEST + "metric: {name: val_macro_f1}").metric().goal())
                    .isEqualTo(Metric.Goal.MAXIMIZE);
        }

        @ParameterizedTest
        @CsvSource({
            "cats.yaml, cats",
            "a/b/my cats.v2.yml, my-cats.v2",
            "a\\b\\cats.yaml, cats",
            ".yaml, sweep",
            "noextension, noextension"
        })
        void nameTheSweepAfterItsFile(String file, String name) {
            assertThat(SweepFile.parse(file, SMALLEST, new FewBases()).sweep().name())
                    .isEqualTo(name);
        }
    }

    @Nested
    class Settings {

        @Test
        void areAllRead() {
            Sweep sweep = sweep("""
                    name: cats-and_dogs.1
                    data:
                      path: images
                      split: {validation: 0.15, test: 0.1}
                      augment: [horizontal_flip, vertical_flip, {rotation: 10}, {zoom: 0.1}, {shift: 0.2}, {brightness: 0.3}]
                      views: 4
                      on_bad_image: fail
                    method: random
                    metric: {name: val_loss, goal: minimize}
                    parameters:
                      base: {value: sprout}
                      fine_tune_depth: {values: [0, 1]}
                    exclude: [{fine_tune_depth: 1}]
                    epochs: 10
                    early_stopping: {monitor: val_accuracy, patience: 5, min_delta: 0, restore_best: false}
                    fine_tune: {learning_rate_factor: 0.01, epochs: 4}
                    seed: 7
                    repeats: 3
                    retry: {max_attempts: 1}
                    run_cap: 2
                    keep_models: 5
                    max_failed_trials: 0
                    max_trial_minutes: 1.5
                    cache: {max_bytes: 20 GB}
                    """);
            assertThat(sweep)
                    .isEqualTo(new Sweep(
                            "cats-and_dogs.1",
                            new SweepData(
                                    "images",
                                    Optional.of(new SweepData.Split(0.15, 0.1)),
                                    List.of(
                                            change(SweepData.Augmentation.Kind.HORIZONTAL_FLIP, 0),
                                            change(SweepData.Augmentation.Kind.VERTICAL_FLIP, 0),
                                            change(SweepData.Augmentation.Kind.ROTATION, 10),
                                            change(SweepData.Augmentation.Kind.ZOOM, 0.1),
                                            change(SweepData.Augmentation.Kind.SHIFT, 0.2),
                                            change(SweepData.Augmentation.Kind.BRIGHTNESS, 0.3)),
                                    4,
                                    SweepData.OnBadImage.FAIL),
                            Method.RANDOM,
                            new Metric("val_loss", Metric.Goal.MINIMIZE),
                            Map.of("base", choice("sprout"), "fine_tune_depth", choice(0L, 1L)),
                            List.of(Map.of("fine_tune_depth", 1L)),
                            10,
                            new EarlyStopping(true, "val_accuracy", 5, 0, false),
                            new FineTune(0.01, 4),
                            7,
                            3,
                            new Retry(1),
                            2,
                            OptionalInt.of(5),
                            OptionalInt.of(0),
                            Optional.of(Duration.ofSeconds(90)),
                            OptionalLong.of(20_000_000_000L)));
        }

        @Test
        void canKeepAllModelsOrNone() {
            assertThat(sweep(SMALLEST + "keep_models: all").keepModels()).isEmpty();
            assertThat(sweep(SMALLEST + "keep_models: 0").keepModels()).hasValue(0);
        }

        @Test
        void giveEvenTheShortestTimeSome() {
            assertThat(sweep(SMALLEST + "max_trial_minutes: 1e-300").maxTrialTime())
                    .contains(Duration.ofMillis(1));
        }

        @ParameterizedTest
        @CsvSource({"1000, 1000", "1.5 GiB, 1610612736", "'\"7 kB\"', 7000", "'\"7\"', 7"})
        void takeSizesWithAndWithoutUnits(String text, long bytes) {
            assertThat(sweep(SMALLEST + "cache: {precision: float16}").precision())
                    .isEqualTo(FeaturePrecision.FLOAT16);
            assertThat(sweep(SMALLEST + "cache: {max_bytes: " + text + "}").cacheMaxBytes())
                    .hasValue(bytes);
        }

        private static SweepData.Augmentation change(SweepData.Augmentation.Kind kind, double amount) {
            return new SweepData.Augmentation(kind, amount);
        }

        @Test
        void canSwitchEarlyStoppingOffAndOn() {
            assertThat(sweep(SMALLEST + "early_stopping: false").earlyStopping().enabled())
                    .isFalse();
            assertThat(sweep(SMALLEST + "early_stopping: true").earlyStopping().enabled())
                    .isTrue();
        }

        @Test
        void ofRecipesAreRead() {
            Sweep sweep = sweep("""
                    data:
                      path: images
                      classes: [cats, "7"]
                      augment: [{random_resized_crop: 1}, {shear: 10}, {contrast: 0.2}]
                      views: 2
                      center_crop: 0.875
                      max_images: 200
                    parameters: {base: {value: sprout}}
                    fine_tune: {learning_rate: 1e-5, optimizer: sgd}
                    """);
            assertThat(sweep.data().classes()).containsExactly("cats", "7");
            assertThat(sweep.data().centerCrop()).hasValue(0.875);
            assertThat(sweep.data().maxImages()).hasValue(200);
            assertThat(sweep.data().augment())
                    .containsExactly(
                            change(SweepData.Augmentation.Kind.RANDOM_RESIZED_CROP, 1),
                            change(SweepData.Augmentation.Kind.SHEAR, 10),
                            change(SweepData.Augmentation.Kind.CONTRAST, 0.2));
            assertThat(sweep.fineTune())
                    .isEqualTo(
                            new FineTune(0.1, 30, OptionalDouble.of(1e-5), Optional.of(TrialParameters.Optimizer.SGD)));
        }

        @Test
        void ofTheSecondPhaseComeFromItsOwnOptimizer() {
            FineTune fineTune = sweep(SMALLEST + "fine_tune: {learning_rate: 1e-5, optimizer: sgd}")
                    .fineTune();
            assertThat(fineTune.learningRate(0.01)).isEqualTo(1e-5);
            Map<String, Object> first = Map.of("base", "sprout", "optimizer", "adamw");
            TrialParameters second = fineTune.parameters(first);
            assertThat(second.optimizer()).isEqualTo(TrialParameters.Optimizer.SGD);
            assertThat(second.momentum()).isEqualTo(0.9);
            assertThat(second.weightDecay()).isZero();
            assertThat(fineTune.parameters(Map.of("base", "sprout", "momentum", 0.5))
                            .momentum())
                    .isEqualTo(0.5);
            assertThat(new FineTune(0.1, 3).parameters(first)).isEqualTo(dev.graft.spec.Parameters.from(first));
            assertThat(new FineTune(0.1, 3).learningRate(0.01)).isEqualTo(0.01 * 0.1);
        }

        @Test
        void letMomentumStandForTheSecondPhaseAlone() {
            String text = """
                    data: {path: images}
                    parameters: {base: {value: sprout}, momentum: {value: 0.5}, fine_tune_depth: {value: 1}}
                    """;
            assertThat(parse(text).warnings()).hasSize(1);
            assertThat(parse(text + "fine_tune: {optimizer: sgd}").warnings()).isEmpty();
            assertThat(parse(text + "fine_tune: {optimizer: adamw}").warnings()).hasSize(1);
        }

        @Test
        void takeLiveViewsAsZero() {
            Sweep sweep = sweep("""
                    data: {path: images, augment: [horizontal_flip], views: live}
                    parameters: {base: {value: sprout}}
                    """);
            assertThat(sweep.data().live()).isTrue();
        }
    }

    @Nested
    class Parameters {

        @Test
        void keepTheOrderOfTheFile() {
            assertThat(sweep("""
                    data: {path: images}
                    parameters:
                      dropout: {value: 0}
                      base: {value: sprout}
                      batch_size: {value: 8}
                    """).parameters())
                    .containsOnlyKeys("dropout", "base", "batch_size")
                    .extracting(Map::keySet)
                    .asInstanceOf(InstanceOfAssertFactories.ITERABLE)
                    .containsExactly("dropout", "base", "batch_size");
        }

        @Test
        void comeAsLongDoubleTextAndLists() {
            assertThat(space("image_size", "{values: [32, 0x40]}")).isEqualTo(choice(32L, 64L));
            assertThat(space("learning_rate", "{values: [1e-5, 1.0E-3, 1, .5]}"))
                    .isEqualTo(choice(1e-5, 1e-3, 1.0, 0.5));
            assertThat(space("optimizer", "{values: ['adam', \"sgd\"]}")).isEqualTo(choice("adam", "sgd"));
            assertThat(space("dense_units", "{values: [0, 64, [128, 64]]}"))
                    .isEqualTo(choice(0L, 64L, List.of(128L, 64L)));
        }

        @Test
        void writeOneLayerAndNoLayerInOneWay() {
            assertThat(space("dense_units", "{values: [[], [64]]}")).isEqualTo(choice(0L, 64L));
        }

        @Test
        void takeNumbersWithTheTagThatOtherYamlLibrariesNeed() {
            assertThat(space("learning_rate", "{value: !!float 1e-5}")).isEqualTo(choice(1e-5));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "image_size | {min: 32, max: 64} | IntRange[min=32, max=64]",
                    "image_size | {distribution: int_uniform, min: 32, max: 64} | IntRange[min=32, max=64]",
                    "image_size | {distribution: q_uniform, min: 32, max: 64, q: 16} | RealRange[min=32.0, max=64.0, log=false, quantum=16.0]",
                    "batch_size | {distribution: q_log_uniform_values, min: 8, max: 64} | RealRange[min=8.0, max=64.0, log=true, quantum=1.0]",
                    "dropout | {min: 0.1, max: 0.5} | RealRange[min=0.1, max=0.5, log=false, quantum=0.0]",
                    "dropout | {min: 0.1, max: 0.5, q: 0.1} | RealRange[min=0.1, max=0.5, log=false, quantum=0.1]",
                    "dropout | {distribution: uniform, min: 0, max: 1} | RealRange[min=0.0, max=1.0, log=false, quantum=0.0]",
                    "learning_rate | {distribution: log_uniform_values, min: 1e-5, max: 1e-2} | RealRange[min=1.0E-5, max=0.01, log=true, quantum=0.0]",
                    "learning_rate | {distribution: log_uniform, min: -1, max: 0} | RealRange[min=0.36787944117144233, max=1.0, log=true, quantum=0.0]",
                    "dropout | {distribution: constant, value: 0.5} | Choice[values=[0.5], probabilities=[]]",
                    "dropout | {values: [0.2, 0.5], probabilities: [0.3, 0.7]} | Choice[values=[0.2, 0.5], probabilities=[0.3, 0.7]]",
                })
        void takeTheFormsOfWandb(String name, String form, String expected) {
            assertThat(space(name, form)).hasToString(expected);
        }

        @Test
        void areFineWhenTheUserExcludesWhatCannotBe() {
            Sweep sweep = sweep("""
                    data: {path: images}
                    parameters:
                      base: {values: [sprout, squeezenet]}
                      image_size: {values: [32, 64]}
                    exclude: [{base: squeezenet, image_size: 32}]
                    """);
            assertThat(sweep.exclude()).containsExactly(Map.of("base", "squeezenet", "image_size", 32L));
        }

        @Test
        void areFineWhenSeveralEntriesTogetherExcludeWhatCannotBe() {
            Sweep sweep = sweep("""
                    data: {path: images}
                    parameters:
                      base: {values: [sprout, squeezenet]}
                      image_size: {values: [32, 64]}
                      dropout: {values: [0.2, 0.5]}
                    exclude:
                      - {base: squeezenet, image_size: 32, dropout: 0.2}
                      - {image_size: 32, dropout: 0.5}
                    """);
            assertThat(sweep.exclude()).hasSize(2);
        }
    }

    @Nested
    class FilesFromWandb {

        @Test
        void runAsAGridOnceTheyNameTheirData() {
            SweepFile.Parsed parsed = parse("""
                    program: train.py
                    method: grid
                    project: cats
                    command:
                      - ${env}
                      - python
                    metric:
                      name: val_loss
                      goal: minimize
                    parameters:
                      base:
                        value: sprout
                      learning_rate:
                        values: [0.01, 0.001]
                      dropout:
                        values: [0.3, 0.4]
                    data: {path: images}
                    """);
            assertThat(parsed.sweep().parameters()).hasSize(3);
            assertThat(parsed.warnings())
                    .extracting(Problem::toString)
                    .containsExactly(
                            "sweeps/cats.yaml:1:1 program: is a W&B key that Graft does not use",
                            "sweeps/cats.yaml:3:1 project: is a W&B key that Graft does not use",
                            "sweeps/cats.yaml:4:1 command: is a W&B key that Graft does not use");
        }

        @Test
        void runAsARandomSearch() {
            SweepFile.Parsed parsed = parse("""
                    method: random
                    run_cap: 20
                    metric: {name: val_accuracy, goal: maximize}
                    parameters:
                      base: {value: sprout}
                      learning_rate:
                        distribution: log_uniform_values
                        min: 0.0001
                        max: 0.1
                      dropout: {min: 0.0, max: 0.5}
                      batch_size:
                        distribution: q_log_uniform_values
                        q: 8
                        min: 32
                        max: 256
                      optimizer: {values: [adam, sgd], probabilities: [0.75, 0.25]}
                    data: {path: images}
                    """);
            assertThat(parsed.sweep().method()).isEqualTo(Method.RANDOM);
            assertThat(parsed.warnings()).isEmpty();
        }
    }

    @Nested
    class Warnings {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "metric: {name: val_loss, goal: maximize} | 3:32 metric.goal: ranks the worst trials first: less val_loss is better; write goal: minimize",
                    "metric: {target: 0.9} | 3:10 metric.target: is not used: every trial runs, whatever the others reach",
                    "early_stopping: {patience: 30} | 3:28 early_stopping.patience: never stops a phase: it is not below epochs, 30",
                    "exclude: [{base: squeezenet}] | 3:18 exclude[0].base: matches nothing, because base is never the text \"squeezenet\"",
                    "exclude: [{dropout: 0.5}] | 3:12 exclude[0].dropout: matches nothing, because the sweep has no parameter dropout",
                })
        void tellOfSettingsThatDoLittleGood(String line, String expected) {
            assertThat(parse(SMALLEST + line).warnings())
                    .extracting(Problem::toString)
                    .containsExactly("sweeps/cats.yaml:" + expected);
        }

        @Test
        void tellOfParametersThatChangeNothing() {
            assertThat(parse("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      momentum: {value: 0.9}
                      step_every: {value: 3}
                    """).warnings())
                    .extracting(Problem::toString)
                    .containsExactly(
                            "sweeps/cats.yaml:4:21 parameters.momentum: changes nothing: it needs optimizer rmsprop or sgd",
                            "sweeps/cats.yaml:5:23 parameters.step_every: changes nothing: it needs learning_rate_schedule step");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{value: 0}                | true",
                    "{values: [0, 2]}          | false",
                    "{min: 0, max: 2}          | false",
                    "                          | true",
                })
        void heedTheSecondOptimizerOnlyWhereThereIsASecondPhase(@Nullable String depths, boolean expected) {
            assertThat(parse("""
                    method: random
                    run_cap: 5
                    data: {path: images}
                    fine_tune: {optimizer: sgd}
                    parameters:
                      base: {value: sprout}
                      momentum: {value: 0.9}
                    """ + (depths == null ? "" : "  fine_tune_depth: " + depths + "\n"))
                            .warnings())
                    .extracting(Problem::path)
                    .isEqualTo(expected ? List.of("parameters.momentum") : List.of());
        }

        @Test
        void tellOfChangesMadeOnlyOnce() {
            assertThat(parse("""
                    data: {path: images, augment: [horizontal_flip]}
                    parameters: {base: {value: sprout}}
                    """).warnings())
                    .extracting(Problem::toString)
                    .containsExactly(
                            "sweeps/cats.yaml:1:31 data.augment: makes one changed view of each image and uses it in every epoch; write views: 4, or views: live");
        }
    }

    @Nested
    class Yaml {

        @Test
        void wordsThatOlderYamlTakesForTruthStayText() {
            assertThat(sweep(SMALLEST.replace("images", "no")).data().path()).isEqualTo("no");
            assertThat(sweep(SMALLEST.replace("images", "on")).data().path()).isEqualTo("on");
            assertThat(sweep(SMALLEST.replace("images", "12:30:00")).data().path())
                    .isEqualTo("12:30:00");
        }

        @Test
        void anchorsAliasesAndMergesWork() {
            Sweep sweep = sweep("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: &half {value: 0.5}
                      momentum: *half
                      learning_rate: {<<: *half}
                      step_factor: {<<: [*half, {value: 0.1}]}
                      weight_decay: {<<: *half, value: 0.25}
                    """);
            assertThat(sweep.parameters())
                    .containsEntry("momentum", choice(0.5))
                    .containsEntry("learning_rate", choice(0.5))
                    .containsEntry("step_factor", choice(0.5))
                    .containsEntry("weight_decay", choice(0.25));
        }

        @Test
        void aByteOrderMarkIsReadOver() {
            SweepFile.Parsed parsed = parse("\uFEFF" + SMALLEST);
            assertThat(parsed.text()).isEqualTo(SMALLEST);
        }

        @Test
        void windowsLineEndsCountAsOne() {
            assertThatThrownBy(() -> parse("data: {path: images}\r\nparameters: {base: {value: sprout}}\r\nepochs: 0"))
                    .hasMessage("sweeps/cats.yaml:3:9 epochs: must be >= 1, but was 0");
        }

        @Test
        void aliasesThatMultiplyAreStopped() {
            StringBuilder text = new StringBuilder("a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
            for (int i = 1; i < 20; i++) {
                text.append("a%d: &a%d [%s]%n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9)));
            }
            assertThatThrownBy(() -> parse(text.toString()))
                    .isInstanceOf(SweepFileException.class)
                    .hasMessageContaining("must not hold more than 100,000 values, counting what aliases repeat");
        }

        @Test
        void mergesThatMultiplyAreStopped() {
            StringBuilder text = new StringBuilder("a0: &a0 {x: 1}\n");
            for (int i = 1; i < 40; i++) {
                text.append("a%d: &a%d {<<: [*a%d, *a%d]}%n".formatted(i, i, i - 1, i - 1));
            }
            assertThatThrownBy(() -> parse(text.toString()))
                    .isInstanceOf(SweepFileException.class)
                    .hasMessageContaining("must not hold more than 100,000 values");
        }

        @Test
        void deepNestingIsStopped() {
            assertThatThrownBy(() -> parse("[".repeat(5000)))
                    .isInstanceOf(SweepFileException.class)
                    .hasMessage("sweeps/cats.yaml: must not be nested more than 50 deep");
        }
    }

    @Nested
    class FilesOnDisk {

        @Test
        void thatAreNotThereAreSaidSo(@TempDir Path folder) {
            assertRefused(folder.resolve("none.yaml"), ": there is no such file");
        }

        @Test
        void thatAreFoldersAreSaidSo(@TempDir Path folder) {
            assertRefused(folder, ": is a folder, not a sweep file");
        }

        @Test
        void thatAreTooLargeAreRefused(@TempDir Path folder) throws IOException {
            Path file = Files.write(folder.resolve("large.yaml"), new byte[SweepFile.MOST_BYTES + 1]);
            assertRefused(file, ": must not be larger than 1 MiB; is it a sweep file?");
        }

        @Test
        void thatAreNotUtf8AreRefusedWithThePlace(@TempDir Path folder) throws IOException {
            Path file = Files.write(
                    folder.resolve("latin.yaml"), "seed: 1\nname: K\u00e4fer".getBytes(StandardCharsets.ISO_8859_1));
            assertRefused(file, ":2:8: is not UTF-8 text; save it as UTF-8");
        }

        @Test
        void thatBreakOffInsideACharacterAreRefused(@TempDir Path folder) throws IOException {
            Path file = Files.write(folder.resolve("cut.yaml"), new byte[] {'a', (byte) 0xC3});
            assertRefused(file, ":1:2: is not UTF-8 text; save it as UTF-8");
        }

        private static void assertRefused(Path file, String expected) {
            SweepFileException thrown =
                    catchThrowableOfType(SweepFileException.class, () -> SweepFile.read(file, new FewBases()));
            assertThat(thrown).hasMessage(file + expected);
        }

        static Stream<Path> examples() throws IOException {
            try (Stream<Path> files = Files.list(Path.of("sweeps"))) {
                return files.filter(f -> f.toString().endsWith(".yaml")).toList().stream();
            }
        }

        @ParameterizedTest
        @MethodSource("examples")
        void ofTheProjectAreRight(Path file) {
            SweepFile.Parsed parsed = SweepFile.read(file, new TenBases());
            assertThat(parsed.warnings()).isEmpty();
            assertThat(parsed.fileName()).isEqualTo(file.toString());
        }
    }

    @Nested
    class LaterProblems {

        private final SweepFile.Parsed parsed = parse("""
                seed: 3
                data: {path: images}
                parameters: {base: {values: [sprout]}}
                """);

        @Test
        void standWhereTheFileSaysIt() {
            assertThat(parsed.at("data.path", "is not a folder"))
                    .hasToString("sweeps/cats.yaml:2:14 data.path: is not a folder");
            assertThat(parsed.at("parameters.base.values[0]", "is too slow"))
                    .hasToString("sweeps/cats.yaml:3:30 parameters.base.values[0]: is too slow");
        }

        @Test
        void standAtTheNearestParentOfWhatTheFileLeavesOut() {
            assertThat(parsed.at("data.split.test", "has no images"))
                    .hasToString("sweeps/cats.yaml:2:7 data.split.test: has no images");
            assertThat(parsed.at("epochs", "are many")).hasToString("sweeps/cats.yaml:1:1 epochs: are many");
        }
    }
}
