package dev.graft.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.Fuzz;
import dev.graft.Mutations;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a weight file holds, it is read or refused, in little time and memory. */
class WeightFuzzTest {

    private static final long MOST_BYTES = 512L << 20;

    @TempDir
    Path folder;

    private interface Use {
        void read(Path file) throws Exception;
    }

    private boolean accepts(String name, byte[] input, Use use) throws Exception {
        Path file = Files.write(folder.resolve(name), input);
        try {
            use.read(file);
            return true;
        } catch (WeightException e) {
            assertThat(e.getMessage()).contains(folder.toString());
            return false;
        }
    }

    private static byte[] hdf5(SplittableRandom random) throws IOException {
        String name =
                List.of("secret", "plain-latest", "external-link", "loop").get(Math.max(0, random.nextInt(8) - 4));
        try (InputStream in = WeightFuzzTest.class.getResourceAsStream("hdf5/" + name + ".h5")) {
            return in.readAllBytes();
        }
    }

    @Test
    void changedSafetensorsAreReadOrRefused() throws Exception {
        Path file = folder.resolve("whole");
        Safetensors.write(
                file,
                Map.of(
                        "a/kernel", new Tensor(new int[] {2, 3}, new float[6]),
                        "a/bias", new Tensor(new int[] {3}, new float[3])),
                Map.of("weights", "pseudo-random"));
        byte[] whole = Files.readAllBytes(file);
        Fuzz.run(
                "safetensors",
                1000,
                64L << 20,
                random -> Mutations.bytes(random, whole),
                input -> accepts("any.safetensors", input, path -> {
                    WeightFile.isPseudoRandom(path);
                    Safetensors.read(path);
                }));
    }

    @Test
    void changedHdf5IsReadOrRefused() throws Exception {
        Fuzz.run(
                "Keras HDF5",
                1000,
                MOST_BYTES,
                random -> Mutations.bytes(random, hdf5(random)),
                input -> accepts("any.h5", input, path -> KerasFile.read(path, path.toString())));
    }

    @Test
    void changedKerasArchivesAreReadOrRefused() throws Exception {
        Fuzz.run(
                "Keras archives",
                300,
                MOST_BYTES,
                random -> random.nextBoolean()
                        ? Mutations.bytes(random, zip(Map.of("model.weights.h5", hdf5(random))))
                        : zip(Map.of("model.weights.h5", Mutations.bytes(random, hdf5(random)))),
                input -> accepts(
                        "any.keras",
                        input,
                        path -> WeightFormat.insideKerasArchive(
                                path, inside -> KerasFile.read(inside, path.toString()))));
    }

    @Test
    void changedModelsOfDeeplearning4jAreReadOrRefused() throws Exception {
        ComputationGraph graph =
                WeightFormatTest.SMALL.network(16).graph(Network.assigned(), InputType.convolutional(16, 16, 3));
        LayerWeights.assign(graph, WeightFormatTest.TENSORS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ModelSerializer.writeModel(graph, out, false);
        byte[] whole = out.toByteArray();
        Map<String, byte[]> entries = unzip(whole);
        String description = new String(entries.get("configuration.json"), StandardCharsets.UTF_8);
        Fuzz.run(
                "Deeplearning4j models",
                40,
                MOST_BYTES,
                random -> {
                    Map<String, byte[]> changed = new LinkedHashMap<>(entries);
                    switch (random.nextInt(4)) {
                        case 0 -> {
                            return Mutations.bytes(random, whole);
                        }
                        case 1 ->
                            changed.computeIfPresent(
                                    "coefficients.bin", (name, bytes) -> Mutations.bytes(random, bytes));
                        case 2 ->
                            changed.put(
                                    "configuration.json", Mutations.bytes(random, entries.get("configuration.json")));
                        default ->
                            changed.put(
                                    "configuration.json",
                                    number(random, description).getBytes(StandardCharsets.UTF_8));
                    }
                    return zip(changed);
                },
                input -> accepts("model.zip", input, path -> BaseWeights.read(WeightFormatTest.SMALL, folder)));
    }

    /** Changes one number or truth value of the description, which stays well-formed. */
    private static String number(SplittableRandom random, String json) {
        var numbers = java.util.regex.Pattern.compile("(?<=: )(-?[0-9.E]+|true|false|null)")
                .matcher(json)
                .results()
                .toList();
        var found = numbers.get(random.nextInt(numbers.size()));
        String value = List.of("0", "-1", "1", "3", "2147483647", "9223372036854775807", "1e300", "null", "true", "[]")
                .get(random.nextInt(10));
        return json.substring(0, found.start()) + value + json.substring(found.end());
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return out.toByteArray();
    }

    private static Map<String, byte[]> unzip(byte[] bytes) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        return entries;
    }
}
