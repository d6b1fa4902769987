package dev.graft.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureFileTest {

    @TempDir
    Path folder;

    private static FeatureKey key() {
        return new FeatureKey("sprout", 1, "w", 32, "out", "avg", "decode 1", "none", "d", "float32");
    }

    private static FeatureHeader header(List<Integer> shape, int views, int train, int validation) {
        List<String> trainNames = new ArrayList<>();
        for (int i = 0; i < train; i++) {
            trainNames.add("train/ä " + i + ".jpg");
        }
        return new FeatureHeader(
                key(),
                shape,
                views,
                trainNames,
                Collections.nCopies(train, 1),
                Collections.nCopies(validation, "v"),
                Collections.nCopies(validation, 0));
    }

    private Path write(FeatureHeader header) throws IOException {
        Path file = folder.resolve("x.features");
        int length = (int) (header.rowBytes() / Float.BYTES);
        float[] row = new float[length + 1];
        try (FeatureFile.Writer writer = new FeatureFile.Writer(file, header)) {
            for (int r = 0; r < header.rows(); r++) {
                for (int i = 0; i < length; i++) {
                    row[i + 1] = value(r, i);
                }
                writer.write(row, 1);
            }
            writer.commit();
        }
        return file;
    }

    private static float value(int row, int index) {
        return row * 1000 + index + 0.25f;
    }

    @Nested
    class Reading {

        @Test
        void givesBackEveryRow() throws IOException {
            FeatureHeader header = header(List.of(3, 2, 2), 3, 1500, 700);
            Path file = write(header);
            FeatureFile found = FeatureFile.open(file);
            assertThat(found.rows()).isEqualTo(3 * 1500 + 700);
            assertThat(found.shape()).containsExactly(3, 2, 2);
            assertThat(found.views()).isEqualTo(3);
            assertThat(found.trainImages()).isEqualTo(1500);
            assertThat(found.key()).isEqualTo(key());
            assertThat(found.bytes()).isEqualTo(Files.size(file)).isEqualTo(FeatureFile.size(header));
            float[] into = new float[14];
            for (int row = 0; row < found.rows(); row++) {
                found.read(row, into, 2);
                assertThat(into[2]).isEqualTo(value(row, 0));
                assertThat(into[13]).isEqualTo(value(row, 11));
            }
        }

        @Test
        void givesBackHalvesOfHalfTheSize() throws IOException {
            FeatureKey half = new FeatureKey("sprout", 1, "w", 32, "out", "avg", "decode 1", "none", "d", "float16");
            FeatureHeader header =
                    new FeatureHeader(half, List.of(3), 1, List.of("a", "b"), List.of(0, 1), List.of("c"), List.of(0));
            Path file = folder.resolve("half.features");
            try (FeatureFile.Writer writer = new FeatureFile.Writer(file, header)) {
                for (int row = 0; row < 3; row++) {
                    writer.write(new float[] {row, 0.1f, 1000.3f}, 0);
                }
                assertThatThrownBy(() -> writer.write(new float[] {1, 70_000, 1}, 0))
                        .isInstanceOf(FeatureStoreException.class)
                        .hasMessage(
                                "cache.precision must be float32 for this base: float16 ends at 65504.0, but a feature"
                                        + " was 70000.0");
                writer.commit();
            }
            FeatureFile found = FeatureFile.open(file);
            assertThat(found.rowLength()).isEqualTo(3);
            assertThat(found.bytes()).isEqualTo(FeatureFile.size(header)).isEqualTo(Files.size(file));
            assertThat(header.rowBytes()).isEqualTo(6);
            float[] into = new float[4];
            found.read(2, into, 1);
            assertThat(into).containsExactly(0, 2, 0.099975586f, 1000.5f);
        }

        @Test
        void ofValidationBeginsBehindTheLastView() throws IOException {
            FeatureFile found = FeatureFile.open(write(header(List.of(2), 2, 3, 4)));
            FeatureRows validation = found.validation();
            assertThat(validation.rows()).isEqualTo(4);
            assertThat(validation.rowLength()).isEqualTo(2);
            float[] into = new float[2];
            validation.read(0, into, 0);
            assertThat(into).containsExactly(value(6, 0), value(6, 1));
        }

        @Test
        void ofTrainingCyclesThroughTheViews() throws IOException {
            TrainingFeatures train = TrainingFeatures.of(FeatureFile.open(write(header(List.of(1), 2, 3, 1))));
            float[] into = new float[2];
            int[] order = {2, 0, 1};
            for (int epoch = 1; epoch <= 5; epoch++) {
                train.read(epoch, order, 1, 2, into);
                int first = (epoch - 1) % 2 * 3;
                assertThat(into).containsExactly(value(first, 0), value(first + 1, 0));
            }
        }

        @Test
        void ofFilesWithoutTrainingImages() throws IOException {
            FeatureFile found = FeatureFile.open(write(header(List.of(5), 0, 10, 4)));
            assertThat(found.rows()).isEqualTo(4);
            assertThat(found.validation().rows()).isEqualTo(4);
        }
    }

    @Nested
    class AValueOverwrittenInPlace {

        @Test
        void isNoticedWhereverItIs() throws IOException {
            FeatureHeader header = header(List.of(3), 1, 4, 2);
            for (long fromEnd = 1; fromEnd <= 8 + 6 * 3 * 4; fromEnd += 5) {
                Path file = folder.resolve(fromEnd + ".features");
                Files.copy(write(header), file);
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    ByteBuffer one = ByteBuffer.allocate(1);
                    channel.read(one, channel.size() - fromEnd);
                    one.put(0, (byte) (one.get(0) ^ 16)).rewind();
                    channel.write(one, channel.size() - fromEnd);
                }
                assertThatThrownBy(() -> FeatureFile.open(file))
                        .isInstanceOf(FeatureFile.DamagedException.class)
                        .hasMessageContaining("not written to it");
            }
        }
    }

    @Nested
    class Writing {

        @Test
        void leavesNothingWithoutCommit() throws IOException {
            Path file = folder.resolve("x.features");
            try (FeatureFile.Writer writer = new FeatureFile.Writer(file, header(List.of(1), 1, 2, 0))) {
                writer.write(new float[1], 0);
                assertThat(file).doesNotExist();
                assertThatThrownBy(writer::commit).hasMessage("wrote 1 rows of 2");
            }
            assertThat(folder).isEmptyDirectory();
        }

        @Test
        void overwritesWhatADeadProcessLeft() throws IOException {
            Path file = folder.resolve("x.features");
            Files.write(FeatureFile.temporary(file), new byte[100_000]);
            write(header(List.of(1), 1, 2, 0));
            assertThat(FeatureFile.open(file).rows()).isEqualTo(2);
            assertThat(FeatureFile.temporary(file)).doesNotExist();
        }
    }

    @Nested
    class DamagedFiles {

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 15, 16, 17, 300, 4095, 4096, 4099, -1})
        void areNoticedWhereverTheyEnd(int length) throws IOException {
            Path file = write(header(List.of(4), 1, 3, 1));
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(whole, length < 0 ? whole.length - 1 : length));
            assertDamaged(file);
        }

        @Test
        void areNoticedWhereSomethingWasAdded() throws IOException {
            Path file = write(header(List.of(4), 1, 3, 1));
            Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 5000));
            assertDamaged(file);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{}",
                    "null",
                    "[]",
                    "\"\"",
                    "{\"key\":null}",
                    "not json",
                    "{\"key\":{},\"shape\":[-1],\"views\":1,\"train\":[],\"trainLabels\":[],\"validation\":[],"
                            + "\"validationLabels\":[]}",
                    "{\"key\":{},\"shape\":[0],\"views\":1,\"train\":[],\"trainLabels\":[],\"validation\":[],"
                            + "\"validationLabels\":[]}",
                    "{\"key\":{},\"shape\":[2147483647,2147483647,2147483647],\"views\":1,\"train\":[],"
                            + "\"trainLabels\":[],\"validation\":[],\"validationLabels\":[]}"
                })
        void areNoticedByTheirHeader(String header) throws IOException {
            byte[] bytes = Files.readAllBytes(write(header(List.of(4), 1, 3, 1)));
            byte[] text = header.getBytes(StandardCharsets.UTF_8);
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(8, text.length)
                    .put(16, text);
            assertDamaged(Files.write(folder.resolve("y"), bytes));
        }

        @ParameterizedTest
        @ValueSource(longs = {-1, 0, 1, 1L << 31, Long.MAX_VALUE})
        void areNoticedByTheirHeadersLength(long length) throws IOException {
            byte[] bytes = Files.readAllBytes(write(header(List.of(4), 1, 3, 1)));
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(8, length);
            assertDamaged(Files.write(folder.resolve("y"), bytes));
        }

        @Test
        void thatAreGoneAreNotDamaged() {
            assertThatThrownBy(() -> FeatureFile.open(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
        }

        private void assertDamaged(Path file) {
            assertThatThrownBy(() -> FeatureFile.open(file)).isInstanceOf(FeatureFile.DamagedException.class);
        }
    }
}
