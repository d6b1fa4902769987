package dev.graft.spec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code parameters} and {@code exclude}, and checks each against the other. */
final class ParametersReader {

    /** What people who come from elsewhere call a parameter. */
    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry("lr", "learning_rate"),
            Map.entry("model", "base"),
            Map.entry("architecture", "base"),
            Map.entry("backbone", "base"),
            Map.entry("img_size", "image_size"),
            Map.entry("input_size", "image_size"),
            Map.entry("dropout_rate", "dropout"),
            Map.entry("units", "dense_units"),
            Map.entry("hidden_units", "dense_units"),
            Map.entry("unfreeze", "fine_tune_depth"),
            Map.entry("wd", "weight_decay"),
            Map.entry("schedule", "learning_rate_schedule"),
            Map.entry("lr_schedule", "learning_rate_schedule"));

    private final Problems problems;
    private final BaseFacts bases;
    private final Method method;
    private final Map<String, SpaceReader.Found> found = new LinkedHashMap<>();
    private final List<Map<String, Object>> exclude = new ArrayList<>();

    ParametersReader(Problems problems, BaseFacts bases, Method method) {
        this.problems = problems;
        this.bases = bases;
        this.method = method;
    }

    /** Reads both keys of the root. */
    void read(Section root) {
        root.find("parameters").ifPresentOrElse(this::readParameters, () -> {
            if (!root.has("parameter") && !root.has("hyperparameters")) {
                root.missing("parameters", "parameters: {base: {value: ...}, learning_rate: {values: [0.01, 0.001]}}");
            }
        });
        int before = problems.errorCount();
        root.find("exclude").ifPresent(this::readExclude);
        if (problems.errorCount() == before) {
            checkCombinations(root);
        }
        Optional<Value> secondOptimizer =
                root.find("fine_tune").map(at -> at.entries().get("optimizer")).map(Value.Entry::value);
        new UnusedParameters(problems, found, secondOptimizer).warn();
    }

    Map<String, ParameterSpace> spaces() {
        Map<String, ParameterSpace> spaces = new LinkedHashMap<>();
        found.forEach((name, f) -> spaces.put(name, f.space()));
        return spaces;
    }

    List<Map<String, Object>> exclude() {
        return List.copyOf(exclude);
    }

    private Rule rule(Parameter parameter) {
        return parameter == Parameter.BASE ? new Rule.Base(bases) : parameter.rule();
    }

    private void readParameters(Value at) {
        if (!at.isMap()) {
            problems.error(
                    at, "must be a map, but was " + at.found() + "; write parameters: {base: {value: ...}, ...}");
            return;
        }
        Section.checkKeys(problems, "parameters.", at.entries(), Parameter.keys(), hints());
        at.entries()
                .forEach((name, entry) -> Parameter.find(name)
                        .ifPresent(parameter -> new SpaceReader(
                                        problems, method, parameter, rule(parameter), entry.value())
                                .read()
                                .ifPresent(space -> found.put(name, space))));
        if (!at.entries().containsKey("base")) {
            problems.error(
                    at.line(),
                    at.column(),
                    "parameters.base",
                    "is missing; write base: {value: ...} with one of " + String.join(", ", bases.names()));
        }
    }

    private static Map<String, String> hints() {
        Map<String, String> hints = new HashMap<>();
        for (SweepKey key : SweepKey.ALL) {
            if (!key.path().contains(".")) {
                hints.put(key.path(), "belongs at the top level of the file, not under parameters");
            }
        }
        OTHER_NAMES.forEach((other, name) -> hints.put(other, "is not a known key; did you mean " + name + "?"));
        return hints;
    }

    private void readExclude(Value at) {
        if (!at.isList()) {
            problems.error(
                    at,
                    "must be a list of maps, but was " + at.found()
                            + "; write exclude: [{base: ..., image_size: ...}]");
            return;
        }
        at.items().forEach(this::readExcluded);
    }

    private void readExcluded(Value at) {
        if (!at.isMap() || at.entries().isEmpty()) {
            problems.error(
                    at,
                    at.isMap()
                            ? "must name at least one parameter"
                            : "must be a map of parameters and values, but was " + at.found());
            return;
        }
        Map<String, Object> entry = new LinkedHashMap<>();
        at.entries().forEach((name, e) -> {
            if (Parameter.find(name).isEmpty()) {
                problems.error(
                        e.line(),
                        e.column(),
                        at.child(Value.shorten(name)),
                        "is not a known parameter" + Suggestion.of(name, Parameter.keys()));
            } else {
                Parameter parameter = Parameter.find(name).orElseThrow();
                Object value = rule(parameter).read(e.value(), problems);
                if (value != null) {
                    entry.put(name, value);
                }
                checkMatches(e, name, value);
            }
        });
        if (entry.size() == at.entries().size()) {
            exclude.add(entry);
        }
    }

    private void checkMatches(Value.Entry at, String name, @Nullable Object value) {
        SpaceReader.Found space = found.get(name);
        if (space == null) {
            problems.warn(
                    at.line(),
                    at.column(),
                    at.value().path(),
                    "matches nothing, because the sweep has no parameter " + name);
        } else if (value != null && !Combinations.contains(space.space(), value)) {
            problems.warn(
                    at.value(),
                    "matches nothing, because " + name + " is never "
                            + (at.value().isMap()
                                    ? Value.quote(value.toString())
                                    : at.value().found()));
        }
    }

    private void checkCombinations(Section root) {
        Combinations combinations = new Combinations(spaces(), exclude);
        if (!exclude.isEmpty() && !combinations.possible(Map.of())) {
            root.find("exclude")
                    .ifPresent(at -> problems.error(at, "leaves nothing to run: every combination is excluded"));
            return;
        }
        new BaseLimits(problems, bases, found, combinations).check();
    }
}
