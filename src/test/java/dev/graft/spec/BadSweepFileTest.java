package dev.graft.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user who makes a mistake gets to read: every line of it, with its place. */
class BadSweepFileTest {

    @Nested
    class Syntax {

        @Test
        void aTabThatIndents() {
            assertProblems("""
                    data:
                    \tpath: images
                    """, """
                    bad.yaml:2:1: is not valid YAML: a tab cannot indent or start a value; use spaces
                    """);
        }

        @Test
        void aBracketLeftOpen() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}
                    """, """
                    bad.yaml:3:1: is not valid YAML: expected ',' or '}', but got <stream end> (while parsing a flow mapping)
                    """);
        }

        @Test
        void aQuoteLeftOpen() {
            assertProblems("""
                    name: "cats
                    data: {path: images}
                    """, """
                    bad.yaml:3:1: is not valid YAML: found unexpected end of stream (while scanning a quoted scalar)
                    """);
        }

        @Test
        void aKeyWithoutAColon() {
            assertProblems("""
                    data: {path: images}
                    method grid
                    """, """
                    bad.yaml:3:1: is not valid YAML: could not find expected ':' (while scanning a simple key)
                    """);
        }

        @Test
        void aKeyGivenTwice() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    epochs: 3
                    seed: 1
                    epochs: 4
                    """, """
                    bad.yaml:5:1 epochs: is given twice; the first is on line 3
                    """);
        }

        @Test
        void aSecondDocument() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    ---
                    name: other
                    """, """
                    bad.yaml:3:1: holds a second document; give each sweep a file of its own
                    """);
        }

        @Test
        void anEmptyFile() {
            assertProblems("", """
                    bad.yaml:1:1: is empty; it must at least name data and parameters
                    """);
        }

        @Test
        void onlyComments() {
            assertProblems("""
                    # nothing yet
                    """, """
                    bad.yaml:1:1: is empty; it must at least name data and parameters
                    """);
        }

        @Test
        void aListAtTheRoot() {
            assertProblems("""
                    - a
                    - b
                    """, """
                    bad.yaml:1:1: must be a map of keys, as in name: my-sweep, but was a list
                    """);
        }

        @Test
        void plainTextAtTheRoot() {
            assertProblems("""
                    hello
                    """, """
                    bad.yaml:1:1: must be a map of keys, as in name: my-sweep, but was the text "hello"
                    """);
        }

        @Test
        void aFileThatContainsItself() {
            assertProblems("""
                    data: {path: images}
                    parameters: &p {base: *p}
                    """, """
                    bad.yaml:2:13 parameters.base: must not contain itself through an alias
                    """);
        }

        @Test
        void anUnknownAnchor() {
            assertProblems("""
                    data: {path: images}
                    parameters: *p
                    """, """
                    bad.yaml:2:13: is not valid YAML: found undefined alias p
                    """);
        }

        @Test
        void aTagThatWouldMakeAnObject() {
            assertProblems("""
                    data: {path: images}
                    parameters: !!java.net.URL ["http://localhost"]
                    """, """
                    bad.yaml:2:13 parameters: must not carry the tag !!java.net.URL
                    bad.yaml:2:13 parameters: must be a map, but was a list; write parameters: {base: {value: ...}, ...}
                    """);
        }

        @Test
        void aKeyThatIsAList() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    [a, b]: 1
                    """, """
                    bad.yaml:3:1: must have text as keys, but one is a list or a map
                    """);
        }

        @Test
        void aControlCharacter() {
            assertProblems("""
                    data: {path: images}
                    name: a\001b
                    """, """
                    bad.yaml:2:8: holds the character U+0001, which YAML forbids
                    """);
        }

        @Test
        void somethingMergedThatIsNoMap() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    retry: {<<: 3}
                    """, """
                    bad.yaml:3:13 retry.<<: must be a map, or a list of maps, to merge
                    """);
        }
    }

    @Nested
    class Keys {

        @Test
        void aMisspeltKey() {
            assertProblems("""
                    data: {path: images}
                    parameter: {base: {value: sprout}}
                    """, """
                    bad.yaml:2:1 parameter: is not a known key; did you mean parameters?
                    """);
        }

        @Test
        void aKeyNobodyKnows() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    colour: blue
                    """, """
                    bad.yaml:3:1 colour: is not a known key
                    """);
        }

        @Test
        void aParameterAtTheTopLevel() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    learning_rate: 0.1
                    """, """
                    bad.yaml:3:1 learning_rate: belongs under parameters
                    """);
        }

        @Test
        void aSettingUnderParameters() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      epochs: {value: 10}
                    """, """
                    bad.yaml:4:3 parameters.epochs: belongs at the top level of the file, not under parameters
                    """);
        }

        @Test
        void anotherToolsName() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      lr: {value: 0.1}
                    """, """
                    bad.yaml:4:3 parameters.lr: is not a known key; did you mean learning_rate?
                    """);
        }

        @Test
        void aMisspeltParameter() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      droput: {value: 0.1}
                    """, """
                    bad.yaml:4:3 parameters.droput: is not a known key; did you mean dropout?
                    """);
        }

        @Test
        void aMisspeltKeyInASection() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    early_stopping: {patiance: 3}
                    """, """
                    bad.yaml:3:18 early_stopping.patiance: is not a known key; did you mean patience?
                    """);
        }

        @Test
        void noDataAndNoParameters() {
            assertProblems("""
                    method: grid
                    """, """
                    bad.yaml:1:1 data: is missing; write data: {path: my-images}
                    bad.yaml:1:1 parameters: is missing; write parameters: {base: {value: ...}, learning_rate: {values: [0.01, 0.001]}}
                    """);
        }

        @Test
        void noBase() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      dropout: {value: 0.5}
                    """, """
                    bad.yaml:3:3 parameters.base: is missing; write base: {value: ...} with one of mobilenet_v2, sprout, squeezenet
                    """);
        }

        @Test
        void earlyTermination() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    early_terminate: {type: hyperband, min_iter: 3}
                    """, """
                    bad.yaml:3:1 early_terminate: is not supported: this version does grid and random search, and runs every trial to its own early_stopping
                    """);
        }
    }

    @Nested
    class Settings {

        @Test
        void aNameWithSpaces() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    name: my sweep
                    """, """
                    bad.yaml:3:7 name: must be up to 100 letters, digits, '.', '_' and '-', starting with a letter or digit, but was "my sweep"; write my-sweep
                    """);
        }

        @Test
        void bayesianSearch() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    method: bayes
                    """, """
                    bad.yaml:3:9 method: does not support bayes: this version does grid and random search
                    """);
        }

        @Test
        void geneticSearch() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    method: genetic
                    """, """
                    bad.yaml:3:9 method: does not support genetic: this version does grid and random search
                    """);
        }

        @Test
        void aMisspeltMethod() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    method: gird
                    """, """
                    bad.yaml:3:9 method: must be one of grid, random, but was "gird"; did you mean grid?
                    """);
        }

        @Test
        void anUnknownMetric() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    metric: {name: val_acc}
                    """, """
                    bad.yaml:3:16 metric.name: must be one of val_accuracy, val_loss, val_macro_f1, but was "val_acc"; did you mean val_accuracy?
                    """);
        }

        @Test
        void aMetricThatIsText() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    metric: val_accuracy
                    """, """
                    bad.yaml:3:9 metric: must be a map, but was the text "val_accuracy"; write metric: {name: val_accuracy}
                    """);
        }

        @Test
        void aGoalThatIsNone() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    metric: {name: val_loss, goal: min}
                    """, """
                    bad.yaml:3:32 metric.goal: must be one of maximize, minimize, but was "min"; did you mean minimize?
                    """);
        }

        @Test
        void noEpochs() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    epochs: 0
                    """, """
                    bad.yaml:3:9 epochs: must be >= 1, but was 0
                    """);
        }

        @Test
        void halfAnEpoch() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    epochs: 1.5
                    """, """
                    bad.yaml:3:9 epochs: must be a whole number, but was 1.5
                    """);
        }

        @Test
        void tooManyEpochs() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    epochs: 1e9
                    """, """
                    bad.yaml:3:9 epochs: must be <= 100000, but was 1e9
                    """);
        }

        @Test
        void epochsInWords() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    epochs: thirty
                    """, """
                    bad.yaml:3:9 epochs: must be a whole number, but was the text "thirty"
                    """);
        }

        @Test
        void epochsInQuotes() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    epochs: "30"
                    """, """
                    bad.yaml:3:9 epochs: must be a whole number, but was the text "30"
                    """);
        }

        @Test
        void epochsLeftEmpty() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    epochs:
                    """, """
                    bad.yaml:3:8 epochs: must be a whole number, but was nothing
                    """);
        }

        @Test
        void earlyStoppingInWords() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    early_stopping: no
                    """, """
                    bad.yaml:3:17 early_stopping: must be a map, but was the text "no"; write early_stopping: {patience: 3}, or false
                    """);
        }

        @Test
        void earlyStoppingWithoutPatience() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    early_stopping: {patience: 0, min_delta: -1, monitor: loss, restore_best: yes}
                    """, """
                    bad.yaml:3:28 early_stopping.patience: must be >= 1, but was 0
                    bad.yaml:3:42 early_stopping.min_delta: must be >= 0, but was -1
                    bad.yaml:3:55 early_stopping.monitor: must be one of val_accuracy, val_loss, val_macro_f1, but was "loss"
                    bad.yaml:3:75 early_stopping.restore_best: must be true or false, but was the text "yes"
                    """);
        }

        @Test
        void aFineTuningFactorAboveOne() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    fine_tune: {learning_rate_factor: 2, epochs: 0}
                    """, """
                    bad.yaml:3:35 fine_tune.learning_rate_factor: must be <= 1, but was 2
                    bad.yaml:3:46 fine_tune.epochs: must be >= 1, but was 0
                    """);
        }

        @Test
        void twoLearningRatesForFineTuning() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    fine_tune: {learning_rate: 1e-5, learning_rate_factor: 0.1, optimizer: sdg}
                    """, """
                    bad.yaml:3:56 fine_tune.learning_rate_factor: does not go with fine_tune.learning_rate; keep one of them
                    bad.yaml:3:72 fine_tune.optimizer: must be one of adam, adamw, sgd, rmsprop, but was "sdg"; did you mean sgd?
                    """);
        }

        @Test
        void aSeedBelowZero() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    seed: -1
                    """, """
                    bad.yaml:3:7 seed: must be >= 0, but was -1
                    """);
        }

        @Test
        void aSeedBeyondALong() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    seed: 99999999999999999999
                    """, """
                    bad.yaml:3:7 seed: must be <= 9223372036854775807, but was 99999999999999999999
                    """);
        }

        @Test
        void noAttempts() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    retry: {max_attempts: 0}
                    """, """
                    bad.yaml:3:23 retry.max_attempts: must be >= 1, but was 0
                    """);
        }

        @Test
        void retryAsANumber() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    retry: 3
                    """, """
                    bad.yaml:3:8 retry: must be a map, but was 3; write retry: {max_attempts: 2}
                    """);
        }

        @Test
        void noNumberOfModels() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    keep_models: al
                    max_failed_trials: -1
                    max_trial_minutes: 0
                    """, """
                    bad.yaml:3:14 keep_models: must be a whole number or all, but was the text "al"; did you mean all?
                    bad.yaml:4:20 max_failed_trials: must be >= 0, but was -1
                    bad.yaml:5:20 max_trial_minutes: must be > 0, but was 0
                    """);
        }

        @Test
        void modelsThatCannotBeCounted() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    keep_models: -1
                    max_failed_trials: all
                    max_trial_minutes: .inf
                    """, """
                    bad.yaml:3:14 keep_models: must be >= 0, but was -1
                    bad.yaml:4:20 max_failed_trials: must be a whole number, but was the text "all"
                    bad.yaml:5:20 max_trial_minutes: must be a finite number, but was .inf
                    """);
        }

        @ParameterizedTest
        @CsvSource({
            "20 GBit, 'must be a size such as 20 GB, 500 MiB or 1000000 bytes, but was the text \"20 GBit\"'",
            "-1 GB, 'must be a size such as 20 GB, 500 MiB or 1000000 bytes, but was the text \"-1 GB\"'",
            "[], 'must be a size such as 20 GB, 500 MiB or 1000000 bytes, but was a list'",
            "0, 'must be >= 1, but was 0'",
            "1.5, 'must be a whole number, but was 1.5'"
        })
        void noSizeOfTheCache(String text, String message) {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    cache: {max_bytes: %s}
                    """.formatted(text), """
                    bad.yaml:3:20 cache.max_bytes: %s
                    """.formatted(message));
        }

        @Test
        void theCacheAsASize() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    cache: 20 GB
                    """, """
                    bad.yaml:3:8 cache: must be a map, but was the text "20 GB"; write cache: {max_bytes: 20 GB}
                    """);
        }

        @Test
        void randomSearchWithoutARunCap() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    method: random
                    """, """
                    bad.yaml:1:1 run_cap: is missing; write run_cap: 20, the number of draws
                    """);
        }

        @Test
        void tooManyRepeats() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    repeats: 1001
                    """, """
                    bad.yaml:3:10 repeats: must be <= 1000, but was 1001
                    """);
        }
    }

    @Nested
    class ImagesFromTheWeb {

        private static final String DIGEST = "0123456789abcdef".repeat(4);

        @Test
        void withoutADigest() {
            assertProblems("""
                    data: {url: "https://example.org/a.zip"}
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:1:7 data.sha256: is missing; write sha256: DIGEST, as sha256sum FILE prints it (macOS: shasum -a 256 FILE; Windows: certutil -hashfile FILE SHA256)
                    """);
        }

        @Test
        void aDigestWithoutAnAddress() {
            assertProblems("""
                    data: {path: images, sha256: "%s"}
                    parameters: {base: {value: sprout}}
                    """.formatted(DIGEST), """
                    bad.yaml:1:30 data.sha256: is the digest of the archive at data.url, which is missing
                    """);
        }

        @Test
        void aDigestThatIsNone() {
            assertProblems("""
                    data: {url: "https://example.org/a.zip", sha256: abc}
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:1:50 data.sha256: must be a SHA-256 of 64 hex digits, as sha256sum FILE prints it (macOS: shasum -a 256 FILE; Windows: certutil -hashfile FILE SHA256), but was the text "abc"
                    """);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "example.org/a.zip",
                    "ftp://example.org/a.zip",
                    "file:///etc/passwd",
                    "https://me:secret@example.org/a",
                    "https:///a.zip"
                })
        void anAddressThatIsNotOnTheWeb(String url) {
            assertProblems("""
                    data: {url: "%s", sha256: "%s"}
                    parameters: {base: {value: sprout}}
                    """.formatted(url, DIGEST), """
                    bad.yaml:1:13 data.url: must be an http or https address without a password, but was the text "%s"
                    """.formatted(url));
        }

        @ParameterizedTest
        @ValueSource(strings = {"../x", "/x", "a/../../x", "builtin:garments", "C:/x"})
        void aPathThatIsNotInsideTheArchive(String path) {
            assertProblems("""
                    data: {path: "%s", url: "https://example.org/a.zip", sha256: "%s"}
                    parameters: {base: {value: sprout}}
                    """.formatted(path, DIGEST), """
                    bad.yaml:1:14 data.path: must be a folder inside the archive at data.url, but was the text "%s"
                    """.formatted(path));
        }

        @Test
        void aMisspeltKey() {
            assertProblems("""
                    data: {urls: "https://example.org/a.zip", path: x}
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:1:8 data.urls: is not a known key; did you mean url?
                    """);
        }
    }

    @Nested
    class Data {

        @Test
        void dataAsText() {
            assertProblems("""
                    data: images
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:1:7 data: must be a map, but was the text "images"; write data: {path: my-images}
                    """);
        }

        @Test
        void noPath() {
            assertProblems("""
                    data: {views: 1}
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:1:7 data.path: is missing; write path: my-images
                    """);
        }

        @Test
        void aPathThatIsANumber() {
            assertProblems("""
                    data: {path: 3}
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:1:14 data.path: must be text, but was 3; put it in quotes
                    """);
        }

        @Test
        void aSplitThatLeavesNothing() {
            assertProblems("""
                    data:
                      path: images
                      split: {validation: 0.6, test: 0.4}
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:3:10 data.split: must leave images to train on: validation + test must be < 1, but was 1
                    """);
        }

        @Test
        void aSplitWithoutValidation() {
            assertProblems("""
                    data:
                      path: images
                      split: {test: 0.1}
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:3:10 data.split.validation: is missing; write validation: 0.15
                    """);
        }

        @Test
        void aSplitInPercent() {
            assertProblems("""
                    data:
                      path: images
                      split: {validation: 15, test: -1}
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:3:23 data.split.validation: must be < 1, but was 15
                    bad.yaml:3:33 data.split.test: must be >= 0, but was -1
                    """);
        }

        @Test
        void anUnknownChange() {
            assertProblems("""
                    data:
                      path: images
                      augment: [flip_horizontal, {rotate: 10}]
                      views: 2
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:3:13 data.augment[0]: must be one of horizontal_flip, vertical_flip, rotation, zoom, shift, shear, brightness, contrast, random_resized_crop, but was "flip_horizontal"; did you mean horizontal_flip?
                    bad.yaml:3:31 data.augment[1].rotate: is not a known change
                    """);
        }

        @Test
        void aChangeWithoutItsAmount() {
            assertProblems("""
                    data:
                      path: images
                      augment: [rotation, zoom]
                      views: 2
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:3:13 data.augment[0]: needs an amount; write {rotation: 10}
                    bad.yaml:3:23 data.augment[1]: needs an amount; write {zoom: 0.1}
                    """);
        }

        @Test
        void aFlipWithAnAmount() {
            assertProblems("""
                    data:
                      path: images
                      augment: [{horizontal_flip: 0.5}]
                      views: 2
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:3:31 data.augment[0].horizontal_flip: takes no amount; write horizontal_flip
                    """);
        }

        @Test
        void amountsOutOfRange() {
            assertProblems("""
                    data:
                      path: images
                      augment: [{rotation: 181}, {zoom: 1}, {shift: 0}]
                      views: live
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:3:24 data.augment[0].rotation: must be <= 180, but was 181
                    bad.yaml:3:37 data.augment[1].zoom: must be < 1, but was 1
                    bad.yaml:3:49 data.augment[2].shift: must be > 0, but was 0
                    """);
        }

        @Test
        void amountsOfCropsAndColoursOutOfRange() {
            assertProblems("""
                    data:
                      path: images
                      augment: [{random_resized_crop: 1.5}, {shear: 90}, {contrast: 1}, random_resized_crop]
                      views: 2
                      center_crop: 0
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:3:35 data.augment[0].random_resized_crop: must be <= 1, but was 1.5
                    bad.yaml:3:49 data.augment[1].shear: must be <= 60, but was 90
                    bad.yaml:3:65 data.augment[2].contrast: must be < 1, but was 1
                    bad.yaml:3:69 data.augment[3]: needs an amount; write {random_resized_crop: 0.8}
                    bad.yaml:5:16 data.center_crop: must be > 0, but was 0
                    """);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {"1 | must be >= 2, but was 1", "2.5 | must be a whole number, but was 2.5"})
        void imagesThatAreTooFewToCount(String most, String message) {
            assertProblems("""
                    data: {path: images, max_images: %s}
                    parameters: {base: {value: sprout}}
                    """.formatted(most), "bad.yaml:1:34 data.max_images: " + message + "\n");
        }

        @Test
        void classesThatAreNoChoice() {
            assertProblems("""
                    data: {path: images, classes: cats}
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:1:31 data.classes: must be a list, but was the text "cats"; write classes: [cats, dogs]
                    """);
            assertProblems("""
                    data: {path: images, classes: [cats]}
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:1:31 data.classes: must name at least two classes, but names 1; leave it out to use all
                    """);
            assertProblems("""
                    data: {path: images, classes: [cats, 3, cats]}
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:1:38 data.classes[1]: must be text, but was 3; put it in quotes
                    bad.yaml:1:41 data.classes[2]: repeats "cats"
                    """);
        }

        @Test
        void twoChangesInOneEntry() {
            assertProblems("""
                    data:
                      path: images
                      augment: [{rotation: 10, zoom: 0.1}]
                      views: 2
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:3:13 data.augment[0]: must name one change, as in {rotation: 10}, but names 2
                    """);
        }

        @Test
        void aChangeNamedTwice() {
            assertProblems("""
                    data:
                      path: images
                      augment: [vertical_flip, vertical_flip]
                      views: 2
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:3:28 data.augment[1]: repeats vertical_flip
                    """);
        }

        @Test
        void changesAsAMap() {
            assertProblems("""
                    data:
                      path: images
                      augment: {rotation: 10}
                      views: 2
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:3:12 data.augment: must be a list, but was a map; write augment: [horizontal_flip, {rotation: 10}]
                    """);
        }

        @Test
        void viewsWithoutChanges() {
            assertProblems("""
                    data:
                      path: images
                      views: 4
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:3:10 data.views: must be 1 without data.augment, because all views would be the same, but was 4
                    """);
        }

        @Test
        void liveViewsWithoutChanges() {
            assertProblems("""
                    data:
                      path: images
                      augment: []
                      views: live
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:4:10 data.views: must be 1 without data.augment, because all views would be the same, but was live
                    """);
        }

        @Test
        void noViews() {
            assertProblems("""
                    data:
                      path: images
                      augment: [horizontal_flip]
                      views: 0
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:4:10 data.views: must be >= 1, but was 0
                    """);
        }

        @Test
        void viewsInWords() {
            assertProblems("""
                    data:
                      path: images
                      augment: [horizontal_flip]
                      views: lively
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:4:10 data.views: must be a whole number or live, but was the text "lively"
                    """);
        }

        @Test
        void anUnknownAnswerToBadImages() {
            assertProblems("""
                    data:
                      path: images
                      on_bad_image: ignore
                    parameters: {base: {value: sprout}}
                    """, """
                    bad.yaml:3:17 data.on_bad_image: must be one of skip, fail, but was "ignore"
                    """);
        }
    }

    @Nested
    class Values {

        @Test
        void aBareNumber() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: 0.5
                    """, """
                    bad.yaml:4:12 parameters.dropout: must be a map, but was 0.5; write {value: 0.5}
                    """);
        }

        @Test
        void aBareList() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: [0.2, 0.5]
                    """, """
                    bad.yaml:4:12 parameters.dropout: must be a map, but was a list; write {values: [...]}
                    """);
        }

        @Test
        void aParameterLeftEmpty() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout:
                    """, """
                    bad.yaml:4:11 parameters.dropout: must be a map, but was nothing; write {value: ...}
                    """);
        }

        @Test
        void aMapWithoutAForm() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {}
                    """, """
                    bad.yaml:4:12 parameters.dropout: must give one of value, values, or min and max
                    """);
        }

        @Test
        void twoForms() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {value: 0.2, values: [0.2, 0.5]}
                    """, """
                    bad.yaml:4:12 parameters.dropout: must give only one of value, values, or min and max, but gives value, values
                    """);
        }

        @Test
        void aMisspeltForm() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {vales: [0.2, 0.5]}
                    """, """
                    bad.yaml:4:13 parameters.dropout.vales: is not a known key; did you mean values?
                    """);
        }

        @Test
        void aRateThatIsNotPositive() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      learning_rate: {values: [0.01, 0.001, -0.001]}
                    """, """
                    bad.yaml:4:41 parameters.learning_rate.values[2]: must be > 0, but was -0.001
                    """);
        }

        @Test
        void aRateOfZero() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      learning_rate: {value: 0}
                    """, """
                    bad.yaml:4:26 parameters.learning_rate.value: must be > 0, but was 0
                    """);
        }

        @Test
        void everyBadValueOfAList() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {values: [1, -0.1, high, null, true, [0.1], {a: 1}]}
                    """, """
                    bad.yaml:4:22 parameters.dropout.values[0]: must be < 1, but was 1
                    bad.yaml:4:25 parameters.dropout.values[1]: must be >= 0, but was -0.1
                    bad.yaml:4:31 parameters.dropout.values[2]: must be a number, but was the text "high"
                    bad.yaml:4:37 parameters.dropout.values[3]: must be a number, but was nothing
                    bad.yaml:4:43 parameters.dropout.values[4]: must be a number, but was true
                    bad.yaml:4:49 parameters.dropout.values[5]: must be a number, but was a list
                    bad.yaml:4:56 parameters.dropout.values[6]: must be a number, but was a map
                    """);
        }

        @Test
        void numbersThatAreNone() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      learning_rate: {values: [.nan, .inf, -.inf, 1e999]}
                    """, """
                    bad.yaml:4:28 parameters.learning_rate.values[0]: must be a finite number, but was .nan
                    bad.yaml:4:34 parameters.learning_rate.values[1]: must be a finite number, but was .inf
                    bad.yaml:4:40 parameters.learning_rate.values[2]: must be a finite number, but was -.inf
                    bad.yaml:4:47 parameters.learning_rate.values[3]: must be a finite number, but was 1e999
                    """);
        }

        @Test
        void aListWithoutValues() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {values: []}
                    """, """
                    bad.yaml:4:21 parameters.dropout.values: must hold at least one value
                    """);
        }

        @Test
        void valuesThatAreNoList() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {values: 0.5}
                    """, """
                    bad.yaml:4:21 parameters.dropout.values: must be a list, but was 0.5
                    """);
        }

        @Test
        void aValueGivenTwice() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {values: [0.5, 0.2, 5e-1]}
                    """, """
                    bad.yaml:4:32 parameters.dropout.values[2]: repeats values[0]
                    """);
        }

        @Test
        void aLayerGivenTwiceInTwoForms() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dense_units: {values: [64, [64], [], 0]}
                    """, """
                    bad.yaml:4:30 parameters.dense_units.values[1]: repeats values[0]
                    bad.yaml:4:40 parameters.dense_units.values[3]: repeats values[2]
                    """);
        }

        @Test
        void layersThatAreNone() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dense_units: {values: [-1, wide, [64, 0], [1, 1, 1, 1, 1, 1, 1, 1, 1]]}
                    """, """
                    bad.yaml:4:26 parameters.dense_units.values[0]: must be >= 0, but was -1
                    bad.yaml:4:30 parameters.dense_units.values[1]: must be a whole number or a list of them, but was the text "wide"
                    bad.yaml:4:41 parameters.dense_units.values[2][1]: must be >= 1, but was 0
                    bad.yaml:4:45 parameters.dense_units.values[3]: must name at most 8 layers, but names 9
                    """);
        }

        @Test
        void anUnknownOptimizer() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      optimizer: {values: [adam, adamW, lion]}
                    """, """
                    bad.yaml:4:30 parameters.optimizer.values[1]: must be one of adam, adamw, sgd, rmsprop, but was "adamW"; did you mean adam?
                    bad.yaml:4:37 parameters.optimizer.values[2]: must be one of adam, adamw, sgd, rmsprop, but was "lion"
                    """);
        }

        @Test
        void anUnknownBase() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {values: [mobilenetv2, resnet50]}
                    """, """
                    bad.yaml:3:19 parameters.base.values[0]: must be one of mobilenet_v2, sprout, squeezenet, but was "mobilenetv2"; did you mean mobilenet_v2?
                    bad.yaml:3:32 parameters.base.values[1]: must be one of mobilenet_v2, sprout, squeezenet, but was "resnet50"
                    """);
        }

        @Test
        void nestedParameters() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      optimizer: {parameters: {momentum: {value: 0.9}}}
                    """, """
                    bad.yaml:4:15 parameters.optimizer.parameters: is not supported: parameters cannot be nested
                    """);
        }
    }

    @Nested
    class Distributions {

        @Test
        void aRangeOnAGrid() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      learning_rate: {min: 0.001, max: 0.1}
                    """, """
                    bad.yaml:4:18 parameters.learning_rate: needs value, values, or whole numbers as min and max, because a grid cannot list all of a range of real numbers; write method: random to draw from it
                    """);
        }

        @Test
        void probabilitiesOnAGrid() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {values: [0.2, 0.5], probabilities: [0.5, 0.5]}
                    """, """
                    bad.yaml:4:48 parameters.dropout.probabilities: has no effect on a grid; write method: random, or leave it out
                    """);
        }

        @Test
        void probabilitiesThatDoNotSumToOne() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {values: [0.2, 0.5], probabilities: [0.5, 0.4]}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:48 parameters.dropout.probabilities: must sum to 1, but sums to 0.9
                    """);
        }

        @Test
        void tooFewProbabilities() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {values: [0.2, 0.5], probabilities: [1]}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:48 parameters.dropout.probabilities: must be a list of one number per value: 2 values, but 1 numbers
                    """);
        }

        @Test
        void aProbabilityBelowZero() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {values: [0.2, 0.5], probabilities: [-0.5, 1.5]}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:49 parameters.dropout.probabilities[0]: must be >= 0, but was -0.5
                    """);
        }

        @Test
        void aDistributionOfAnotherTool() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      learning_rate: {distribution: normal, mu: 0.1}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:33 parameters.learning_rate.distribution: does not support normal; this version draws from constant, categorical, int_uniform, uniform, q_uniform, log_uniform_values, q_log_uniform_values, log_uniform
                    bad.yaml:4:41 parameters.learning_rate.mu: is not supported: no normal distributions
                    """);
        }

        @Test
        void aMisspeltDistribution() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      learning_rate: {distribution: log_uniform_value, min: 0.1, max: 1.0}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:33 parameters.learning_rate.distribution: must be one of constant, categorical, int_uniform, uniform, q_uniform, log_uniform_values, q_log_uniform_values, log_uniform, but was "log_uniform_value"; did you mean log_uniform_values?
                    """);
        }

        @Test
        void aRangeUpsideDown() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      learning_rate: {min: 0.1, max: 0.001}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:24 parameters.learning_rate.min: must be < max, but was 0.1 with max 0.001
                    """);
        }

        @Test
        void anIntRangeUpsideDown() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      image_size: {min: 200, max: 100}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:21 parameters.image_size.min: must be <= max, but was 200 with max 100
                    """);
        }

        @Test
        void aLogScaleFromZero() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      learning_rate: {distribution: log_uniform_values, min: 0, max: 0.1}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:58 parameters.learning_rate.min: must be > 0 on a log scale, but was 0
                    """);
        }

        @Test
        void halfARange() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      learning_rate: {min: 0.1}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:18 parameters.learning_rate.max: is missing
                    """);
        }

        @Test
        void realNumbersForAWholeParameter() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      batch_size: {distribution: log_uniform_values, min: 8, max: 64}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:15 parameters.batch_size: needs whole numbers; write distribution: q_log_uniform_values with q: 1
                    """);
        }

        @Test
        void wholeBoundsForARealParameter() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {min: 0, max: 1}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:12 parameters.dropout: draws whole numbers only, as in W&B, when min and max are whole; write 0.0 and 1.0, or distribution: uniform
                    """);
        }

        @Test
        void boundsOutsideTheRule() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {min: -0.5, max: 1.5}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:18 parameters.dropout.min: must be >= 0, but was -0.5
                    bad.yaml:4:29 parameters.dropout.max: must be < 1, but was 1.5
                    """);
        }

        @Test
        void exponentsOutsideTheRule() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      learning_rate: {distribution: log_uniform, min: -7, max: 5}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:60 parameters.learning_rate.max: must be <= 10, but was e^5 = 148.4131591025766
                    """);
        }

        @Test
        void aStepThatFitsNowhere() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {distribution: q_uniform, min: 0.15, max: 0.18, q: 0.1}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:63 parameters.dropout.q: must have a multiple between min and max, but 0.1 has none
                    """);
        }

        @Test
        void aStepOfZero() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {distribution: q_uniform, min: 0.1, max: 0.5, q: 0}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:61 parameters.dropout.q: must be > 0, but was 0
                    """);
        }

        @Test
        void aFractionalStepForAWholeParameter() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      batch_size: {distribution: q_uniform, min: 8, max: 64, q: 0.5}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:61 parameters.batch_size.q: must be a whole number, as batch_size is, but was 0.5
                    """);
        }

        @Test
        void aRangeOfWords() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      optimizer: {min: 1, max: 2}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:14 parameters.optimizer: must give value or values, because optimizer is no number
                    """);
        }

        @Test
        void aKeyOfAnotherForm() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {value: 0.5, probabilities: [1], q: 2}
                    method: random
                    run_cap: 5
                    """, """
                    bad.yaml:4:25 parameters.dropout.probabilities: does not go with value
                    bad.yaml:4:45 parameters.dropout.q: does not go with value
                    """);
        }
    }

    @Nested
    class CombinationsOfThem {

        @Test
        void anImageTooSmallForOneBase() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {values: [sprout, squeezenet]}
                      image_size: {values: [32, 64]}
                    """, """
                    bad.yaml:4:25 parameters.image_size.values[0]: must be >= 48 for base squeezenet, but was 32; exclude the combination or change the value
                    """);
        }

        @Test
        void aDepthBeyondTheBlocksOfOneBase() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {values: [sprout, squeezenet]}
                      fine_tune_depth: {values: [0, 5]}
                    """, """
                    bad.yaml:4:33 parameters.fine_tune_depth.values[1]: must be <= 3 for base sprout, which has so many blocks, but was 5; exclude the combination or change the value
                    """);
        }

        @Test
        void aCombinationExcludedOnlyInPart() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {values: [sprout, squeezenet]}
                      image_size: {values: [32, 64]}
                      dropout: {values: [0.2, 0.5]}
                    exclude: [{base: squeezenet, image_size: 32, dropout: 0.2}]
                    """, """
                    bad.yaml:4:25 parameters.image_size.values[0]: must be >= 48 for base squeezenet, but was 32; exclude the combination or change the value
                    """);
        }

        @Test
        void anIntRangeThatStartsTooSmall() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: squeezenet}
                      image_size: {min: 40, max: 64}
                    """, """
                    bad.yaml:4:21 parameters.image_size.min: must be >= 48 for base squeezenet, but was 40; exclude the combination or change the value
                    """);
        }

        @Test
        void everythingExcluded() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {values: [sprout, squeezenet]}
                      dropout: {values: [0.2, 0.5]}
                    exclude: [{base: sprout}, {dropout: 0.2}, {base: squeezenet, dropout: 0.5}]
                    """, """
                    bad.yaml:5:10 exclude: leaves nothing to run: every combination is excluded
                    """);
        }

        @Test
        void excludeAsAMap() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    exclude: {base: sprout}
                    """, """
                    bad.yaml:3:10 exclude: must be a list of maps, but was a map; write exclude: [{base: ..., image_size: ...}]
                    """);
        }

        @Test
        void anExcludedEntryThatIsText() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    exclude: [sprout, {}]
                    """, """
                    bad.yaml:3:11 exclude[0]: must be a map of parameters and values, but was the text "sprout"
                    bad.yaml:3:19 exclude[1]: must name at least one parameter
                    """);
        }

        @Test
        void anExcludedParameterNobodyKnows() {
            assertProblems("""
                    data: {path: images}
                    parameters: {base: {value: sprout}}
                    exclude: [{bass: sprout}]
                    """, """
                    bad.yaml:3:12 exclude[0].bass: is not a known parameter; did you mean base?
                    """);
        }

        @Test
        void anExcludedValueOfTheWrongType() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      dropout: {value: 0.5}
                    exclude: [{dropout: half}]
                    """, """
                    bad.yaml:5:21 exclude[0].dropout: must be a number, but was the text "half"
                    """);
        }

        @Test
        void aGridThatIsTooBig() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      image_size: {min: 32, max: 1031}
                      batch_size: {min: 1, max: 1000}
                    """, """
                    bad.yaml:3:3 parameters: must make at most 100,000 combinations, but makes 1,000,000; use fewer values, or method: random
                    """);
        }

        @Test
        void tooManyTrialsThroughRepeats() {
            assertProblems("""
                    data: {path: images}
                    parameters:
                      base: {value: sprout}
                      image_size: {min: 32, max: 1031}
                    repeats: 101
                    """, """
                    bad.yaml:5:10 repeats: must make at most 100,000 trials, but makes 101,000 with the combinations
                    """);
        }

        @Test
        void manyProblemsAtOnceInFileOrder() {
            assertProblems("""
                    name: a b
                    data: {pth: x}
                    method: grid
                    parameters:
                      base: {value: sprot}
                      dropout: {value: 2}
                    epochs: 0
                    sed: 1
                    """, """
                    bad.yaml:1:7 name: must be up to 100 letters, digits, '.', '_' and '-', starting with a letter or digit, but was "a b"; write a-b
                    bad.yaml:2:7 data.path: is missing; write path: my-images
                    bad.yaml:2:8 data.pth: is not a known key; did you mean path?
                    bad.yaml:5:17 parameters.base.value: must be one of mobilenet_v2, sprout, squeezenet, but was "sprot"; did you mean sprout?
                    bad.yaml:6:20 parameters.dropout.value: must be < 1, but was 2
                    bad.yaml:7:9 epochs: must be >= 1, but was 0
                    bad.yaml:8:1 sed: is not a known key; did you mean seed?
                    """);
        }
    }

    private static void assertProblems(String text, String expected) {
        SweepFileException thrown =
                catchThrowableOfType(SweepFileException.class, () -> SweepFile.parse("bad.yaml", text, new FewBases()));
        assertThat(thrown).isNotNull();
        assertThat(thrown.getMessage() + "\n").isEqualTo(expected);
        assertThat(thrown.problems()).hasSameSizeAs(expected.lines().toList());
    }
}
