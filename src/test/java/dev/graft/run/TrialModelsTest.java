package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.base.Safetensors;
import dev.graft.base.Tensor;
import dev.graft.base.WeightException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrialModelsTest {

    private static final String ID = "k3v9x2ab-7";

    @TempDir
    Path results;

    private static Map<String, Tensor> weights() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        weights.put("dense/kernel", new Tensor(new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6}));
        weights.put("dense/bias", new Tensor(new int[] {3}, new float[] {0, Float.NaN, -0.0f}));
        return weights;
    }

    private TrialModels saved() throws IOException {
        TrialModels models = new TrialModels(results);
        models.save(ID, weights(), Map.of("trial", ID));
        return models;
    }

    @Nested
    class HalfWrittenFiles {

        @Test
        void areDeletedAndNothingElse() throws IOException {
            TrialModels models = saved();
            Path half = models.file(ID).resolveSibling(ID + ".safetensors." + UUID.randomUUID() + ".part");
            Path others = Files.writeString(half.resolveSibling("holiday.part"), "not ours");
            Files.writeString(half, "half");
            models.deleteHalfWritten();
            assertThat(half).doesNotExist();
            assertThat(others).exists();
            assertThat(models.trialIds()).containsExactly(ID);
        }

        @Test
        void areLookedForInVainWhereNothingWasSaved() throws IOException {
            new TrialModels(results).deleteHalfWritten();
            assertThat(results).isEmptyDirectory();
        }
    }

    @Nested
    class Saving {

        @Test
        void keepsWeightsAndWhatIsSaidOfThem() throws IOException {
            TrialModels models = saved();
            Map<String, Tensor> loaded = models.load(ID);
            assertThat(loaded).containsOnlyKeys("dense/kernel", "dense/bias");
            weights()
                    .forEach((key, tensor) ->
                            assertThat(loaded.get(key).values()).containsExactly(tensor.values()));
            assertThat(Safetensors.metadata(models.file(ID)))
                    .containsEntry("trial", ID)
                    .containsKey("values_sha256");
            assertThat(models.has(ID)).isTrue();
            assertThat(models.hasWhole(ID)).isTrue();
            assertThat(models.trialIds()).containsExactly(ID);
            assertThat(models.bytes(ID)).isEqualTo(Files.size(models.file(ID)));
        }

        @Test
        void leavesNothingElse() throws IOException {
            saved();
            assertThat(results.resolve("models")).isDirectoryNotContaining("glob:**.part");
        }

        @Test
        void replacesEarlierWeights() throws IOException {
            TrialModels models = saved();
            models.save(ID, Map.of("a", new Tensor(new int[] {1}, new float[] {7})), Map.of());
            assertThat(models.load(ID)).containsOnlyKeys("a");
        }

        @Test
        void saysThatTheDiskIsFull() {
            assertThat(TrialModels.failure(new IOException("No space left on device"), weights(), results))
                    .hasMessageStartingWith("the disk is full: 36 bytes are needed in " + results + ", but ")
                    .hasMessageEndingWith(
                            " are free; free some (graft gc shows what can go), then graft resume goes on");
        }

        @Test
        void saysWhatToDoWhateverFails() {
            assertThat(TrialModels.failure(new IOException("File too large"), weights(), results))
                    .hasMessage("36 bytes are more than a file in " + results
                            + " may hold (File too large); raise the limit on the size of files (ulimit -f), then graft"
                            + " resume goes on");
            assertThat(TrialModels.failure(new AccessDeniedException("x"), weights(), results))
                    .hasMessage(results + " cannot be written to"
                            + " (x, access denied); make the folder writable for this user, then graft resume goes on");
            assertThat(TrialModels.failure(new IOException("Input/output error"), weights(), results))
                    .hasMessage(
                            "saving in " + results
                                    + " failed (Input/output error); look at the folder and its disk, then graft resume goes on");
        }

        @Test
        void namesThePlaceWhereItCannotBeMade() throws IOException {
            Files.writeString(results.resolve("models"), "a file");
            assertThatThrownBy(this::save)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("saving in " + results.resolve("models") + " failed (")
                    .hasMessageEndingWith("then graft resume goes on");
        }

        private void save() throws IOException {
            saved();
        }
    }

    @Nested
    class Loading {

        @ParameterizedTest
        @ValueSource(ints = {1, 5, 12, 36})
        void noticesAChangedValueAnywhere(int fromEnd) throws IOException {
            TrialModels models = saved();
            try (RandomAccessFile bytes = new RandomAccessFile(models.file(ID).toFile(), "rw")) {
                bytes.seek(bytes.length() - fromEnd);
                int old = bytes.read();
                bytes.seek(bytes.length() - fromEnd);
                bytes.write(old ^ 1);
            }
            assertDamaged(models, "holds values that were not written to it");
        }

        @Test
        void noticesAFileThatWasCutShort() throws IOException {
            TrialModels models = saved();
            try (RandomAccessFile bytes = new RandomAccessFile(models.file(ID).toFile(), "rw")) {
                bytes.setLength(bytes.length() - 4);
            }
            assertDamaged(models, "");
        }

        private static void assertDamaged(TrialModels models, String reason) {
            assertThat(models.hasWhole(ID)).isFalse();
            assertThatThrownBy(() -> models.load(ID))
                    .isInstanceOf(WeightException.class)
                    .hasMessageStartingWith("the weights of trial " + ID + " are damaged: ")
                    .hasMessageContaining(reason)
                    .hasMessageEndingWith("; graft run SWEEP_FILE --retrain makes them again");
        }

        @Test
        void takesFilesOfEarlierVersions() throws IOException {
            TrialModels models = saved();
            Safetensors.write(models.file(ID), weights(), Map.of("trial", ID));
            assertThat(models.load(ID)).hasSize(2);
        }

        @Test
        void namesTheTrialWhoseWeightsAreGone() {
            assertThatThrownBy(() -> new TrialModels(results).load(ID))
                    .isInstanceOf(WeightException.class)
                    .hasMessageStartingWith("the weights of trial " + ID + " are not there: ");
        }
    }

    @Nested
    class Deleting {

        @Test
        void leavesTheWeightsOfATrialThatTookThemOver() throws IOException {
            TrialModels models = saved();
            models.copy(ID, "other-1");
            models.delete(ID);
            assertThat(models.has(ID)).isFalse();
            assertThat(models.bytes(ID)).isZero();
            assertThat(models.load("other-1")).hasSize(2);
            assertThat(models.trialIds()).containsExactly("other-1");
            models.delete(ID);
        }

        @Test
        void findsNothingWhereNothingWasSaved() throws IOException {
            assertThat(new TrialModels(results.resolve("none")).trialIds()).isEmpty();
        }
    }
}
