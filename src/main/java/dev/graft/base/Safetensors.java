package dev.graft.base;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.fetch.FolderTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.bytedeco.javacpp.indexer.HalfIndexer;

/**
 * Reads and writes the safetensors format: eight bytes of header length, a JSON header that names each tensor's type,
 * shape and place, and the values. Floats of 16 and 64 bits become 32-bit ones; PyTorch's counters of batches, whole
 * numbers, are passed over. Nothing in such a file can run code.
 */
public final class Safetensors {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String METADATA = "__metadata__";
    private static final int MAX_HEADER_BYTES = 16 << 20;

    private Safetensors() {}

    /**
     * Reads all tensors, in the order of the header.
     *
     * @throws WeightException when the file is not well formed; the file's fault
     */
    public static Map<String, Tensor> read(Path file) {
        return parse(bytes(file), file.toString());
    }

    /** Parses the bytes of a file; see {@link #read}. */
    static Map<String, Tensor> parse(byte[] bytes, String name) {
        Header header = header(bytes, name);
        Map<String, Span> spans = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : header.json().properties()) {
            if (!entry.getKey().equals(METADATA)) {
                spans.put(entry.getKey(), span(entry.getKey(), entry.getValue(), bytes.length - header.end(), name));
            }
        }
        requireGapless(spans, bytes.length - header.end(), name);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        spans.forEach((key, span) -> {
            if (span.type().isReal()) {
                ByteBuffer values = ByteBuffer.wrap(bytes, header.end() + span.from(), span.to() - span.from());
                tensors.put(key, new Tensor(span.shape(), span.type().read(values.order(ByteOrder.LITTLE_ENDIAN))));
            }
        });
        return tensors;
    }

    /**
     * Reads the {@code __metadata__} of a file, empty where it has none.
     *
     * @throws WeightException when the header is not well formed; the file's fault
     */
    public static Map<String, String> metadata(Path file) {
        Map<String, String> metadata = new LinkedHashMap<>();
        JsonNode node = header(beginning(file), file.toString()).json().path(METADATA);
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().isTextual()) {
                throw new WeightException(file + ": " + METADATA + "." + entry.getKey() + " must be text");
            }
            metadata.put(entry.getKey(), entry.getValue().asText());
        }
        return metadata;
    }

    /** Writes tensors, in the map's order, to a temporary file that then takes the name: all or nothing, and on the disk. */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = header.putObject(METADATA);
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
        // Not createTempFile, whose files others may not read.
        Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                buffer.rewind();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            FolderTree.flushName(file);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Reads no more than the header. */
    private static byte[] beginning(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] length = in.readNBytes(8);
            long header = length.length < 8
                    ? 0
                    : ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
            byte[] rest = in.readNBytes((int) Math.max(0, Math.min(header, MAX_HEADER_BYTES)));
            return ByteBuffer.allocate(length.length + rest.length)
                    .put(length)
                    .put(rest)
                    .array();
        } catch (IOException e) {
            throw new WeightException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            long size = Files.size(file);
            if (size > Integer.MAX_VALUE - 8) {
                throw new WeightException(file + " is too large: " + size + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new WeightException(file + " does not exist", e);
        } catch (IOException e) {
            throw new WeightException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The JSON object, and the index of the first byte behind it, where values begin. */
    private record Header(JsonNode json, int end) {}

    private static Header header(byte[] bytes, String name) {
        if (bytes.length < 8) {
            throw new WeightException(name + " is too short for a safetensors file");
        }
        long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        if (length < 2 || length > MAX_HEADER_BYTES || length > bytes.length - 8) {
            throw new WeightException(name + " claims a header of " + length + " bytes, which cannot be");
        }
        try {
            JsonNode json = JSON.readTree(new String(bytes, 8, (int) length, StandardCharsets.UTF_8));
            if (!json.isObject()) {
                throw new WeightException(name + " has a header that is not a JSON object");
            }
            JsonNode metadata = json.path(METADATA);
            if (!metadata.isMissingNode() && !metadata.isObject()) {
                throw new WeightException(name + ": " + METADATA + " must be a JSON object");
            }
            return new Header(json, 8 + (int) length);
        } catch (JsonProcessingException e) {
            throw new WeightException(name + " has an unreadable header: " + e.getOriginalMessage(), e);
        }
    }

    /** Where a tensor lies behind the header: bytes {@code from} inclusive to {@code to} exclusive. */
    @SuppressWarnings("ArrayRecordComponent") // Lives as long as one file is read.
    private record Span(Type type, int[] shape, int from, int to) {}

    /** The types of values that weight files have. */
    private enum Type {
        F64(8),
        F32(4),
        F16(2),
        BF16(2),
        I64(8),
        I32(4);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        boolean isReal() {
            return this != I64 && this != I32;
        }

        float[] read(ByteBuffer from) {
            float[] values = new float[from.remaining() / bytes];
            for (int i = 0; i < values.length; i++) {
                values[i] = switch (this) {
                    case F64 -> (float) from.getDouble();
                    case F16 -> HalfIndexer.toFloat(from.getShort());
                    // The upper half of a 32-bit float.
                    case BF16 -> Float.intBitsToFloat(from.getShort() << 16);
                    default -> from.getFloat();
                };
            }
            return values;
        }
    }

    /**
     * Reads one tensor's entry.
     *
     * @param available bytes of values in the file; no tensor is larger, which keeps all sums below within bounds
     */
    private static Span span(String key, JsonNode node, int available, String name) {
        Type type = type(key, node.path("dtype").asText("untyped"), name);
        JsonNode axes = node.path("shape");
        if (!axes.isArray()) {
            throw new WeightException(name + ": " + key + " has no shape");
        }
        int[] shape = new int[axes.size()];
        long bytes = type.bytes;
        for (int i = 0; i < shape.length; i++) {
            if (!axes.get(i).isInt() || axes.get(i).asInt() < 1) {
                throw new WeightException(name + ": " + key + " has the impossible shape " + axes);
            }
            shape[i] = axes.get(i).asInt();
            // Once too large it stays so: an axis has at least one element.
            bytes = Math.min(bytes * shape[i], Integer.MAX_VALUE);
        }
        JsonNode offsets = node.path("data_offsets");
        long from = offset(offsets.path(0));
        long to = offset(offsets.path(1));
        if (offsets.size() != 2 || from < 0 || to > available || to - from != bytes) {
            throw new WeightException(name + ": " + key + " claims bytes " + offsets + " for shape " + axes
                    + " in a file with " + available + " bytes of values");
        }
        return new Span(type, shape, (int) from, (int) to);
    }

    private static Type type(String key, String dtype, String name) {
        boolean counter = key.endsWith(TorchNames.COUNTER);
        for (Type type : Type.values()) {
            if (type.name().equals(dtype) && (counter || type.isReal())) {
                return type;
            }
        }
        throw new WeightException(name + ": " + key + " must be F32, F16, BF16 or F64, but is " + dtype);
    }

    private static long offset(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt() ? node.asInt() : -1;
    }

    /** Checks that every byte of values belongs to one tensor, as the format demands. */
    private static void requireGapless(Map<String, Span> spans, int available, String name) {
        List<Map.Entry<String, Span>> inOrder = new ArrayList<>(spans.entrySet());
        inOrder.sort(Comparator.comparingInt(entry -> entry.getValue().from()));
        int end = 0;
        for (Map.Entry<String, Span> entry : inOrder) {
            if (entry.getValue().from() != end) {
                throw new WeightException(name + ": " + entry.getKey() + " begins at byte "
                        + entry.getValue().from() + " of the values, where " + end + " is next");
            }
            end = entry.getValue().to();
        }
        if (end != available) {
            throw new WeightException(name + " has " + (available - end) + " bytes that belong to no tensor");
        }
    }
}
