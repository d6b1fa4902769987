package dev.graft.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one base, a name or a map, as a {@link BaseName} in its canonical text. */
final class BaseReader {

    private static final String EXAMPLE = "{architecture: mobilenet_v2, weights: my.h5}";
    private static final Rule.Real ALPHA = new Rule.Real(0.05, true, 2, true);
    private static final Rule WEIGHTS = new Rule.Text("weight file, or folder of an exported bundle");
    private static final List<String> KEYS = List.of("architecture", "alpha", "weights");
    private static final Map<String, String> HINTS = Map.of(
            "name", "is not a known key; did you mean architecture?",
            "base", "is not a known key; did you mean architecture?",
            "model", "is not a known key; did you mean architecture?",
            "width", "is not a known key; did you mean alpha?",
            "width_multiplier", "is not a known key; did you mean alpha?",
            "path", "is not a known key; did you mean weights?",
            "file", "is not a known key; did you mean weights?");

    private final Problems problems;
    private final BaseFacts bases;

    BaseReader(Problems problems, BaseFacts bases) {
        this.problems = problems;
        this.bases = bases;
    }

    /** Returns the base's canonical name, or null after reporting what is wrong with it. */
    @Nullable
    String read(Value at) {
        if (at.isMap()) {
            return map(at);
        }
        return at.content() instanceof String name ? name(at, name) : (String) names().read(at, problems);
    }

    private Rule names() {
        return new Rule.Words(bases.names());
    }

    private @Nullable String name(Value at, String text) {
        BaseName name = BaseName.parse(text);
        if (bases.find(name.architecture()).isEmpty()) {
            String rest =
                    text.substring(Math.min(text.length(), name.architecture().length()));
            String meant = Suggestion.closest(name.architecture(), bases.names())
                    .map(known -> "; did you mean " + known + Value.shorten(rest) + "?")
                    .orElse("");
            problems.error(
                    at,
                    "must be one of " + String.join(", ", bases.names()) + ", but was " + Value.quote(text) + meant);
            return null;
        }
        int before = problems.errorCount();
        name.weights().ifPresent(weights -> checkWeights(at, weights));
        String broken = brokenBy(name);
        if (broken != null) {
            problems.error(at, "must have an alpha that is " + broken + ", but was " + Value.quote(text));
        }
        return problems.errorCount() == before ? name.toString() : null;
    }

    private @Nullable String map(Value at) {
        int before = problems.errorCount();
        Section.checkKeys(problems, at.path() + ".", at.entries(), KEYS, HINTS);
        Optional<Value> network = find(at, "architecture");
        if (network.isEmpty()) {
            if (problems.errorCount() == before) {
                problems.error(at.line(), at.column(), at.child("architecture"), "is missing; write " + EXAMPLE);
            }
            return null;
        }
        Optional<Object> architecture = network.map(v -> names().read(v, problems));
        Optional<String> weights = find(at, "weights").map(this::weights);
        Optional<Double> alpha = find(at, "alpha").map(v -> Rule.number(v, problems));
        if (architecture.isEmpty()) {
            return null;
        }
        BaseName name = new BaseName((String) architecture.get(), alpha.orElse(1.0), weights);
        String broken = brokenBy(name);
        if (broken != null) {
            find(at, "alpha").ifPresent(v -> problems.error(v, "must be " + broken + ", but was " + v.found()));
        }
        return problems.errorCount() == before ? name.toString() : null;
    }

    /** Returns weights as the file names them, also such as were reported: that there are any decides about the alpha. */
    private String weights(Value at) {
        Object read = WEIGHTS.read(at, problems);
        if (read instanceof String text) {
            checkWeights(at, text);
        }
        return String.valueOf(read);
    }

    private static Optional<Value> find(Value at, String key) {
        return Optional.ofNullable(at.entries().get(key)).map(Value.Entry::value);
    }

    /** Weights are named in records, pages and on terminals, on one line. */
    private void checkWeights(Value at, String weights) {
        if (weights.isBlank()) {
            problems.error(at, "must name a weight file or a bundle's folder after the colon");
        } else if (weights.codePoints().anyMatch(Character::isISOControl)) {
            problems.error(at, "must not hold control characters, but was " + Value.quote(weights));
        }
    }

    /** Returns what the alpha must be and is not, or null. */
    private @Nullable String brokenBy(BaseName name) {
        BaseFacts.Facts facts = bases.find(name.architecture()).orElseThrow();
        if (name.alpha() == 1) {
            return null;
        }
        if (!facts.hasAlpha()) {
            return "1, because " + name.architecture() + " comes in one width";
        }
        if (name.weights().isPresent()) {
            return ALPHA.broken(name.alpha());
        }
        return facts.alphas().contains(name.alpha())
                ? null
                : "one of "
                        + facts.alphas().stream().sorted().map(Rule::plain).collect(Collectors.joining(", "))
                        + " for " + name.architecture() + " without weights of its own";
    }

    /**
     * Describes a base as JSON Schema.
     *
     * @param bases the architectures to offer; empty to allow any text
     */
    static Map<String, Object> schema(List<String> bases) {
        Map<String, Object> architecture = bases.isEmpty() ? Map.of("type", "string") : Map.of("enum", bases);
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("architecture", architecture);
        properties.put("alpha", ALPHA.schema());
        properties.put("weights", WEIGHTS.schema());
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("type", "object");
        map.put("additionalProperties", false);
        map.put("properties", properties);
        map.put("required", List.of("architecture"));
        List<Object> forms = new ArrayList<>();
        forms.add(architecture);
        if (!bases.isEmpty()) {
            forms.add(Map.of("type", "string", "pattern", "^(" + String.join("|", bases) + ")(_[0-9.]+)?(:.+)?$"));
        }
        forms.add(map);
        return Map.of("anyOf", forms);
    }
}
