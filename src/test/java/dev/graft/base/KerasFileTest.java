package dev.graft.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.Shared;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KerasFileTest {

    private static final String MOBILENET = "weights/mobilenet_2_5_224_tf_no_top.h5";
    private static final String MOBILENET_V2 =
            "weights/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5";
    private static final String SQUEEZENET = "weights/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5";

    @TempDir
    Path folder;

    private static KerasFile.Contents read(Path file) {
        return KerasFile.read(file, file.toString());
    }

    private static Architecture architecture(String base) {
        return new Catalogue(List.of()).entry(base).architecture();
    }

    @Nested
    class OfficialFiles {

        @ParameterizedTest
        @CsvSource({MOBILENET + ", 218544, 54", MOBILENET_V2 + ", 2257984, 104", SQUEEZENET + ", 722496, 25"})
        void areReadInTheOrderOfTheirLayers(String file, int parameters, int weightedLayers) {
            List<KerasFile.LayerTensors> layers = read(Shared.path(file)).layers();
            assertThat(layers).hasSize(weightedLayers);
            assertThat(layers.stream()
                            .flatMap(layer -> layer.tensors().stream())
                            .mapToInt(tensor -> tensor.values().length)
                            .sum())
                    .isEqualTo(parameters);
            assertThat(layers).allSatisfy(layer -> assertThat(layer.names()).hasSameSizeAs(layer.tensors()));
        }

        @Test
        void takeTheNamesOfTheArchitecture() {
            BaseWeights weights = BaseWeights.read(architecture("squeezenet"), Shared.path(SQUEEZENET));
            assertThat(weights.tensors().get("conv1/kernel").shape()).containsExactly(3, 3, 3, 64);
            assertThat(weights.tensors().keySet()).contains("fire9/expand3x3/bias");
            assertThat(weights.digest()).matches("[0-9a-f]{64}");
        }

        @Test
        void ofAnotherBaseAreRefusedNamingEveryTensor() {
            Architecture squeezenet = architecture("squeezenet");
            Path file = Shared.path(MOBILENET_V2);
            assertThatThrownBy(() -> BaseWeights.read(squeezenet, file))
                    .isInstanceOf(WeightException.class)
                    .hasMessageContaining("does not hold weights of squeezenet")
                    .hasMessageContaining("conv1/kernel must be [3, 3, 3, 64], but ")
                    .satisfies(e -> BaseWeights.expected(squeezenet)
                            .values()
                            .forEach(shapes ->
                                    shapes.keySet().forEach(key -> assertThat(e).hasMessageContaining(key))))
                    .hasMessageContaining("is left over");
        }

        @Test
        void thatAreTooShortForABaseAreRefusedNamingEveryTensor() {
            Architecture mobilenet = architecture("mobilenet_v2");
            Path file = Shared.path(SQUEEZENET);
            assertThatThrownBy(() -> BaseWeights.read(mobilenet, file))
                    .isInstanceOf(WeightException.class)
                    .hasMessageContaining("Conv_1_bn/moving_variance [1280] is missing");
        }
    }

    @Nested
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    class DamagedFiles {

        @Test
        void cutAnywhereAreRefused() throws IOException {
            byte[] whole = Files.readAllBytes(Shared.path(SQUEEZENET));
            SplittableRandom random = new SplittableRandom(7);
            for (int i = 0; i < 60; i++) {
                // Most cuts near the beginning, where the structure is; some near the end.
                int length = i < 8
                        ? i
                        : i < 40
                                ? random.nextInt(1 << random.nextInt(4, 18))
                                : whole.length - 1 - random.nextInt(200_000);
                Path cut = Files.write(folder.resolve("cut.h5"), Arrays.copyOf(whole, length));
                assertThatThrownBy(() -> BaseWeights.read(architecture("squeezenet"), cut))
                        .as("cut to %d bytes", length)
                        .isInstanceOf(WeightException.class)
                        .hasMessageStartingWith(cut.toString());
            }
        }

        @Test
        void withAnyByteChangedAreReadOrRefused() throws IOException {
            byte[] whole = Files.readAllBytes(Shared.path(SQUEEZENET));
            SplittableRandom random = new SplittableRandom(8);
            for (int i = 0; i < 150; i++) {
                byte[] bytes = whole.clone();
                bytes[random.nextInt(i < 75 ? 4096 : 40_000)] = (byte) random.nextInt();
                Path changed = Files.write(folder.resolve("changed.h5"), bytes);
                try {
                    read(changed);
                } catch (WeightException e) {
                    assertThat(e).hasMessageStartingWith(changed.toString());
                }
            }
        }

        @Test
        void ofAnotherFormatAreRefused() throws IOException {
            Path text = Files.writeString(folder.resolve("text.h5"), "no HDF5 at all ".repeat(1000));
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(WeightException.class)
                    .hasMessageContaining("is not a readable HDF5 file");
            assertThatThrownBy(() -> read(folder.resolve("none.h5"))).isInstanceOf(WeightException.class);
            assertThatThrownBy(() -> read(folder)).isInstanceOf(WeightException.class);
        }

        @Test
        void thatClaimAbsurdSizesAreRefusedWithoutTakingTheMemory() throws IOException {
            byte[] bytes = Files.readAllBytes(Shared.path(MOBILENET));
            ByteBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int replaced = 0;
            // The first kernel is [3, 3, 3, 8]; its last two axes become absurd.
            for (int i = 0; i + 16 <= bytes.length; i++) {
                if (values.getLong(i) == 3 && values.getLong(i + 8) == 8) {
                    values.putLong(i, 30_000_000).putLong(i + 8, 80_000_000);
                    replaced++;
                }
            }
            assertThat(replaced).isPositive();
            Path file = Files.write(folder.resolve("bomb.h5"), bytes);
            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(WeightException.class)
                    .hasMessage(file
                            + ": conv1/kernel:0 claims the shape [3, 3, 30000000, 80000000], which is too large for"
                            + " weights");
        }

        /** Made with h5py; what they point to lies beside them, so that following the link would succeed. */
        @ParameterizedTest
        @ValueSource(
                strings = {"external-link", "external-group", "external-values", "virtual-values", "soft-link", "loop"})
        void thatPointElsewhereAreRefused(String name) throws IOException {
            for (String each : List.of(name, "secret")) {
                try (InputStream in = KerasFileTest.class.getResourceAsStream("hdf5/" + each + ".h5")) {
                    Files.copy(in, folder.resolve(each + ".h5"));
                }
            }
            assertThat(read(folder.resolve("secret.h5")).layers()).hasSize(1);
            assertThatThrownBy(() -> read(folder.resolve(name + ".h5"))).isInstanceOf(WeightException.class);
        }

        @Test
        void ofAnotherLayoutAreRefused() {
            Path file = folder.resolve("other.h5");
            try (var hdf = io.jhdf.HdfFile.write(file)) {
                hdf.putDataset("values", new float[] {1, 2});
            }
            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(WeightException.class)
                    .hasMessageContaining("has no attribute layer_names; it is not a Keras weight file");
        }
    }

    @Test
    void theDigestChangesWithNamesShapesAndValues() {
        String digest = digest("a/kernel", new int[] {2, 1}, 1, 2);
        assertThat(digest("a/kernel", new int[] {2, 1}, 1, 2)).isEqualTo(digest);
        assertThat(digest("b/kernel", new int[] {2, 1}, 1, 2)).isNotEqualTo(digest);
        assertThat(digest("a/kernel", new int[] {1, 2}, 1, 2)).isNotEqualTo(digest);
        assertThat(digest("a/kernel", new int[] {2, 1}, 2, 1)).isNotEqualTo(digest);
    }

    private static String digest(String key, int[] shape, float... values) {
        return BaseWeights.of(Map.of(key, new Tensor(shape, values))).digest();
    }
}
