package dev.graft.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

    private static byte[] file(String header, int valueBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return withLength(json.length, json, valueBytes);
    }

    private static byte[] withLength(long length, byte[] header, int valueBytes) {
        return ByteBuffer.allocate(8 + header.length + valueBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(header)
                .array();
    }

    private static String entry(String name, String shape, String offsets) {
        return "\"" + name + "\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
    }

    @Nested
    class Writing {

        @TempDir
        Path folder;

        @Test
        void readsBackWhatItWrote() throws IOException {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("b/kernel", new Tensor(new int[] {2, 3}, new float[] {1, -2, 3.5f, Float.NaN, 0, 1e-40f}));
            tensors.put("a/ü \"x\"", new Tensor(new int[] {1}, new float[] {Float.NEGATIVE_INFINITY}));
            tensors.put("scalar", new Tensor(new int[0], new float[] {7}));
            Map<String, String> metadata = Map.of("trial", "k3x.7");
            Path file = folder.resolve("weights.safetensors");
            Safetensors.write(file, tensors, metadata);

            Map<String, Tensor> read = Safetensors.read(file);
            assertThat(read.keySet()).containsExactlyElementsOf(tensors.keySet());
            read.forEach((name, tensor) -> {
                assertThat(tensor.shape()).isEqualTo(tensors.get(name).shape());
                assertThat(tensor.values()).isEqualTo(tensors.get(name).values());
            });
            assertThat(Safetensors.metadata(file)).isEqualTo(metadata);
            long header = ByteBuffer.wrap(Files.readAllBytes(file))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            assertThat(header % 8).isZero();
        }

        @Test
        void replacesTheOldFileAndLeavesNothingElse() throws IOException {
            Path file = folder.resolve("weights.safetensors");
            for (int i = 0; i < 2; i++) {
                Safetensors.write(file, Map.of("x", new Tensor(new int[] {1}, new float[] {i})), Map.of());
            }
            assertThat(Safetensors.read(file).get("x").values()).containsExactly(1);
            assertThat(Safetensors.metadata(file)).isEmpty();
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files).containsExactly(file);
            }
        }
    }

    @Nested
    class HostileFiles {

        @TempDir
        Path folder;

        static Stream<String> headers() {
            String huge = "[2147483647,2147483647,2147483647,2147483647]";
            return Stream.of(
                    "not json",
                    "[]",
                    "null",
                    "   ",
                    "{} {}",
                    "{\"x\":1}",
                    "{\"x\":null}",
                    "{\"x\":{}}",
                    "[".repeat(100_000),
                    "{\"x\":".repeat(100_000),
                    "{\"x\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[0,4]}}",
                    "{\"x\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}",
                    "{\"x\":{\"dtype\":\"F32\",\"shape\":[1]}}",
                    "{" + entry("x", "[2]", "[0,4]") + "}",
                    "{" + entry("x", "[1]", "[-4,0]") + "}",
                    "{" + entry("x", "[1]", "[4,0]") + "}",
                    "{" + entry("x", "[1]", "[4,8]") + "}",
                    "{" + entry("x", "[1]", "[0,4,8]") + "}",
                    "{" + entry("x", "[1]", "[0]") + "}",
                    "{" + entry("x", "[1]", "[\"0\",\"4\"]") + "}",
                    "{" + entry("x", "[1]", "[0.5,4.5]") + "}",
                    "{" + entry("x", "[1]", "[9223372036854775804,-9223372036854775808]") + "}",
                    "{" + entry("x", "[1]", "[18446744073709551616,18446744073709551620]") + "}",
                    "{" + entry("x", "[-1]", "[0,4]") + "}",
                    "{" + entry("x", "[1.9]", "[0,4]") + "}",
                    "{" + entry("x", "[\"1\"]", "[0,4]") + "}",
                    "{" + entry("x", "[4294967297]", "[0,4]") + "}",
                    "{" + entry("x", "[65536,65536]", "[0,0]") + "}",
                    "{" + entry("x", "[1073741825,4]", "[0,16]") + "}",
                    "{" + entry("x", huge, "[0,0]") + "}",
                    "{" + entry("x", huge, "[0,4]") + "}",
                    "{" + entry("x", "[2147483647,2147483647,0]", "[0,0]") + "}",
                    "{" + entry("x", "[1]", "[0,4]") + "," + entry("x", "[1]", "[0,4]") + "}",
                    "{" + entry("x", "[1]", "[0,4]") + "," + entry("y", "[1]", "[0,4]") + "}",
                    "{\"__metadata__\":7," + entry("x", "[1]", "[0,4]") + "}");
        }

        @ParameterizedTest
        @MethodSource("headers")
        void areRefused(String header) {
            assertThatThrownBy(() -> Safetensors.parse(file(header, 4), "bad.safetensors"))
                    .isInstanceOf(WeightException.class)
                    .hasMessageStartingWith("bad.safetensors");
        }

        @ParameterizedTest
        @ValueSource(longs = {-1, 0, 1, 3, 1L << 31, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, (1L << 32) + 2})
        void cannotLieAboutTheHeadersLength(long length) throws IOException {
            byte[] bytes = withLength(length, "{}".getBytes(StandardCharsets.UTF_8), 0);
            assertThatThrownBy(() -> Safetensors.parse(bytes, "bad"))
                    .isInstanceOf(WeightException.class)
                    .hasMessage("bad claims a header of " + length + " bytes, which cannot be");
            Path file = Files.write(folder.resolve("bad"), bytes);
            assertThatThrownBy(() -> Safetensors.metadata(file)).isInstanceOf(WeightException.class);
        }

        @Test
        void areRefusedWhereOnlyMetadataIsAskedFor() throws IOException {
            for (String header : new String[] {"not json", "[]", "null", "{\"__metadata__\":{\"x\":1}}"}) {
                Path file = Files.write(folder.resolve("bad"), file(header, 0));
                assertThatThrownBy(() -> Safetensors.metadata(file)).isInstanceOf(WeightException.class);
            }
            Path empty = Files.write(folder.resolve("empty"), new byte[3]);
            assertThatThrownBy(() -> Safetensors.metadata(empty))
                    .isInstanceOf(WeightException.class)
                    .hasMessageEndingWith("is too short for a safetensors file");
        }

        @Test
        void mayNotHoldBytesOfNoTensor() {
            assertThatThrownBy(() -> Safetensors.parse(file("{" + entry("x", "[1]", "[0,4]") + "}", 8), "bad"))
                    .hasMessage("bad has 4 bytes that belong to no tensor");
            assertThatThrownBy(() -> Safetensors.parse(file("{" + entry("x", "[1]", "[4,8]") + "}", 8), "bad"))
                    .hasMessage("bad: x begins at byte 4 of the values, where 0 is next");
        }

        @Test
        void thatAreMissingAreNamed() {
            assertThatThrownBy(() -> Safetensors.read(folder.resolve("none")))
                    .isInstanceOf(WeightException.class)
                    .hasMessage(folder.resolve("none") + " does not exist");
        }

        @Test
        void cutAnywhereAreRefused() {
            byte[] whole = file("{" + entry("x", "[2]", "[0,8]") + "}", 8);
            assertThatCode(() -> Safetensors.parse(whole, "good")).doesNotThrowAnyException();
            for (int length = 0; length < whole.length; length++) {
                byte[] part = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> Safetensors.parse(part, "bad")).isInstanceOf(WeightException.class);
            }
        }
    }

    @Property(tries = 500)
    void anyBytesAreReadOrRefused(@ForAll @Size(max = 64) byte[] bytes, @ForAll @IntRange(max = 80) int length) {
        readOrRefuse(withLength(length, bytes, 0));
    }

    @Property(tries = 1000)
    void aChangedByteIsReadOrRefused(@ForAll @IntRange(max = 150) int at, @ForAll byte value) {
        byte[] bytes = file("{" + entry("x", "[1,2]", "[0,8]") + "," + entry("y", "[1]", "[8,12]") + "}", 12);
        bytes[at % bytes.length] = value;
        readOrRefuse(bytes);
    }

    private static void readOrRefuse(byte[] bytes) {
        try {
            Safetensors.parse(bytes, "any");
        } catch (WeightException expected) {
            assertThat(expected).hasMessageStartingWith("any");
        }
    }
}
