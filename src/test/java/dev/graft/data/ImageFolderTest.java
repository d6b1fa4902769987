package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.spec.Problem;
import dev.graft.spec.SweepData;
import dev.graft.spec.SweepData.OnBadImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFolderTest {

    private static final Optional<SweepData.Split> NO_SPLIT = Optional.empty();

    @TempDir
    Path folder;

    private static SweepData data(Optional<SweepData.Split> split, OnBadImage onBadImage) {
        return new SweepData("images", split, List.of(), 1, onBadImage);
    }

    private static Optional<SweepData.Split> split(double validation, double test) {
        return Optional.of(new SweepData.Split(validation, test));
    }

    private Dataset open(Optional<SweepData.Split> split) {
        return ImageFolder.open(data(split, OnBadImage.SKIP), folder, 42);
    }

    private void fill(String path, int count) {
        TestImages.fill(folder.resolve(path), count);
    }

    private void twoClasses() {
        for (String split : List.of("train", "validation")) {
            fill(split + "/cat", 3);
            fill(split + "/dog", 2);
        }
    }

    private static List<String> names(List<LabelledImage> images) {
        return images.stream().map(LabelledImage::name).toList();
    }

    private static Map<String, String> reasons(Dataset dataset) {
        return dataset.skipped().stream().collect(Collectors.toMap(Problem::file, Problem::message));
    }

    @Nested
    class Layouts {

        @Test
        void splitsInTheirOwnFolders() {
            twoClasses();
            fill("test/dog", 1);
            Dataset dataset = open(NO_SPLIT);
            assertThat(dataset.classes()).containsExactly("cat", "dog");
            assertThat(names(dataset.train()))
                    .containsExactly(
                            "train/cat/0.png",
                            "train/cat/1.png",
                            "train/cat/2.png",
                            "train/dog/0.png",
                            "train/dog/1.png");
            assertThat(dataset.validation()).hasSize(5);
            assertThat(dataset.test())
                    .containsExactly(new LabelledImage(folder.resolve("test/dog/0.png"), "test/dog/0.png", 1));
            assertThat(dataset.skipped()).isEmpty();
        }

        @Test
        void someOfTheClasses() {
            twoClasses();
            fill("train/eel", 2);
            fill("validation/eel", 1);
            fill("validation/fox", 1);
            TestImages.write(folder.resolve("train/fox/notes.txt"), new byte[1]);
            Dataset dataset = ImageFolder.open(some("eel", "cat"), folder, 42);
            assertThat(dataset.classes()).containsExactly("cat", "eel");
            assertThat(dataset.train()).extracting(LabelledImage::label).containsExactly(0, 0, 0, 1, 1);
            assertThat(names(dataset.validation())).noneMatch(name -> name.contains("fox"));
            assertThat(dataset.skipped()).isEmpty();
            assertThat(dataset.digest())
                    .isNotEqualTo(
                            ImageFolder.open(some("dog", "cat"), folder, 42).digest());
        }

        @Test
        void classesThatAreNotThere() {
            twoClasses();
            assertThatThrownBy(() -> ImageFolder.open(some("cat", "bear", "elk"), folder, 42))
                    .isInstanceOf(DataException.class)
                    .hasMessageEndingWith(": has no class bear, elk, which data.classes names; train/ has cat, dog");
        }

        private static SweepData some(String... classes) {
            return new SweepData(
                    "images",
                    NO_SPLIT,
                    List.of(),
                    1,
                    OnBadImage.SKIP,
                    OptionalDouble.empty(),
                    List.of(classes),
                    OptionalLong.empty(),
                    Optional.empty());
        }

        @Test
        void namesOfSplitsIgnoreCaseAndHaveShortForms() {
            fill("Training/a", 1);
            fill("Training/b", 1);
            fill("VAL/a", 1);
            fill("VAL/b", 1);
            assertThat(open(NO_SPLIT).validation()).hasSize(2);
        }

        @Test
        void classesStraightInTheFolderAreSplit() {
            fill("a", 10);
            fill("b", 20);
            Dataset dataset = open(split(0.2, 0.1));
            assertThat(dataset.train()).hasSize(21);
            assertThat(dataset.validation()).hasSize(6);
            assertThat(dataset.test()).hasSize(3);
            assertThat(dataset.validation().stream().filter(image -> image.label() == 0))
                    .hasSize(2);
            Set<String> all = new HashSet<>(names(dataset.train()));
            all.addAll(names(dataset.validation()));
            all.addAll(names(dataset.test()));
            assertThat(all).hasSize(30);
        }

        @Test
        void trainAloneIsSplitAndTestKept() {
            fill("train/a", 5);
            fill("train/b", 5);
            fill("test/a", 2);
            Dataset dataset = open(split(0.2, 0));
            assertThat(dataset.validation()).hasSize(2);
            assertThat(names(dataset.test())).containsExactly("test/a/0.png", "test/a/1.png");
        }

        @Test
        void smallClassesGiveOneImageToEachSplitAsFarAsTheyCan() {
            fill("one", 1);
            fill("two", 2);
            fill("three", 3);
            Dataset dataset = open(split(0.1, 0.1));
            assertThat(dataset.train()).hasSize(3);
            assertThat(dataset.validation()).hasSize(2);
            assertThat(dataset.test()).hasSize(1);
            assertThat(reasons(dataset))
                    .containsOnly(
                            Map.entry("one", "the class has no image for validation, so its accuracy stays unknown"));
        }

        @Test
        void foldersBelowAClassAreSearchedAndLitterIgnored() {
            twoClasses();
            fill("train/cat/siamese/young", 1);
            fill("train/.cache", 1);
            fill("train/cat/.thumbnails", 1);
            TestImages.write(folder.resolve("train/cat/.DS_Store"), new byte[3]);
            TestImages.write(folder.resolve("train/cat/Thumbs.db"), new byte[3]);
            TestImages.write(folder.resolve("LICENSE"), new byte[3]);
            Dataset dataset = open(NO_SPLIT);
            assertThat(dataset.train()).hasSize(6);
            assertThat(dataset.classes()).hasSize(2);
            assertThat(dataset.skipped()).isEmpty();
        }

        @Test
        void anyNameMayNameAClass() {
            List<String> names = List.of("no", "Hot dog", "it's \"quoted\"", "Ärmel", "靴", "\uD83D\uDC52", "\uFB01n");
            assumeTrue(canSpell(names), "the locale cannot spell the names");
            names.forEach(name -> fill(name, 3));
            assertThat(open(split(0.3, 0)).classes())
                    .containsExactly("Hot dog", "it's \"quoted\"", "no", "Ärmel", "靴", "\uFB01n", "\uD83D\uDC52");
        }

        private boolean canSpell(List<String> names) {
            try {
                return names.stream().map(folder::resolve).count()
                        == names.stream().map(Path::of).distinct().count();
            } catch (java.nio.file.InvalidPathException e) {
                return false;
            }
        }
    }

    @Nested
    class Seeds {

        @Test
        void theSameSeedGivesTheSameSplit() {
            fill("a", 40);
            fill("b", 40);
            var split = split(0.25, 0.1);
            assertThat(open(split)).isEqualTo(open(split));
            Dataset other = ImageFolder.open(data(split, OnBadImage.SKIP), folder, 43);
            assertThat(names(other.validation())).isNotEqualTo(names(open(split).validation()));
            assertThat(other.digest()).isNotEqualTo(open(split).digest());
        }

        @Test
        void oneMoreImageMovesFewOthers() throws IOException {
            fill("a", 40);
            fill("b", 40);
            Set<String> before = new HashSet<>(names(open(split(0.25, 0)).validation()));
            Files.copy(folder.resolve("a/0.png"), folder.resolve("a/00.png"));
            before.removeAll(names(open(split(0.25, 0)).validation()));
            assertThat(before).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Nested
    class Samples {

        private Dataset draw(int most, Optional<SweepData.Split> split, long seed) {
            return ImageFolder.open(limited(most, split, OnBadImage.SKIP, List.of()), folder, seed);
        }

        private static SweepData limited(
                int most, Optional<SweepData.Split> split, OnBadImage onBadImage, List<String> classes) {
            return new SweepData(
                    "images",
                    split,
                    List.of(),
                    1,
                    onBadImage,
                    OptionalDouble.empty(),
                    classes,
                    OptionalLong.of(most),
                    Optional.empty());
        }

        private void ofEach(int count) {
            for (String part : List.of("train/a", "train/b", "validation/a", "validation/b")) {
                fill(part, count);
            }
        }

        /** Counts images by split and class, as in {@code train cat 3}. */
        private static Map<String, Integer> counts(Dataset dataset) {
            Map<String, Integer> counts = new TreeMap<>();
            Map.of("train", dataset.train(), "validation", dataset.validation(), "test", dataset.test())
                    .forEach((split, images) -> images.forEach(image ->
                            counts.merge(split + " " + dataset.classes().get(image.label()), 1, Integer::sum)));
            return counts;
        }

        private static Set<String> all(Dataset dataset) {
            Set<String> names = new HashSet<>(names(dataset.train()));
            names.addAll(names(dataset.validation()));
            names.addAll(names(dataset.test()));
            return names;
        }

        @ParameterizedTest
        @CsvSource({
            // 60, 20, 10 and 10 images: exact shares, largest remainders, and one at least of each.
            "50, 30, 10, 5, 5",
            "51, 31, 10, 5, 5",
            "13, 8, 3, 1, 1",
            "7, 4, 1, 1, 1",
            "5, 2, 1, 1, 1",
            "4, 1, 1, 1, 1",
            "99, 59, 20, 10, 10",
        })
        void keepTheSharesOfClassesAndSplits(int most, int trainCat, int trainDog, int validationCat, int testDog) {
            fill("train/cat", 60);
            fill("train/dog", 20);
            fill("validation/cat", 10);
            fill("test/dog", 10);
            assertThat(counts(draw(most, NO_SPLIT, 42)))
                    .containsOnly(
                            Map.entry("train cat", trainCat),
                            Map.entry("train dog", trainDog),
                            Map.entry("validation cat", validationCat),
                            Map.entry("test dog", testDog));
        }

        @Test
        void comeAfterTheSplitAndTheClasses() {
            fill("a", 40);
            fill("b", 10);
            fill("c", 1000);
            var split = split(0.2, 0.1);
            Dataset dataset = ImageFolder.open(limited(25, split, OnBadImage.SKIP, List.of("a", "b")), folder, 42);
            assertThat(counts(dataset))
                    .containsOnly(
                            Map.entry("train a", 14),
                            Map.entry("train b", 3),
                            Map.entry("validation a", 4),
                            Map.entry("validation b", 1),
                            Map.entry("test a", 2),
                            Map.entry("test b", 1));
            Dataset whole = open(split);
            assertThat(names(whole.train())).containsAll(names(dataset.train()));
            assertThat(names(whole.validation())).containsAll(names(dataset.validation()));
            assertThat(names(whole.test())).containsAll(names(dataset.test()));
            assertThat(names(dataset.train())).isSorted();
        }

        @Test
        void areDrawnBySeed() {
            ofEach(30);
            Dataset once = draw(30, NO_SPLIT, 42);
            assertThat(draw(30, NO_SPLIT, 42)).isEqualTo(once);
            Dataset other = draw(30, NO_SPLIT, 43);
            assertThat(counts(other)).isEqualTo(counts(once));
            assertThat(all(other)).isNotEqualTo(all(once));
            assertThat(other.digest()).isNotEqualTo(once.digest());
        }

        @Test
        void ofAllImagesAreTheWholeFolder() {
            fill("a", 10);
            fill("b", 10);
            TestImages.write(folder.resolve("a/bad.png"), new byte[1]);
            assertThat(draw(21, split(0.3, 0), 42)).isEqualTo(open(split(0.3, 0)));
        }

        @Test
        void knowNothingOfTheOtherImages() throws IOException {
            ofEach(20);
            Dataset before = draw(12, NO_SPLIT, 42);
            Set<String> drawn = all(before);
            for (FoundImage image : FolderScan.of(folder).images()) {
                if (!drawn.contains(image.name())) {
                    Files.write(image.path(), new byte[0]);
                }
            }
            assertThat(draw(12, NO_SPLIT, 42)).isEqualTo(before);
            assertThat(open(NO_SPLIT).skipped()).hasSize(68);
        }

        @Test
        void replaceBadImagesByOthersOfTheirKind() throws IOException {
            ofEach(10);
            Dataset before = draw(8, NO_SPLIT, 42);
            LabelledImage bad = before.train().get(0);
            Files.write(bad.path(), new byte[0]);
            Dataset after = draw(8, NO_SPLIT, 42);
            assertThat(counts(after)).isEqualTo(counts(before));
            assertThat(all(after)).hasSize(8).doesNotContain(bad.name());
            assertThat(reasons(after)).containsOnly(Map.entry(bad.name(), "is empty"));
            assertThatThrownBy(() -> ImageFolder.open(limited(8, NO_SPLIT, OnBadImage.FAIL, List.of()), folder, 42))
                    .isInstanceOf(DataException.class)
                    .hasMessage(folder + ": " + bad.name() + ": is empty");
        }

        @Test
        void ofAClassWithoutEnoughGoodImagesAreSmaller() throws IOException {
            ofEach(10);
            for (int i = 1; i < 10; i++) {
                Files.write(folder.resolve("train/b/" + i + ".png"), new byte[0]);
            }
            Dataset dataset = draw(20, NO_SPLIT, 42);
            assertThat(counts(dataset))
                    .containsOnly(
                            Map.entry("train a", 5),
                            Map.entry("train b", 1),
                            Map.entry("validation a", 5),
                            Map.entry("validation b", 5));
            assertThat(reasons(dataset)).hasSize(9).containsValue("is empty");
        }

        @Test
        void mustHoldOneImageOfEachClassInEachSplit() {
            fill("a", 10);
            fill("b", 10);
            fill("c", 1);
            assertThatThrownBy(() -> draw(6, split(0.2, 0.2), 42))
                    .isInstanceOf(DataException.class)
                    .hasMessage(folder
                            + ": data.max_images must be >= 7 for one image of each class in each split, but was 6");
            assertThat(draw(7, split(0.2, 0.2), 42).train()).hasSize(3);
        }

        @Test
        void leaveWhatIsRememberedOfOthers(@TempDir Path cache) throws IOException {
            ofEach(20);
            SweepData whole = data(NO_SPLIT, OnBadImage.SKIP);
            ImageFolder.open(whole, folder, 42, Optional.of(cache));
            Map<String, String> remembered = contents(cache);
            SweepData some = limited(12, NO_SPLIT, OnBadImage.SKIP, List.of());
            Dataset drawn = ImageFolder.open(some, folder, 42, Optional.of(cache));
            assertThat(contents(cache)).hasSize(1).isEqualTo(remembered);
            assertThat(drawn).isEqualTo(draw(12, NO_SPLIT, 42));
        }

        private static Map<String, String> contents(Path cache) throws IOException {
            Map<String, String> contents = new TreeMap<>();
            try (var files = Files.list(cache)) {
                for (Path file : files.toList()) {
                    contents.put(file.getFileName().toString(), Files.readString(file));
                }
            }
            return contents;
        }
    }

    @Nested
    class Digests {

        @Test
        void changeWithContentNameAndSplitOnly() throws IOException {
            twoClasses();
            String digest = open(NO_SPLIT).digest();
            assertThat(digest).matches("[0-9a-f]{64}").isEqualTo(open(NO_SPLIT).digest());
            Path image = folder.resolve("train/cat/0.png");
            byte[] content = Files.readAllBytes(image);

            Files.write(image, TestImages.encode(TestImages.plain(4, 4, 0), "png"));
            assertThat(open(NO_SPLIT).digest()).isNotEqualTo(digest);
            Files.write(image, content);
            assertThat(open(NO_SPLIT).digest()).isEqualTo(digest);

            Files.move(image, folder.resolve("train/cat/x.png"));
            assertThat(open(NO_SPLIT).digest()).isNotEqualTo(digest);
        }

        @Test
        void aCopyElsewhereHasTheSameDigest(@TempDir Path elsewhere) throws IOException {
            twoClasses();
            try (var files = Files.walk(folder)) {
                for (Path file : files.toList()) {
                    Path copy = elsewhere.resolve(folder.relativize(file).toString());
                    if (Files.isRegularFile(file)) {
                        TestImages.write(copy, Files.readAllBytes(file));
                    }
                }
            }
            assertThat(ImageFolder.open(data(NO_SPLIT, OnBadImage.SKIP), elsewhere, 1)
                            .digest())
                    .isEqualTo(open(NO_SPLIT).digest());
        }
    }

    @Nested
    class BadImages {

        private void spoil() {
            twoClasses();
            byte[] jpeg = TestImages.encode(TestImages.noise(40, 40, 1), "jpeg");
            Path cat = folder.resolve("train/cat");
            TestImages.write(cat.resolve("cut.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
            TestImages.write(cat.resolve("empty.jpg"), new byte[0]);
            TestImages.write(cat.resolve("text.jpg"), "hello".getBytes(StandardCharsets.UTF_8));
            TestImages.write(cat.resolve("photo.heic"), jpeg);
            TestImages.write(folder.resolve("train/loose.png"), jpeg);
        }

        @Test
        void areSkippedByNameWithTheirReasons() {
            spoil();
            Dataset dataset = open(NO_SPLIT);
            assertThat(dataset.train()).hasSize(5);
            assertThat(reasons(dataset))
                    .containsOnly(
                            Map.entry("train/cat/cut.jpg", "is truncated"),
                            Map.entry("train/cat/empty.jpg", "is empty"),
                            Map.entry("train/cat/text.jpg", "is not a JPEG, PNG, GIF or BMP image"),
                            Map.entry(
                                    "train/cat/photo.heic",
                                    "is not an image by its name; jpg, jpeg, png, gif and bmp are read"),
                            Map.entry("train/loose.png", "lies outside the class folders"));
        }

        @Test
        void areAllListedWhenTheyMustNotBe() {
            spoil();
            assertThatThrownBy(() -> ImageFolder.open(data(NO_SPLIT, OnBadImage.FAIL), folder, 1))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(folder.toString())
                    .hasMessageContaining("train/cat/cut.jpg: is truncated")
                    .hasMessageContaining("train/cat/empty.jpg: is empty")
                    .hasMessageContaining("train/cat/text.jpg: is not a")
                    .hasMessageContaining("train/cat/photo.heic: is not an image by its name")
                    .hasMessageContaining("train/loose.png: lies outside");
        }

        @Test
        @Timeout(20)
        void nothingOddBlocks() throws IOException, InterruptedException {
            twoClasses();
            Path cat = folder.resolve("train/cat");
            assumeTrue(makeFifo(cat.resolve("pipe.jpg")), "no mkfifo here");
            Files.createSymbolicLink(cat.resolve("up"), folder.resolve("train/cat"));
            Files.createSymbolicLink(cat.resolve("self.jpg"), cat.resolve("self.jpg"));
            Files.createSymbolicLink(cat.resolve("gone.jpg"), cat.resolve("missing.jpg"));
            Files.createSymbolicLink(cat.resolve("good.png"), folder.resolve("train/dog/0.png"));
            Dataset dataset = open(NO_SPLIT);
            assertThat(names(dataset.train())).contains("train/cat/good.png").hasSize(6);
            assertThat(reasons(dataset))
                    .containsEntry("train/cat/pipe.jpg", "is not a regular file")
                    .containsEntry("train/cat/up", "is a symbolic link to a folder around it")
                    .containsEntry("train/cat/gone.jpg", "is a symbolic link that leads nowhere")
                    .containsKey("train/cat/self.jpg")
                    .hasSize(4);
        }

        private static boolean makeFifo(Path path) throws InterruptedException {
            try {
                Process process = new ProcessBuilder("mkfifo", path.toString()).start();
                return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
            } catch (IOException e) {
                return false;
            }
        }

        @Test
        void unreadableFilesAreNamed() throws IOException {
            twoClasses();
            Path secret = folder.resolve("train/cat/0.png");
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
            assumeTrue(!Files.isReadable(secret), "this user may read every file");
            assertThat(reasons(open(NO_SPLIT)))
                    .containsOnly(Map.entry("train/cat/0.png", "permission to read it is denied"));
        }
    }

    @Nested
    class Refusals {

        private void assertRefused(Optional<SweepData.Split> split, String... messages) {
            var thrown = assertThatThrownBy(() -> open(split)).isInstanceOf(DataException.class);
            for (String message : messages) {
                thrown.hasMessageContaining(message);
            }
        }

        @Test
        void aMissingFolderOrAFile() {
            Path none = folder.resolve("none");
            assertThatThrownBy(() -> ImageFolder.open(data(NO_SPLIT, OnBadImage.SKIP), none, 1))
                    .hasMessage(none + ": there is no such folder");
            Path file = TestImages.write(folder.resolve("file"), new byte[1]);
            assertThatThrownBy(() -> ImageFolder.open(data(NO_SPLIT, OnBadImage.SKIP), file, 1))
                    .hasMessage(file + ": is a file, but must be a folder");
        }

        @Test
        void everythingWrongAtOnce() {
            fill("train/cat", 1);
            TestImages.write(folder.resolve("train/dog/readme.txt"), new byte[1]);
            fill("val/cat", 1);
            fill("val/bird", 1);
            assertRefused(
                    split(0.2, 0),
                    "val/bird is a class that train/ lacks",
                    "class dog has no usable image in train/",
                    "has a val/ folder and data.split is set: remove one of them");
        }

        @Test
        void noClassesOrOnlyOne() throws IOException {
            assertRefused(split(0.2, 0), "has no class folders");
            fill("cat", 3);
            assertRefused(split(0.2, 0), "must have at least two classes, but", "has only cat");
        }

        @Test
        void noValidationAndNoSplit() {
            fill("train/a", 2);
            fill("train/b", 2);
            assertRefused(NO_SPLIT, "has no validation/ folder, so data.split must say how much to split off");
        }

        @Test
        void twoFoldersForOneSplit() {
            twoClasses();
            fill("val/cat", 1);
            assertRefused(NO_SPLIT, "must have one folder for each split, but has both val/ and validation/");
        }

        @Test
        void validationWithoutTrain() {
            fill("val/cat", 1);
            assertRefused(NO_SPLIT, "has val/ but no train/");
        }

        @Test
        void aSplitThatLeavesValidationEmpty() {
            fill("a", 1);
            fill("b", 1);
            assertRefused(split(0.5, 0), "has no usable image for validation");
        }
    }

    @Nested
    class Cache {

        @TempDir
        Path cache;

        private Dataset openCached() {
            return ImageFolder.open(data(NO_SPLIT, OnBadImage.SKIP), folder, 42, Optional.of(cache.resolve("new")));
        }

        @Test
        void remembersVerdictsByContent() throws IOException {
            twoClasses();
            TestImages.write(folder.resolve("train/cat/bad.jpg"), "hello".getBytes(StandardCharsets.UTF_8));
            Dataset first = openCached();
            try (var files = Files.list(cache.resolve("new"))) {
                Path file = files.toList().get(0);
                String text = Files.readString(file);
                assertThat(text).contains("\tis not a JPEG");
                // A verdict planted in the cache is believed: so nothing was decoded again.
                Files.writeString(file, text.replace("is not a JPEG", "is a planted JPEG"));
            }
            assertThat(first).isEqualTo(open(NO_SPLIT));
            assertThat(reasons(openCached()).get("train/cat/bad.jpg")).contains("planted");

            Files.write(folder.resolve("train/cat/bad.jpg"), new byte[0]);
            assertThat(reasons(openCached())).containsEntry("train/cat/bad.jpg", "is empty");
        }

        @Test
        void chosenClassesLeaveWhatIsRememberedOfOthers() throws IOException {
            twoClasses();
            TestImages.write(folder.resolve("train/cat/bad.jpg"), "hello".getBytes(StandardCharsets.UTF_8));
            fill("train/eel", 1);
            fill("validation/eel", 1);
            openCached();
            String remembered = contents(cache.resolve("new"));
            SweepData chosen = new SweepData(
                    "images",
                    NO_SPLIT,
                    List.of(),
                    1,
                    OnBadImage.SKIP,
                    OptionalDouble.empty(),
                    List.of("dog", "eel"),
                    OptionalLong.empty(),
                    Optional.empty());
            Dataset opened = ImageFolder.open(chosen, folder, 42, Optional.of(cache.resolve("new")));
            assertThat(opened.classes()).containsExactly("dog", "eel");
            assertThat(contents(cache.resolve("new"))).isEqualTo(remembered);
        }

        @Test
        void filesThatAreGoneAreForgotten() throws IOException {
            twoClasses();
            Path bad = folder.resolve("train/cat/bad.jpg");
            TestImages.write(bad, "hello".getBytes(StandardCharsets.UTF_8));
            openCached();
            assertThat(contents(cache.resolve("new"))).contains("is not a JPEG");
            Files.delete(bad);
            openCached();
            assertThat(contents(cache.resolve("new"))).doesNotContain("is not a JPEG");
        }

        private static String contents(Path directory) throws IOException {
            try (var files = Files.list(directory)) {
                return Files.readString(files.toList().get(0));
            }
        }

        @Test
        void rubbishInTheCacheIsIgnored() throws IOException {
            twoClasses();
            Dataset first = openCached();
            try (var files = Files.list(cache.resolve("new"))) {
                Files.write(files.toList().get(0), new byte[] {(byte) 0xFF, 0, 1, 2});
            }
            assertThat(openCached()).isEqualTo(first);
        }

        @Test
        void manyMayOpenAtOnce() throws IOException {
            twoClasses();
            Dataset expected = open(NO_SPLIT);
            List<Dataset> opened = new ArrayList<>(IntStream.range(0, 16)
                    .parallel()
                    .mapToObj(i -> openCached())
                    .toList());
            assertThat(opened).allMatch(expected::equals);
            try (var files = Files.list(cache.resolve("new"))) {
                assertThat(files).hasSize(1);
            }
        }
    }

    @Nested
    class Paths {

        @Test
        void areLookedForInTheWorkingDirectoryFirst() {
            Path working = folder.resolve("working");
            Path sweeps = folder.resolve("sweeps");
            fill("sweeps/both", 1);
            fill("sweeps/beside", 1);
            fill("working/both", 1);
            assertThat(ImageFolder.resolve("both", working, sweeps)).isEqualTo(working.resolve("both"));
            assertThat(ImageFolder.resolve("beside", working, sweeps)).isEqualTo(sweeps.resolve("beside"));
            assertThat(ImageFolder.resolve("nowhere", working, sweeps)).isEqualTo(working.resolve("nowhere"));
            assertThat(ImageFolder.resolve(sweeps.toString(), working, working)).isEqualTo(sweeps);
        }
    }

    @Test
    void theClothingSetOpensAndDecodes() {
        Path clothing = Path.of(System.getProperty("graft.shared", "../shared"), "data", "clothing-dataset-small");
        assumeTrue(Files.isDirectory(clothing), "the clothing set is not beside this checkout");
        Dataset dataset = ImageFolder.open(data(NO_SPLIT, OnBadImage.SKIP), clothing, 42);
        assertThat(dataset.classes()).hasSize(10).contains("t-shirt");
        assertThat(dataset.train()).hasSize(3068);
        assertThat(dataset.validation()).hasSize(341);
        assertThat(dataset.skipped()).isEmpty();
    }
}
