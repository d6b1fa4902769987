package dev.graft.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.Map;

/** Writes records as JSON: names in snake case, numbers that JSON cannot write as null. */
final class Answers {

    static final String TYPE = "application/json;charset=utf-8";

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new SimpleModule()
                    .addSerializer(Double.class, new FiniteOrNull())
                    .addSerializer(Double.TYPE, new FiniteOrNull()))
            .build();

    private Answers() {}

    static byte[] bytes(Object body) {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of the dashboard must be writable as JSON", e);
        }
    }

    static void json(Context request, Object body) {
        request.contentType(TYPE).result(bytes(body));
    }

    static void error(Context request, HttpStatus status, String message) {
        error(request, status, Map.of("error", message));
    }

    /** Answers with an error that says more than a message. */
    static void error(Context request, HttpStatus status, Map<String, Object> body) {
        request.status(status);
        request.res().setHeader("ETag", null);
        request.header("Cache-Control", "no-store");
        json(request, body);
    }

    private static final class FiniteOrNull extends JsonSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator out, SerializerProvider serializers) throws IOException {
            if (Double.isFinite(value)) {
                out.writeNumber(value);
            } else {
                out.writeNull();
            }
        }
    }
}
