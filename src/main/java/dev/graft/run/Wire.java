package dev.graft.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How controller and worker write to each other: one JSON text a line, begun with a record separator as RFC 7464 has it,
 * so that whatever a native library prints in between, with or without an end of line, is told apart.
 *
 * @param <T> what is written: a few records, each by a name
 */
final class Wire<T> {

    private static final char RECORD_SEPARATOR = '\u001e';

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Map<String, Class<? extends T>> kinds;
    private final Map<Class<?>, String> names = new HashMap<>();

    Wire(Map<String, Class<? extends T>> kinds) {
        this.kinds = kinds;
        kinds.forEach((name, type) -> names.put(type, name));
    }

    /**
     * A line as it came.
     *
     * @param message what the other side wrote; empty where the line is another's, or was cut off with a dying process
     * @param rest what stands there beside
     * @param garbled whether a message was begun that cannot be read
     */
    record Line<T>(Optional<T> message, String rest, boolean garbled) {}

    private record Envelope(String kind, Object message) {}

    /** Writes a message and flushes; the caller sees to it that one is written at a time. */
    void write(OutputStream out, T message) throws IOException {
        Envelope envelope = new Envelope(names.getOrDefault(message.getClass(), ""), message);
        out.write((RECORD_SEPARATOR + JSON.writeValueAsString(envelope) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Reads a line. */
    Line<T> read(String line) {
        int start = line.lastIndexOf(RECORD_SEPARATOR);
        if (start < 0) {
            return new Line<>(Optional.empty(), line, false);
        }
        try {
            JsonNode envelope = JSON.readTree(line.substring(start + 1));
            Class<? extends T> kind = kinds.get(envelope.path("kind").asText());
            if (kind != null && envelope.path("message").isObject()) {
                return new Line<>(
                        Optional.of(JSON.treeToValue(envelope.path("message"), kind)), line.substring(0, start), false);
            }
        } catch (JsonProcessingException e) {
            // Cut off.
        }
        return new Line<>(Optional.empty(), line, true);
    }
}
