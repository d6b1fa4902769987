package dev.graft.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveTest {

    private static final ArchiveLimits LIMITS = new ArchiveLimits(10, 1_000_000, 200, 100_000);

    @TempDir
    Path folder;

    private long unpack(byte[] archive) throws IOException {
        Path file = folder.resolve("in/archive");
        Files.createDirectories(file.getParent());
        Files.write(file, archive);
        return Archive.unpack(
                file, "images.zip", Files.createDirectories(folder.resolve("out")), LIMITS, FetchListener.SILENT);
    }

    private void assertRefused(byte[] archive, String... words) throws IOException {
        assertThatThrownBy(() -> unpack(archive))
                .isInstanceOf(FetchException.class)
                .hasMessageContaining("images.zip")
                .hasMessageContainingAll(words);
        assertThat(files(folder)).allMatch(name -> name.startsWith("in/") || name.startsWith("out/"));
    }

    private static List<String> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    @Nested
    class AnHonestArchive {

        @Test
        void isUnpackedWhetherZipOrTarGz() throws IOException {
            Map<String, byte[]> files = Map.of("a/1.txt", new byte[] {1}, "b/c/2.txt", new byte[70_000]);
            assertThat(unpack(Archives.zip(files))).isEqualTo(2);
            assertThat(files(folder.resolve("out"))).containsExactly("a/1.txt", "b/c/2.txt");
            assertThat(folder.resolve("out/b/c/2.txt")).hasBinaryContent(new byte[70_000]);
            FolderTree.delete(folder.resolve("out"));
            assertThat(unpack(Archives.tgz(files))).isEqualTo(2);
            assertThat(files(folder.resolve("out"))).containsExactly("a/1.txt", "b/c/2.txt");
        }

        @Test
        void mayUseBackslashesDotsAndEveryLetter() throws IOException {
            unpack(Archives.zip("cats\\one.png", "./dogs/./two.png", "dogs//u\u0308ber.png", "__MACOSX/._x"));
            assertThat(files(folder.resolve("out")))
                    .containsExactly("cats/one.png", "dogs/two.png", "dogs/\u00fcber.png");
        }

        @Test
        void mayHaveLongNamesAndFolders() throws IOException {
            String name = "long/" + "n".repeat(180) + ".png";
            unpack(Archives.tgz(tar -> {
                tar.putArchiveEntry(new TarArchiveEntry("long/", true));
                tar.closeArchiveEntry();
                Archives.add(tar, name, new byte[3]);
            }));
            assertThat(files(folder.resolve("out"))).containsExactly(name);
        }
    }

    @Nested
    class ANameThatLeadsElsewhere {

        @ParameterizedTest
        @CsvSource({
            "../evil, leads out",
            "a/../../evil, leads out",
            "a/.., leads out",
            "'..\\evil', leads out",
            "/evil, absolute",
            "'\\evil', absolute",
            "'\\\\server\\evil', absolute",
            "C:/evil, no name for a file",
            "'C:\\evil', no name for a file",
            "evil:stream, no name for a file",
            "'a\tb', no name for a file"
        })
        void isRefused(String name, String words) throws IOException {
            assertRefused(Archives.tgz(Map.of(name, new byte[1])), words);
            assertRefused(Archives.zip(name), words);
            assertThat(files(folder.resolve("out"))).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                bytes = {
                    TarConstants.LF_SYMLINK,
                    TarConstants.LF_LINK,
                    TarConstants.LF_FIFO,
                    TarConstants.LF_CHR,
                    TarConstants.LF_BLK
                })
        void isRefusedAsALinkOrDevice(byte kind) throws IOException {
            byte[] archive = Archives.tgz(tar -> {
                TarArchiveEntry entry = new TarArchiveEntry("evil", kind);
                entry.setLinkName("/etc");
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
                Archives.add(tar, "evil/passwd", new byte[1]);
            });
            assertRefused(archive, "\"evil\"", "only files and folders");
            assertThat(files(folder.resolve("out"))).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(ints = {0120777, 0020666, 0060666, 0010666})
        void isRefusedAsALinkOrDeviceOfAZip(int mode) throws IOException {
            assertRefused(Archives.zipWithMode("evil", mode), "\"evil\"", "only files and folders");
        }
    }

    @Nested
    class ABomb {

        @Test
        void ofTooManyEntriesIsRefused() throws IOException {
            String[] names = new String[11];
            Arrays.setAll(names, i -> "f" + i);
            assertRefused(Archives.zip(names), "more than 10 entries");
        }

        @Test
        void ofTooManyBytesIsRefused() throws IOException {
            byte[] noise = new byte[1_000_001];
            new java.util.Random(1).nextBytes(noise);
            assertRefused(Archives.zip(Map.of("a", noise)), "more than 1000000 bytes");
        }

        @Test
        void thatGrowsTooMuchIsRefused() throws IOException {
            assertRefused(Archives.zip(Map.of("a", new byte[900_000])), "200 times its size");
            FolderTree.delete(folder.resolve("out"));
            assertRefused(Archives.tgz(Map.of("a", new byte[900_000])), "200 times its size");
        }

        @Test
        void thatSaysLessThanItHoldsIsCountedByWhatItHolds() throws IOException {
            byte[] archive = Archives.zip(Map.of("a", new byte[900_000]));
            // The size in the central directory, 24 bytes after its signature.
            int at = indexOf(archive, new byte[] {'P', 'K', 1, 2}) + 24;
            archive[at] = 1;
            archive[at + 1] = 0;
            archive[at + 2] = 0;
            assertThatThrownBy(() -> unpack(archive)).isInstanceOf(FetchException.class);
        }
    }

    @Nested
    class ADamagedArchive {

        @Test
        void thatIsTruncatedIsRefused() throws IOException {
            byte[] noise = new byte[50_000];
            new java.util.Random(1).nextBytes(noise);
            byte[] zip = Archives.zip(Map.of("a", noise));
            assertRefused(Arrays.copyOf(zip, 40_000), "cannot be unpacked");
            byte[] tgz = Archives.tgz(Map.of("a", noise));
            FolderTree.delete(folder.resolve("out"));
            assertRefused(Arrays.copyOf(tgz, 40_000), "cannot be unpacked: it ends too early");
        }

        @Test
        void thatHasAChangedByteIsRefused() throws IOException {
            byte[] noise = new byte[50_000];
            new java.util.Random(1).nextBytes(noise);
            // Noise does not shrink, so that it is stored as it is, and only its CRC can tell.
            byte[] zip = Archives.zip(Map.of("b/a.png", noise));
            int data = indexOf(zip, Arrays.copyOfRange(noise, 20_000, 20_100));
            for (int at = data; at < data + 10; at++) {
                zip[at] ^= 1;
            }
            assertRefused(zip, "is damaged", "\"b/a.png\"", "CRC");
        }

        @Test
        void thatIsEncryptedIsRefused() throws IOException {
            byte[] zip = Archives.zip("a");
            zip[indexOf(zip, new byte[] {'P', 'K', 3, 4}) + 6] |= 1;
            zip[indexOf(zip, new byte[] {'P', 'K', 1, 2}) + 8] |= 1;
            assertRefused(zip, "is encrypted", "without a password");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "P", "hello", "<html>not found</html>", "Rar!\u001a"})
        void thatIsNoneIsRefused(String text) throws IOException {
            assertRefused(text.getBytes(UTF_8), "is neither a zip nor a tar.gz");
        }

        @Test
        void thatIsEmptyIsRefused() throws IOException {
            assertRefused(Archives.zip(), "holds nothing");
            assertRefused(Archives.tgz(Map.of()), "holds nothing");
        }

        @Test
        void thatIsNoTarInsideIsRefused() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (var gzip = new java.util.zip.GZIPOutputStream(bytes)) {
                gzip.write("just text, but long enough to be looked at as if it were a header"
                        .repeat(20)
                        .getBytes(UTF_8));
            }
            assertRefused(bytes.toByteArray(), "cannot be unpacked");
        }

        @Test
        void thatNamesAFileTwiceIsRefused() throws IOException {
            assertRefused(
                    Archives.tgz(tar -> {
                        Archives.add(tar, "a", new byte[1]);
                        Archives.add(tar, "./a", new byte[2]);
                    }),
                    "twice");
        }

        @Test
        void thatPutsAFolderIntoAFileIsRefused() throws IOException {
            assertRefused(
                    Archives.tgz(tar -> {
                        Archives.add(tar, "a", new byte[1]);
                        Archives.add(tar, "a/b", new byte[2]);
                    }),
                    "images.zip");
        }
    }

    @Nested
    class FetchedAndUnpacked {

        private final Path home = Path.of("data/key");

        private Fetcher fetcher() {
            return new Fetcher(new WebAccess(false, Map.of()), () -> Instant.EPOCH, FetchListener.SILENT);
        }

        private Download download(URI address, byte[] archive) throws IOException {
            Path copy = Files.write(folder.resolve("copy"), archive);
            return new Download(
                    address, OptionalLong.empty(), Optional.of(Checksum.of(Checksum.Algorithm.SHA_256, copy)), "");
        }

        @Test
        void happensOnce() throws IOException {
            byte[] archive = Archives.zip("a/1.txt");
            try (RawServer server = RawServer.of(archive)) {
                Path target = folder.resolve(home);
                fetcher().fetchUnpacked(download(server.address("/z"), archive), target);
                fetcher().fetchUnpacked(download(server.address("/z"), archive), target);
                assertThat(server.requests()).hasSize(1);
                assertThat(target.resolve("a/1.txt")).hasContent("a/1.txt");
                assertThat(files(folder.resolve("data")))
                        .noneMatch(name -> name.contains("archive") && !name.endsWith(".lock"));
            }
        }

        @Test
        void leavesNothingThatLooksComplete() throws IOException {
            byte[] archive = Archives.zip("a", "../evil");
            try (RawServer server = RawServer.of(archive)) {
                Path target = folder.resolve(home);
                assertThatThrownBy(() -> fetcher().fetchUnpacked(download(server.address("/z"), archive), target))
                        .isInstanceOf(FetchException.class)
                        .hasMessageContainingAll(server.address("/z").toString(), "leads out of its folder");
                assertThat(target).doesNotExist();
                assertThat(folder.resolve("data/key.unpacking")).doesNotExist();
            }
        }

        @Test
        void keepsAndNamesAnArchiveThatIsWhatWasPublished() throws IOException {
            byte[] archive = "no archive".getBytes(UTF_8);
            try (RawServer server = RawServer.of(archive)) {
                Path target = folder.resolve(home);
                Path kept = folder.resolve("data/key.archive");
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> fetcher().fetchUnpacked(download(server.address("/z"), archive), target))
                            .isInstanceOf(FetchException.class)
                            .hasMessageContainingAll("neither a zip", kept + ", 10 bytes, ", "is kept");
                }
                assertThat(kept).hasBinaryContent(archive);
                assertThat(server.requests()).hasSize(1);
            }
        }

        @Test
        void deletesAnArchiveThatMayHaveComeDamaged() throws IOException {
            byte[] archive = Archives.zip("a");
            int[] count = {0};
            try (RawServer server = new RawServer((request, out) ->
                    RawServer.range(out, request, count[0]++ == 0 ? new byte[5] : archive, "\"v1\""))) {
                Path target = folder.resolve(home);
                Download download = new Download(server.address("/z"), OptionalLong.empty(), Optional.empty(), "");
                assertThatThrownBy(() -> fetcher().fetchUnpacked(download, target))
                        .isInstanceOf(FetchException.class)
                        .hasMessageContainingAll(folder.resolve("data/key.archive") + ", 5 bytes, was deleted");
                fetcher().fetchUnpacked(download, target);
                assertThat(files(target)).containsExactly("a");
                assertThat(files(folder.resolve("data")))
                        .allMatch(name -> name.endsWith(".lock") || name.startsWith("key/"));
            }
        }

        @Test
        void clearsWhatADeadProcessLeft() throws IOException {
            byte[] archive = Archives.zip("a");
            Files.createDirectories(folder.resolve("data/key.unpacking/old"));
            try (RawServer server = RawServer.of(archive)) {
                Path target = folder.resolve(home);
                fetcher().fetchUnpacked(download(server.address("/z"), archive), target);
                assertThat(files(target)).containsExactly("a");
                assertThat(target.resolve("old")).doesNotExist();
            }
        }
    }

    private static int indexOf(byte[] bytes, byte[] word) {
        for (int i = 0; i + word.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + word.length, word, 0, word.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }
}
