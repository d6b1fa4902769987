package dev.graft.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The JSON object of a request that changes something; everything wrong with it is told at once. */
final class RequestBody {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode node;
    private final List<String> problems = new ArrayList<>();

    private RequestBody(JsonNode node) {
        this.node = node;
    }

    /**
     * Reads it.
     *
     * @param known the names it may have
     * @throws BadRequestResponse when it is no object; the asker's fault
     */
    static RequestBody of(Context request, Set<String> known) {
        JsonNode node;
        try {
            node = MAPPER.readTree(request.body());
        } catch (JsonProcessingException e) {
            throw new BadRequestResponse("what is sent must be JSON, but " + e.getOriginalMessage());
        }
        if (!node.isObject()) {
            throw new BadRequestResponse("what is sent must be a JSON object such as {\"name\": \"...\"}");
        }
        RequestBody body = new RequestBody(node);
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                body.problems.add("there is no " + name + " to change, but "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        });
        return body;
    }

    Optional<String> text(String name) {
        return field(name, JsonNode::isTextual, "a text").map(JsonNode::textValue);
    }

    Optional<Boolean> flag(String name) {
        return field(name, JsonNode::isBoolean, "true or false").map(JsonNode::booleanValue);
    }

    Optional<List<String>> texts(String name) {
        return field(name, RequestBody::isTexts, "a list of texts").map(list -> {
            List<String> texts = new ArrayList<>();
            list.forEach(each -> texts.add(each.textValue()));
            return texts;
        });
    }

    private static boolean isTexts(JsonNode list) {
        boolean texts = list.isArray();
        for (JsonNode each : list) {
            texts &= each.isTextual();
        }
        return texts;
    }

    private Optional<JsonNode> field(String name, Predicate<JsonNode> is, String what) {
        JsonNode value = node.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!is.test(value)) {
            problems.add(name + " must be " + what + ", but was " + shown(value));
            return Optional.empty();
        }
        return Optional.of(value);
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    /** Throws where anything is wrong. */
    void check() {
        if (!problems.isEmpty()) {
            throw new BadRequestResponse(String.join("\n", problems));
        }
    }
}
