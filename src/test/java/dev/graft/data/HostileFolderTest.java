package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.graft.spec.Problem;
import dev.graft.spec.SweepData;
import dev.graft.spec.SweepData.OnBadImage;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Folders that somebody filled to do harm, or by accident. */
@Timeout(60)
class HostileFolderTest {

    private static final byte[] PNG = TestImages.encode(TestImages.noise(8, 8, 3), "png");

    @TempDir
    Path folder;

    @BeforeEach
    void fill() {
        for (String split : List.of("train", "validation")) {
            TestImages.fill(folder.resolve(split + "/cat"), 3);
            TestImages.fill(folder.resolve(split + "/dog"), 3);
        }
    }

    private Dataset open() {
        return ImageFolder.open(
                new SweepData("images", Optional.empty(), List.of(), 1, OnBadImage.SKIP), folder, 42, Optional.empty());
    }

    private static Map<String, String> reasons(Dataset dataset) {
        return dataset.skipped().stream().collect(Collectors.toMap(Problem::file, Problem::message));
    }

    @Nested
    @DisabledOnOs(OS.WINDOWS)
    class SpecialFiles {

        private Path cat;

        @BeforeEach
        void find() {
            cat = folder.resolve("train/cat");
        }

        @Test
        void areNeitherReadNorWaitedFor() throws Exception {
            Process process =
                    new ProcessBuilder("mkfifo", cat.resolve("pipe.png").toString()).start();
            assumeThat(process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0)
                    .as("mkfifo works here")
                    .isTrue();
            Files.createSymbolicLink(cat.resolve("zero.png"), Path.of("/dev/zero"));
            Files.createSymbolicLink(cat.resolve("random.jpg"), Path.of("/dev/random"));
            Files.createSymbolicLink(cat.resolve("pipe-link.jpg"), cat.resolve("pipe.png"));
            Files.createSymbolicLink(folder.resolve("train/device"), Path.of("/dev/zero"));
            try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                socket.bind(UnixDomainSocketAddress.of(cat.resolve("s.png")));
                Dataset dataset = open();
                assertThat(dataset.train()).hasSize(6);
                assertThat(dataset.classes()).containsExactly("cat", "dog");
                assertThat(reasons(dataset))
                        .hasSize(5)
                        .allSatisfy((name, reason) -> assertThat(reason).isEqualTo("is not a regular file"));
            }
        }

        @Test
        void areNoImagesToPredict() {
            assertThatThrownBy(() -> ImageDecoder.read(Path.of("/dev/zero")))
                    .isInstanceOf(DataException.class)
                    .hasMessage("/dev/zero: is not a regular file");
        }

        @Test
        void thatLeadRoundInCirclesAreLeftOut() throws IOException {
            Files.createSymbolicLink(folder.resolve("train/all"), folder.resolve("train"));
            Files.createSymbolicLink(folder.resolve("train/more"), folder);
            Files.createSymbolicLink(cat.resolve("deep"), cat);
            Files.createSymbolicLink(cat.resolve("a"), cat.resolve("b"));
            Files.createSymbolicLink(cat.resolve("b"), cat.resolve("a"));
            Dataset dataset = open();
            assertThat(dataset.classes()).containsExactly("cat", "dog");
            assertThat(dataset.train()).hasSize(6);
            assertThat(reasons(dataset))
                    .containsEntry("train/all", "is a symbolic link to a folder around it")
                    .containsEntry("train/more", "is a symbolic link to a folder around it")
                    .containsEntry("train/cat/deep", "is a symbolic link to a folder around it");
        }

        @Test
        void thatAreImagesElsewhereAreRead(@TempDir Path elsewhere) throws IOException {
            Files.createSymbolicLink(cat.resolve("out.png"), TestImages.write(elsewhere.resolve("image.bin"), PNG));
            assertThat(open().train()).hasSize(7);
        }
    }

    @Test
    void contentDecidesWhatAFileIs() throws IOException {
        Path cat = folder.resolve("train/cat");
        TestImages.write(cat.resolve("really-png.jpg"), PNG);
        TestImages.write(cat.resolve("zip.png"), new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0});
        TestImages.write(cat.resolve("page.gif"), "<html>".getBytes(StandardCharsets.UTF_8));
        TestImages.write(cat.resolve("empty.bmp"), new byte[0]);
        Files.createDirectory(cat.resolve("folder.png"));
        Dataset dataset = open();
        assertThat(dataset.train()).hasSize(7);
        assertThat(reasons(dataset))
                .containsOnly(
                        Map.entry("train/cat/zip.png", "is not a JPEG, PNG, GIF or BMP image"),
                        Map.entry("train/cat/page.gif", "is not a JPEG, PNG, GIF or BMP image"),
                        Map.entry("train/cat/empty.bmp", "is empty"));
    }

    @Nested
    class Names {

        private final List<String> strange = List.of(
                "it's \"quoted\"",
                "two\nlines",
                "tab\tand\rreturn",
                "<img src=x onerror=alert(1)>",
                "](http:evil) | `x`",
                "\u202Egnp.exe",
                "\u001B[31mred\u001B[0m",
                "\uD83D\uDC68\u200D\uD83D\uDC69",
                "-rf",
                "--help",
                "a..b",
                "back\\slash",
                " leading and trailing ",
                "n".repeat(255),
                "$(reboot) ; & ${HOME}",
                "CON",
                "=1+1");

        private void make(String split, String name) {
            try {
                TestImages.fill(folder.resolve(split).resolve(name), 2);
            } catch (InvalidPathException e) {
                assumeThat(false).as("this file system takes the name " + name).isTrue();
            }
        }

        @Test
        void ofClassesAreKeptToTheLetter() {
            for (String name : strange) {
                make("train", name);
                make("validation", name);
            }
            Dataset dataset = open();
            assertThat(dataset.classes()).containsAll(strange).hasSize(strange.size() + 2);
            assertThat(dataset.skipped()).isEmpty();
        }

        @Test
        void inMessagesStayOnTheirLineAndMoveNoCursor() {
            strange.forEach(name -> make("validation", name));
            assertThatThrownBy(HostileFolderTest.this::open)
                    .isInstanceOf(DataException.class)
                    .satisfies(e -> assertThat(e.getMessage().lines())
                            .hasSize(1 + strange.size())
                            .allSatisfy(line -> assertThat(line).doesNotContainPattern("[\\p{Cntrl}\u202E]")));
        }

        @Test
        void ofFilesInProblemsStayOnTheirLine() {
            make("train", "two\nlines");
            make("validation", "two\nlines");
            TestImages.write(folder.resolve("train/two\nlines/\u001B[2J.png"), new byte[3]);
            assertThat(open().skipped())
                    .singleElement()
                    .hasToString("train/two\\u000Alines/\\u001B[2J.png: is not a JPEG, PNG, GIF or BMP image");
        }

        @Test
        void thatOnlyLookTheSameAreRefused() {
            make("train", "caf\u00E9");
            make("train", "cafe\u0301");
            assumeThat(folder.resolve("train").toFile().list()).hasSize(4);
            assertThatThrownBy(HostileFolderTest.this::open)
                    .hasMessageContaining("has two classes that both look like caf\u00E9");
        }

        @Test
        void thatLookTheSameInAnotherSplitAreExplained() {
            make("train", "caf\u00E9");
            make("validation", "cafe\u0301");
            assumeThat(Files.exists(folder.resolve("train/cafe\u0301"))).isFalse();
            assertThatThrownBy(HostileFolderTest.this::open)
                    .hasMessageContaining("it has one that looks the same, but Unicode spells it otherwise");
        }

        @Test
        void mayDifferInCaseAlone() {
            for (String split : List.of("train", "validation")) {
                make(split, "CAT");
            }
            assumeThat(folder.resolve("train").toFile().list()).hasSize(3);
            assertThat(open().classes()).containsExactly("CAT", "cat", "dog");
        }
    }
}
