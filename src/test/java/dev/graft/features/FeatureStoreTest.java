package dev.graft.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.graft.fetch.FolderTree;
import dev.graft.fetch.WriteLock;
import dev.graft.track.SmallDisk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FeatureStoreTest {

    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
    private static final int ROWS = 1000;

    @TempDir
    Path folder;

    private Path directory() {
        return folder.resolve("store");
    }

    private FeatureStore store() {
        return new FeatureStore(directory(), InstantSource.fixed(NOON));
    }

    private FeatureStore store(long maxBytes) {
        return new FeatureStore(directory(), InstantSource.fixed(NOON), OptionalLong.of(maxBytes));
    }

    private static FeatureKey key(int number) {
        return new FeatureKey("sprout", 1, "w" + number, 32, "out", "avg", "decode 1", "none", "d", "float32");
    }

    private static FeatureHeader header(int number) {
        return header(number, 4);
    }

    private static FeatureHeader header(int number, int rowLength) {
        return new FeatureHeader(
                key(number),
                List.of(rowLength),
                0,
                List.of(),
                List.of(),
                Collections.nCopies(ROWS, "v"),
                Collections.nCopies(ROWS, 0));
    }

    /** Stores features that were last used so many minutes before noon. */
    private Path stored(int number, int minutes) throws IOException {
        return stored(number, minutes, 4);
    }

    private Path stored(int number, int minutes, int rowLength) throws IOException {
        Files.createDirectories(directory());
        Path file = store().file(key(number));
        try (FeatureFile.Writer writer = new FeatureFile.Writer(file, header(number, rowLength))) {
            for (int row = 0; row < ROWS; row++) {
                writer.write(Arrays.copyOf(new float[] {row, number, 2, 3}, rowLength), 0);
            }
            writer.commit();
        }
        Files.setLastModifiedTime(file, FileTime.from(NOON.minusSeconds(60L * minutes)));
        return file;
    }

    @Nested
    class Limit {

        private final long size = FeatureFile.size(header(1));

        @Test
        void deletesWhatWasNotUsedForTheLongestTime() throws IOException {
            Path old = stored(1, 30);
            Path older = stored(2, 40);
            Path recent = stored(3, 10);
            store(3 * size).makeRoom(size, Set.of());
            assertThat(older).doesNotExist();
            assertThat(List.of(old, recent)).allSatisfy(file -> assertThat(file).exists());
            store(2 * size - 1).makeRoom(size, Set.of());
            assertThat(List.of(old, recent))
                    .noneSatisfy(file -> assertThat(file).exists());
        }

        @Test
        void countsAReadingAsUse() throws IOException {
            Path read = stored(1, 40);
            Path unread = stored(2, 30);
            assertThat(store().find(key(1))).isPresent();
            store(2 * size).makeRoom(size, Set.of());
            assertThat(read).exists();
            assertThat(unread).doesNotExist();
        }

        @Test
        void keepsEverythingWhileItFits() throws IOException {
            Path file = stored(1, 30);
            store(2 * size).makeRoom(size, Set.of());
            store().makeRoom(size, Set.of());
            assertThat(file).exists();
        }

        @Test
        void keepsWhatThePassNeedsItself() throws IOException {
            Path needed = stored(1, 30);
            Path other = stored(2, 10);
            store(1).makeRoom(size, Set.of(needed));
            assertThat(needed).exists();
            assertThat(other).doesNotExist();
        }

        @Test
        void keepsWhatSomebodyHoldsTheLockOf() throws IOException {
            Path held = stored(1, 30);
            Path other = stored(2, 10);
            try (WriteLock lock = store().lock(key(1), () -> false)) {
                assertThat(lock).isNotNull();
                store(size).makeRoom(size, Set.of());
            }
            assertThat(held).exists();
            assertThat(other).doesNotExist();
        }

        @Test
        void keepsFilesThatAreNotFeatures() throws IOException {
            Files.createDirectories(directory());
            Path note = Files.writeString(directory().resolve("note.features"), "mine");
            Path folder = Files.createDirectory(store().file(key(7)));
            store(1).makeRoom(size, Set.of());
            assertThat(note).exists();
            assertThat(folder).exists();
        }

        @Test
        void ofNothingIsNone() {
            assertThatThrownBy(() -> store(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a limit must be at least 1 byte, but was 0");
        }

        @Test
        @DisabledOnOs(OS.WINDOWS)
        void leavesReadersWhatTheyHaveOpen() throws IOException {
            Path file = stored(1, 30);
            FeatureFile open = store().find(key(1)).orElseThrow();
            store(1).makeRoom(size, Set.of());
            assertThat(file).doesNotExist();
            float[] row = new float[4];
            for (int i = 0; i < ROWS; i++) {
                open.read(i, row, 0);
                assertThat(row).containsExactly(i, 1, 2, 3);
            }
        }

        @Test
        void isKeptToByTwoProcessesAtOnce() throws Exception {
            for (int i = 0; i < 60; i++) {
                stored(i, i);
            }
            List<Process> processes = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                processes.add(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                ChildEviction.class.getName(),
                                directory().toString(),
                                Long.toString(10 * size),
                                Long.toString(size))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
            }
            for (Process process : processes) {
                assertThat(process.inputReader().readLine()).isEqualTo("fits");
                assertThat(process.waitFor()).isZero();
            }
            assertThat(new StoredFeatures(directory()).bytes()).isLessThanOrEqualTo(9 * size);
            assertThat(store().contains(key(0))).isTrue();
        }
    }

    @Nested
    class FullDisk {

        @Test
        void takesNoMoreThanItMustWhereFilesAreMappedHere() throws Exception {
            try (SmallDisk disk = SmallDisk.mount(directory(), "66m")) {
                Path old = stored(1, 40, 5000);
                Path recent = stored(2, 10, 1000);
                assertThat(store().find(key(1))).isPresent();
                Files.setLastModifiedTime(old, FileTime.from(NOON.minusSeconds(2400)));
                // Fits without the older file alone, once nobody maps it.
                store().makeRoom(15 << 20, Set.of());
                assertThat(old).doesNotExist();
                assertThat(recent).exists();
            }
        }

        @Test
        void isNotTakenForOneWhereADeletedFileIsStillMapped() throws Exception {
            try (SmallDisk disk = SmallDisk.mount(directory(), "66m")) {
                Path deleted = stored(1, 40, 5000);
                assertThat(store().find(key(1))).isPresent();
                Files.delete(deleted);
                store().makeRoom(20 << 20, Set.of());
            }
        }

        @Test
        void isSaidWhereNothingThatCanBeDeletedDoes() throws Exception {
            try (SmallDisk disk = SmallDisk.mount(directory(), "66m")) {
                Path file = stored(1, 40, 5000);
                assertThatThrownBy(() -> store().makeRoom(40 << 20, Set.of()))
                        .isInstanceOfSatisfying(
                                FeatureStoreException.class,
                                e -> assertThat(e.diskFull()).isTrue());
                assertThat(file).exists();
            }
        }
    }

    @Nested
    class Deleting {

        @Test
        void leavesWhatWasUsedAfterItWasListed() throws IOException {
            Path file = stored(1, 30);
            StoredFeatures stored = new StoredFeatures(directory());
            StoredFeatures.Entry listed = stored.files().get(0);
            assertThat(store().find(key(1))).isPresent();
            assertThat(stored.delete(listed)).isFalse();
            assertThat(file).exists();
        }

        @Test
        void ofWhatIsGoneAlreadyIsDone() throws IOException {
            Path file = stored(1, 30);
            StoredFeatures stored = new StoredFeatures(directory());
            StoredFeatures.Entry listed = stored.files().get(0);
            Files.delete(file);
            assertThat(stored.delete(listed)).isTrue();
            assertThat(stored.damage(listed)).isEmpty();
        }

        @Test
        void findsNothingWhereThereIsNoDirectory() throws IOException {
            StoredFeatures stored = new StoredFeatures(folder.resolve("none"));
            assertThat(stored.files()).isEmpty();
            assertThat(stored.deadParts()).isEmpty();
            assertThat(stored.bytes()).isZero();
        }

        @Test
        void doesNotFollowLinks() throws IOException {
            Path elsewhere = Files.write(folder.resolve("elsewhere"), new byte[100]);
            Files.createDirectories(directory());
            Files.createSymbolicLink(store().file(key(1)), elsewhere);
            assertThat(new StoredFeatures(directory()).files()).isEmpty();
        }

        @Test
        void listsDeadPartsWithoutATrace() throws IOException {
            Files.createDirectories(directory());
            Path part = Files.createFile(FeatureFile.temporary(store().file(key(1))));
            StoredFeatures stored = new StoredFeatures(directory());
            assertThat(stored.deadParts())
                    .extracting(StoredFeatures.Entry::file)
                    .containsExactly(part);
            assertThat(directory()).isDirectoryNotContaining("glob:**.lock");
            try (WriteLock lock = store().lock(key(1), () -> false)) {
                assertThat(lock).isNotNull();
                assertThat(stored.deadParts()).isEmpty();
            }
            assertThat(stored.deadParts()).hasSize(1);
        }
    }

    @Nested
    class Damage {

        @ParameterizedTest
        @ValueSource(strings = {"magic", "length", "header", "value", "checksum", "short", "long", "empty", "other"})
        void isNoticedAndTakenOutOfTheWay(String kind) throws IOException {
            Path file = stored(1, 30);
            long size = Files.size(file);
            switch (kind) {
                case "magic" -> flip(file, 3);
                case "length" -> flip(file, 8);
                case "header" -> flip(file, 20);
                case "value" -> flip(file, size - 9000);
                case "checksum" -> flip(file, size - 8);
                case "short" -> resize(file, size - 1);
                case "long" -> resize(file, size + 1);
                case "empty" -> resize(file, 0);
                default -> Files.copy(stored(2, 30), file, StandardCopyOption.REPLACE_EXISTING);
            }
            assertThat(new StoredFeatures(directory())
                            .files().stream().filter(entry -> entry.file().equals(file)))
                    .singleElement()
                    .satisfies(entry -> assertThat(new StoredFeatures(directory()).damage(entry))
                            .isPresent());
            assertThat(store().find(key(1))).isEmpty();
            assertThat(file).exists();
            assertThat(store().findOrClear(key(1))).isEmpty();
            assertThat(file).doesNotExist();
            stored(1, 0);
            assertThat(store().find(key(1))).isPresent();
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void byAFolderOfThatNameIsTakenOutOfTheWay(boolean full) throws IOException {
            Path file = Files.createDirectories(store().file(key(1)));
            if (full) {
                Files.writeString(file.resolve("precious"), "x");
            }
            assertThat(store().find(key(1))).isEmpty();
            assertThat(store().findOrClear(key(1))).isEmpty();
            assertThat(file).doesNotExist();
            if (full) {
                assertThat(directory()).isDirectoryRecursivelyContaining("glob:**/precious");
            }
            stored(1, 0);
        }

        @Test
        @DisabledOnOs(OS.WINDOWS)
        void whileAFileIsReadEndsTheReadingAndNotTheProcess() throws IOException {
            Path file = stored(1, 30);
            FeatureFile open = store().find(key(1)).orElseThrow();
            float[] row = new float[4];
            open.read(ROWS - 1, row, 0);
            resize(file, 4096);
            // Machine code learns of the missing page a little later, which may be outside the read.
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100_000; i++) {
                            open.read(ROWS - 1, row, 0);
                        }
                    })
                    .isInstanceOfAny(FeatureStoreException.class, InternalError.class);
        }

        private static void flip(Path file, long at) throws IOException {
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.seek(at);
                int old = bytes.read();
                bytes.seek(at);
                bytes.write(old ^ 4);
            }
        }

        private static void resize(Path file, long size) throws IOException {
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.setLength(size);
            }
        }
    }

    @Nested
    class Failures {

        private final FrozenBase base = DrawnSource.sprout(DrawnSource.SIZE);
        private final FeatureOutput output = base.headOutput("avg");

        private FeatureExtractor.Extraction extract(FeatureStore store, FeatureExtractor.Progress progress) {
            FeatureSource source =
                    DrawnSource.source(DrawnSource.dataset(folder.resolve("images"), 70, 2), List.of(), 1);
            return new FeatureExtractor(store, 1).extract(source, base, List.of(output), progress, () -> false);
        }

        @Test
        void ofADeletedDirectoryMakeItAgain() throws IOException {
            AtomicBoolean deleted = new AtomicBoolean();
            FeatureExtractor.Extraction extraction = extract(store(), (done, total) -> {
                if (deleted.compareAndSet(false, true)) {
                    delete(directory());
                }
            });
            assertThat(deleted).isTrue();
            assertThat(extraction.computed()).containsExactly(output);
            assertThat(new StoredFeatures(directory()).files()).hasSize(1);
        }

        @Test
        void ofADirectoryThatIsDeletedAgainAndAgainAreSaid() {
            assertThatThrownBy(() -> extract(store(), (done, total) -> delete(directory())))
                    .isInstanceOf(FeatureStoreException.class)
                    .hasMessageContaining("features cannot be stored in " + directory())
                    .hasMessageContaining("no such file");
        }

        @Test
        void ofAFullDiskSayWhatIsNeededAndLeaveNothing() throws IOException {
            Path full = Path.of("/dev/full");
            assumeThat(full).exists();
            FeatureSource source =
                    DrawnSource.source(DrawnSource.dataset(folder.resolve("images"), 70, 2), List.of(), 1);
            Path file = store().file(source.key(base, output));
            Files.createDirectories(directory());
            Files.createSymbolicLink(FeatureFile.temporary(file), full);
            assertThatThrownBy(() -> extract(store(), (done, total) -> {}))
                    .isInstanceOfSatisfying(
                            FeatureStoreException.class,
                            e -> assertThat(e.diskFull()).isTrue())
                    .hasMessageStartingWith("the disk became full while " + source.bytes(base, output)
                            + " bytes of features were written to " + directory())
                    .hasMessageContaining("bytes are free now; free some, or set GRAFT_HOME to a larger disk");
            assertThat(Files.exists(FeatureFile.temporary(file), LinkOption.NOFOLLOW_LINKS))
                    .isFalse();
            assertThat(extract(store(), (done, total) -> {}).computed()).hasSize(1);
        }

        @Test
        void ofADirectoryThatCannotBeMadeNameIt() throws IOException {
            Files.writeString(directory(), "a file");
            assertThatThrownBy(() -> extract(store(), (done, total) -> {}))
                    .isInstanceOfSatisfying(
                            FeatureStoreException.class,
                            e -> assertThat(e.unusable()).isTrue())
                    .hasMessageStartingWith("the feature store " + directory() + " cannot be written to (" + directory()
                            + ", file already exists)");
            assertThat(directory()).hasContent("a file");
        }

        @Test
        void ofADirectoryBelowAFileNameIt() throws IOException {
            Files.writeString(directory(), "a file");
            FeatureStore below = new FeatureStore(directory().resolve("more/features"), InstantSource.system());
            assertThatThrownBy(() -> extract(below, (done, total) -> {}))
                    .isInstanceOfSatisfying(
                            FeatureStoreException.class,
                            e -> assertThat(e.unusable()).isTrue())
                    .hasMessageContaining("cannot be written to");
        }

        @Test
        void ofADiskThatBecomesReadOnlyAreToldApart() throws Exception {
            try (SmallDisk disk = SmallDisk.mount(directory(), "50m")) {
                disk.remountReadOnly();
                assertThatThrownBy(() -> extract(store(), (done, total) -> {}))
                        .isInstanceOfSatisfying(FeatureStoreException.class, e -> {
                            assertThat(e.unusable()).isTrue();
                            assertThat(e.diskFull()).isFalse();
                        })
                        .hasMessageContaining("Read-only file system")
                        .hasMessageContaining("set GRAFT_HOME to one that is");
            }
        }

        @Test
        @DisabledOnOs(OS.WINDOWS)
        void ofADirectoryThatCanOnlyBeReadSayWhatToDo() throws IOException {
            extract(store(), (done, total) -> {});
            Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("r-xr-xr-x"));
            try {
                assumeThat(Files.isWritable(directory())).isFalse();
                assertThat(extract(store(), (done, total) -> {}).computed()).isEmpty();
                FeatureSource other =
                        DrawnSource.source(DrawnSource.dataset(folder.resolve("images"), 3, 2), List.of(), 1);
                assertThatThrownBy(() -> new FeatureExtractor(store(), 1)
                                .extract(other, base, List.of(output), (done, total) -> {}, () -> false))
                        .isInstanceOf(FeatureStoreException.class)
                        .hasMessageContaining("cannot be written to")
                        .hasMessageContaining("make the folder writable for this user");
            } finally {
                Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }

        @Test
        void areToldApart() {
            assertThat(store().failure(new AccessDeniedException("x"), 5))
                    .hasMessage(
                            "the feature store " + directory() + " cannot be written to (x, access denied); make the"
                                    + " folder writable for this user, or set GRAFT_HOME to one that is");
            assertThat(store().failure(new FileSystemException("x", null, "Read-only file system"), 5))
                    .hasMessageContaining("cannot be written to");
            assertThat(List.of(
                            store().failure(new AccessDeniedException("x"), 5),
                            store().failure(new FileSystemException("x", null, "Read-only file system"), 5),
                            store().failure(new IOException("No space left on device"), 5)))
                    .allSatisfy(e -> assertThat(e.unusable()).isTrue());
            assertThat(store().failure(new IOException("Input/output error"), 5).unusable())
                    .isFalse();
            assertThat(store().failure(new IOException("File too large"), 5))
                    .hasMessage(
                            "a file would have become larger than any may be while 5 bytes of features were written to "
                                    + directory()
                                    + " (File too large); raise the limit on the size of files (ulimit -f), or set"
                                    + " GRAFT_HOME to a disk that takes larger ones");
            assertThat(store().failure(new IOException("Input/output error"), 5))
                    .hasMessage("features cannot be stored in " + directory() + ": Input/output error");
        }

        @ParameterizedTest
        @CsvSource({
            "No space left on device, true",
            "x: Disk quota exceeded, true",
            "There is not enough space on the disk, true",
            "File too large, true",
            "Input/output error, false"
        })
        void ofFullDisksAreKnownByTheirWords(String message, boolean full) {
            assertThat(store().failure(new IOException(message), 5).diskFull()).isEqualTo(full);
        }

        private static void delete(Path directory) {
            try {
                FolderTree.delete(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
