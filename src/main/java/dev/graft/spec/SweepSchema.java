package dev.graft.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the JSON Schema that lets editors complete and check sweep files, from the rules that the parser uses. */
public final class SweepSchema {

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            // Small maps have no order of their own, and the text must not change between two runs.
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private static final Map<String, Object> IGNORED =
            Map.of("description", "A W&B key that Graft does not use.", "deprecated", true);

    private SweepSchema() {}

    /**
     * Returns the schema as JSON text.
     *
     * @param bases the architectures to offer; empty to allow any text
     */
    public static String json(List<String> bases) {
        Map<String, Object> root = object();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "Graft sweep file");
        for (SweepKey key : SweepKey.ALL) {
            Map<String, Object> leaf = new LinkedHashMap<>(key.rule().schema());
            leaf.put("description", sentence(key.meaning()));
            if (key.fallback() != null) {
                leaf.put("default", key.fallback());
            }
            put(root, key.path(), leaf);
        }
        put(
                root,
                "data.augment",
                Map.of("type", "array", "items", change(), "description", "Random changes of training images."));
        put(
                root,
                "data.views",
                Map.of("anyOf", List.of(DataReader.VIEWS.schema(), Map.of("const", "live")), "default", 1));
        put(root, "data.classes", DataReader.classesSchema());
        Map<String, Object> spaces = parameters(bases);
        properties(root).put("parameters", spaces);
        properties(root).put("exclude", exclude(bases));
        properties(root)
                .computeIfPresent(
                        "early_stopping", (k, map) -> Map.of("anyOf", List.of(map, Map.of("type", "boolean"))));
        SettingsReader.IGNORED.forEach(key -> put(root, key, IGNORED));
        SettingsReader.IGNORED_OF_METRIC.forEach(key -> put(root, "metric." + key, IGNORED));
        at(root, "fine_tune").put("not", Map.of("required", List.of("learning_rate", "learning_rate_factor")));
        root.put("required", List.of("data", "parameters"));
        at(root, "data")
                .put(
                        "anyOf",
                        List.of(Map.of("required", List.of("path")), Map.of("required", List.of("url", "sha256"))));
        require(root, "data.split", "validation");
        require(root, "parameters", "base");
        try {
            return MAPPER.writeValueAsString(root).replace("\r\n", "\n") + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of text and numbers are always JSON", e);
        }
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }

    private static Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("additionalProperties", false);
        object.put("properties", new LinkedHashMap<String, Object>());
        return object;
    }

    @SuppressWarnings("unchecked") // object() made it
    private static Map<String, Object> properties(Map<String, Object> object) {
        return (Map<String, Object>) object.getOrDefault("properties", Map.of());
    }

    /** Returns the object schema at a dotted path, made if absent. */
    @SuppressWarnings("unchecked") // only objects lie on the way
    private static Map<String, Object> at(Map<String, Object> root, String path) {
        Map<String, Object> object = root;
        for (String name : path.split("\\.")) {
            object = (Map<String, Object>) properties(object).computeIfAbsent(name, k -> object());
        }
        return object;
    }

    private static void put(Map<String, Object> root, String path, Map<String, Object> schema) {
        int dot = path.lastIndexOf('.');
        Map<String, Object> parent = dot < 0 ? root : at(root, path.substring(0, dot));
        properties(parent).put(path.substring(dot + 1), schema);
    }

    private static void require(Map<String, Object> root, String path, String key) {
        at(root, path).put("required", List.of(key));
    }

    private static Map<String, Object> change() {
        List<Object> forms = new ArrayList<>();
        forms.add(Map.of("enum", DataReader.FLIPS));
        for (String kind : DataReader.kinds()) {
            DataReader.amountRule(kind).ifPresent(rule -> {
                Map<String, Object> form = object();
                properties(form).put(kind, rule.schema());
                form.put("required", List.of(kind));
                forms.add(form);
            });
        }
        return Map.of("anyOf", forms);
    }

    private static Map<String, Object> parameters(List<String> bases) {
        Map<String, Object> all = object();
        for (Parameter parameter : Parameter.values()) {
            properties(all).put(parameter.key(), space(parameter, bases));
        }
        return all;
    }

    private static Map<String, Object> valueOf(Parameter parameter, List<String> bases) {
        return parameter == Parameter.BASE
                ? BaseReader.schema(bases)
                : parameter.rule().schema();
    }

    private static Map<String, Object> space(Parameter parameter, List<String> bases) {
        Map<String, Object> space = object();
        space.put("description", sentence(parameter.meaning()) + " Default: " + parameter.fallbackText() + ".");
        Map<String, Object> value = valueOf(parameter, bases);
        Map<String, Object> forms = properties(space);
        forms.put("value", value);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("type", "array");
        values.put("items", value);
        values.put("minItems", 1);
        values.put("uniqueItems", true);
        forms.put("values", values);
        forms.put("probabilities", Map.of("type", "array", "items", new Rule.Real(0, true, 1, true).schema()));
        if (parameter.numeric()) {
            forms.put("min", Map.of("type", "number"));
            forms.put("max", Map.of("type", "number"));
            forms.put("q", Map.of("type", "number", "exclusiveMinimum", 0));
        }
        forms.put(
                "distribution",
                Map.of("enum", parameter.numeric() ? SpaceReader.SUPPORTED : SpaceReader.SUPPORTED.subList(0, 2)));
        return space;
    }

    private static Map<String, Object> exclude(List<String> bases) {
        Map<String, Object> entry = object();
        for (Parameter parameter : Parameter.values()) {
            properties(entry).put(parameter.key(), valueOf(parameter, bases));
        }
        entry.put("minProperties", 1);
        return new LinkedHashMap<>(Map.of("type", "array", "items", entry));
    }
}
