package dev.graft.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How controller and worker write to each other: one JSON text a line, begun with a record separator as RFC 7464 has it,
 * so that whatever a native library prints in between, with or without an end of line, is told apart.
 */
final class Wire {

    private static final char RECORD_SEPARATOR = '\u001e';

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Wire() {}

    /** A line that is not one of Graft's, or not whole: a dying process may cut its last one. */
    record Line<T>(Optional<T> message, String rest) {}

    /** Writes a message and flushes; the caller sees to it that one is written at a time. */
    static void write(OutputStream out, Object message) throws IOException {
        out.write((RECORD_SEPARATOR + JSON.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Reads a line: the message in it, and what stands there beside. */
    static <T> Line<T> read(String line, Class<T> type) {
        int start = line.lastIndexOf(RECORD_SEPARATOR);
        if (start < 0) {
            return new Line<>(Optional.empty(), line);
        }
        try {
            return new Line<>(Optional.of(JSON.readValue(line.substring(start + 1), type)), line.substring(0, start));
        } catch (JsonProcessingException e) {
            return new Line<>(Optional.empty(), line);
        }
    }
}
