package dev.graft.base;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes the safetensors format: eight bytes of header length, a JSON header that names each tensor's type,
 * shape and place, and the values. Only 32-bit floats. Nothing in such a file can run code.
 */
public final class Safetensors {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_HEADER_BYTES = 16 << 20;

    private Safetensors() {}

    /**
     * Reads all tensors, in the order of the header.
     *
     * @throws WeightException when the file is not well formed; the file's fault
     */
    public static Map<String, Tensor> read(Path file) {
        try {
            return parse(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new WeightException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Parses the bytes of a file; see {@link #read}. */
    static Map<String, Tensor> parse(byte[] bytes, String name) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 8) {
            throw new WeightException(name + " is too short for a safetensors file");
        }
        long headerLength = buffer.getLong(0);
        if (headerLength < 2 || headerLength > MAX_HEADER_BYTES || headerLength > bytes.length - 8) {
            throw new WeightException(name + " claims a header of " + headerLength + " bytes, which cannot be");
        }
        int start = 8 + (int) headerLength;
        JsonNode header = header(bytes, (int) headerLength, name);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (!entry.getKey().equals("__metadata__")) {
                tensors.put(entry.getKey(), tensor(buffer, start, entry.getKey(), entry.getValue(), name));
            }
        }
        return tensors;
    }

    /** Reads the {@code __metadata__} of a file, empty where it has none. */
    public static Map<String, String> metadata(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            long headerLength =
                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
            Map<String, String> metadata = new LinkedHashMap<>();
            header(bytes, (int) headerLength, file.toString())
                    .path("__metadata__")
                    .properties()
                    .forEach(entry ->
                            metadata.put(entry.getKey(), entry.getValue().asText()));
            return metadata;
        } catch (IOException e) {
            throw new WeightException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Writes tensors, in the map's order, to a temporary file that then takes the name: all or nothing. */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = header.putObject("__metadata__");
            metadata.forEach(node::put);
        }
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            ObjectNode node = header.putObject(entry.getKey());
            node.put("dtype", "F32");
            node.set("shape", JSON.valueToTree(entry.getValue().shape()));
            long end = offset + 4L * entry.getValue().values().length;
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        String text = header.toString();
        // Padded with spaces so that values start at a multiple of eight bytes, as the format asks.
        byte[] json = (text + " ".repeat((8 - text.getBytes(StandardCharsets.UTF_8).length % 8) % 8))
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(8 + json.length + offset))
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json);
        for (Tensor tensor : tensors.values()) {
            buffer.asFloatBuffer().put(tensor.values());
            buffer.position(buffer.position() + 4 * tensor.values().length);
        }
        Path parent = file.toAbsolutePath().getParent();
        Path temporary = Files.createTempFile(parent, file.getFileName().toString(), ".part");
        try {
            Files.write(temporary, buffer.array());
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static JsonNode header(byte[] bytes, int length, String name) {
        try {
            return JSON.readTree(new String(bytes, 8, length, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new WeightException(name + " has an unreadable header: " + e.getOriginalMessage(), e);
        }
    }

    private static Tensor tensor(ByteBuffer buffer, int start, String key, JsonNode node, String name) {
        if (!node.path("dtype").asText().equals("F32")) {
            throw new WeightException(name + ": " + key + " must be F32, but is "
                    + node.path("dtype").asText("untyped"));
        }
        List<Integer> shape = new ArrayList<>();
        long size = 1;
        for (JsonNode axis : node.path("shape")) {
            if (!axis.canConvertToInt() || axis.asInt() < 0) {
                throw new WeightException(name + ": " + key + " has the impossible shape " + node.path("shape"));
            }
            shape.add(axis.asInt());
            size *= axis.asInt();
        }
        long from = node.path("data_offsets").path(0).asLong(-1);
        long to = node.path("data_offsets").path(1).asLong(-1);
        if (from < 0 || to - from != 4 * size || start + to > buffer.limit()) {
            throw new WeightException(name + ": " + key + " claims bytes " + from + " to " + to + " for shape " + shape
                    + " in a file of " + buffer.limit());
        }
        float[] values = new float[(int) size];
        ByteBuffer slice = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        slice.position((int) (start + from));
        slice.asFloatBuffer().get(values);
        return new Tensor(shape.stream().mapToInt(Integer::intValue).toArray(), values);
    }
}
