package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The description of the API, and whether answers are as it says; a property that it does not name is an error. */
final class OpenApiDocument {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final SchemaRegistry registry = SchemaRegistry.withDialect(
            Dialects.getDraft202012(),
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
    private final JsonNode document;
    private final ObjectNode strict;
    private final Map<String, Schema> schemas = new HashMap<>();

    private OpenApiDocument(JsonNode document) {
        this.document = document;
        this.strict = document.deepCopy();
        strict.at("/components/schemas").forEach(this::closeParts);
        strict.at("/components/responses")
                .forEach(response -> response.path("content").forEach(content -> close(content.path("schema"))));
    }

    /** Reads the one that is served. */
    static OpenApiDocument read() {
        try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
            return new OpenApiDocument(MAPPER.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * An operation.
     *
     * @param path as the document has it, with names in braces
     */
    record Operation(String method, String path, JsonNode node) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    JsonNode document() {
        return document;
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operations.add(new Operation(
                                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
        return operations;
    }

    Operation operation(String method, String path) {
        return operations().stream()
                .filter(each -> each.method().equals(method) && each.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not described: " + method + " " + path));
    }

    List<JsonNode> parameters(Operation operation, String in) {
        List<JsonNode> parameters = new ArrayList<>();
        operation.node().path("parameters").forEach(each -> {
            JsonNode parameter = resolved(each);
            if (parameter.path("in").asText().equals(in)) {
                parameters.add(parameter);
            }
        });
        return parameters;
    }

    /** Returns what is meant, where a node only refers to it. */
    JsonNode resolved(JsonNode node) {
        JsonNode found = node;
        while (found.has("$ref")) {
            found = document.at(found.path("$ref").asText().substring(1));
        }
        return found;
    }

    /** Checks an answer in JSON. */
    void check(String method, String path, int status, String body) {
        Operation operation = operation(method, path);
        String described = operation.node().path("responses").has(String.valueOf(status)) ? "" + status : "default";
        assertThat(status == 503 && described.equals("default"))
                .as("%s may be busy, which is more than that the record cannot be read", operation)
                .isFalse();
        JsonNode content = resolved(operation.node().path("responses").path(described))
                .path("content")
                .path("application/json");
        assertThat(content.has("schema"))
                .as("JSON of %s with status %s is described", operation, status)
                .isTrue();
        Schema schema = schemas.computeIfAbsent(operation + " " + described, each -> schema(content.path("schema")));
        try {
            assertThat(schema.validate(MAPPER.readTree(body)))
                    .as("%s with status %s", operation, status)
                    .isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Schema schema(JsonNode described) {
        ObjectNode root = described.deepCopy();
        close(root);
        root.set("components", strict.path("components"));
        return registry.getSchema(root);
    }

    /** Refuses what a schema does not name. Parts of {@code allOf} know only a part, and are closed as a whole. */
    private void close(JsonNode schema) {
        JsonNode meant = resolved(schema);
        if ((meant.has("properties") || meant.has("allOf")) && !meant.has("additionalProperties")) {
            ((ObjectNode) schema).put("unevaluatedProperties", false);
        }
        closeParts(schema);
    }

    private void closeParts(JsonNode schema) {
        schema.path("properties").forEach(this::close);
        schema.path("allOf").forEach(this::closeParts);
        schema.path("anyOf").forEach(this::close);
        schema.path("prefixItems").forEach(this::close);
        for (String name : List.of("items", "additionalProperties")) {
            if (schema.path(name).isObject()) {
                close(schema.path(name));
            }
        }
        if (schema.path("items") instanceof ArrayNode) {
            throw new AssertionError("items must be a schema; lists of schemas are prefixItems");
        }
    }
}
