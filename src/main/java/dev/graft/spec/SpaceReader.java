package dev.graft.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what one parameter may be, in W&B's forms. */
final class SpaceReader {

    private static final List<String> KEYS =
            List.of("value", "values", "probabilities", "min", "max", "q", "distribution");
    static final List<String> SUPPORTED = List.of(
            "constant",
            "categorical",
            "int_uniform",
            "uniform",
            "q_uniform",
            "log_uniform_values",
            "q_log_uniform_values",
            "log_uniform");
    private static final Set<String> UNSUPPORTED = Set.of(
            "categorical_w_probabilities",
            "q_log_uniform",
            "inv_log_uniform",
            "inv_log_uniform_values",
            "normal",
            "q_normal",
            "log_normal",
            "q_log_normal",
            "beta",
            "q_beta");
    private static final Map<String, String> HINTS = Map.of(
            "parameters", "is not supported: parameters cannot be nested",
            "mu", "is not supported: no normal distributions",
            "sigma", "is not supported: no normal distributions",
            "a", "is not supported: no beta distributions",
            "b", "is not supported: no beta distributions");

    private static final String BASE_HINT =
            "belongs inside value or values, as in {value: {architecture: mobilenet, alpha: 0.25}}";
    private static final Map<String, String> BASE_HINTS =
            Map.of("architecture", BASE_HINT, "alpha", BASE_HINT, "weights", BASE_HINT);

    private final Problems problems;
    private final Method method;
    private final Parameter parameter;
    private final Rule rule;
    private final Value at;
    private final Map<String, Value.Entry> entries;
    private final List<Value> places = new ArrayList<>();

    /**
     * @param rule what each value must be
     * @param at what the file says about the parameter
     */
    SpaceReader(Problems problems, Method method, Parameter parameter, Rule rule, Value at) {
        this.problems = problems;
        this.method = method;
        this.parameter = parameter;
        this.rule = rule;
        this.at = at;
        this.entries = at.entries();
    }

    /** A space and where the file gives its values, or its bounds. */
    record Found(Parameter parameter, ParameterSpace space, List<Value> places) {}

    /** Returns the space, or empty after reporting why there is none. */
    Optional<Found> read() {
        return Optional.ofNullable(space()).map(space -> new Found(parameter, space, List.copyOf(places)));
    }

    private @Nullable ParameterSpace space() {
        if (!at.isMap()) {
            String hint = at.isList()
                    ? "{values: [...]}"
                    : "{value: " + (at.text().isBlank() ? "..." : Value.shorten(at.text())) + "}";
            return fail(at, "must be a map, but was " + at.found() + "; write " + hint);
        }
        int before = problems.errorCount();
        Section.checkKeys(problems, at.path() + ".", entries, KEYS, parameter == Parameter.BASE ? BASE_HINTS : HINTS);
        if (problems.errorCount() > before && entries.keySet().stream().noneMatch(KEYS::contains)) {
            // The misspelt key says it all; "must give one of ..." would only repeat it.
            return null;
        }
        String distribution = distribution();
        if (distribution == null) {
            return null;
        }
        return switch (distribution) {
            case "constant" -> constant();
            case "categorical" -> categorical();
            case "int_uniform" -> intRange();
            default -> realRange(distribution);
        };
    }

    /** Returns the distribution the file names or implies, or null after reporting. */
    private @Nullable String distribution() {
        Value named = value("distribution");
        if (named != null) {
            if (named.content() instanceof String word && UNSUPPORTED.contains(word)) {
                problems.error(
                        named,
                        "does not support " + word + "; this version draws from " + String.join(", ", SUPPORTED));
                return null;
            }
            return (String) new Rule.Words(SUPPORTED).read(named, problems);
        }
        List<String> forms = new ArrayList<>();
        for (String form : List.of("value", "values")) {
            if (entries.containsKey(form)) {
                forms.add(form);
            }
        }
        if (entries.containsKey("min") || entries.containsKey("max")) {
            forms.add("min and max");
        }
        if (forms.size() > 1) {
            problems.error(
                    at, "must give only one of value, values, or min and max, but gives " + String.join(", ", forms));
            return null;
        }
        if (forms.isEmpty()) {
            problems.error(at, "must give one of value, values, or min and max");
            return null;
        }
        if (forms.get(0).equals("value")) {
            return "constant";
        }
        if (forms.get(0).equals("values")) {
            return "categorical";
        }
        boolean whole = isWhole("min") && isWhole("max") && !entries.containsKey("q");
        return whole ? "int_uniform" : entries.containsKey("q") ? "q_uniform" : "uniform";
    }

    private boolean isWhole(String key) {
        Value value = value(key);
        // A missing bound is reported later, by whichever form this looks most like.
        return value == null || value.content() instanceof Long;
    }

    private @Nullable ParameterSpace constant() {
        only("value");
        Value value = needed("value");
        Object read = value == null ? null : rule.read(value, problems);
        if (value == null || read == null) {
            return null;
        }
        places.add(value);
        return new ParameterSpace.Choice(List.of(read), List.of());
    }

    private @Nullable ParameterSpace categorical() {
        only("values", "probabilities");
        Value list = needed("values");
        if (list == null) {
            return null;
        }
        if (!list.isList()) {
            return fail(list, "must be a list, but was " + list.found());
        }
        if (list.items().isEmpty()) {
            return fail(list, "must hold at least one value");
        }
        List<Object> values = new ArrayList<>();
        boolean good = true;
        for (Value item : list.items()) {
            Object read = rule.read(item, problems);
            if (read == null) {
                good = false;
            } else if (values.contains(read)) {
                good = false;
                String first = places.get(values.indexOf(read)).path();
                problems.error(item, "repeats " + first.substring(at.path().length() + 1));
            } else {
                values.add(read);
                places.add(item);
            }
        }
        List<Double> probabilities = probabilities(list.items().size());
        // Values that are fine are still checked against the bases, so that all is reported at once.
        return values.isEmpty() ? null : new ParameterSpace.Choice(values, good ? probabilities : List.of());
    }

    private List<Double> probabilities(int values) {
        Value list = value("probabilities");
        if (list == null) {
            return List.of();
        }
        if (method == Method.GRID) {
            problems.error(list, "has no effect on a grid; write method: random, or leave it out");
            return List.of();
        }
        if (list.items().size() != values) {
            problems.error(
                    list,
                    "must be a list of one number per value: " + values + " values, but "
                            + (list.isList() ? list.items().size() + " numbers" : list.found()));
            return List.of();
        }
        List<Double> weights = new ArrayList<>();
        for (Value item : list.items()) {
            Object weight = new Rule.Real(0, true, 1, true).read(item, problems);
            if (weight == null) {
                return List.of();
            }
            weights.add((Double) weight);
        }
        double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
        if (Math.abs(sum - 1) > 1e-6) {
            problems.error(list, "must sum to 1, but sums to " + Rule.plain(sum));
            return List.of();
        }
        return weights;
    }

    private @Nullable ParameterSpace intRange() {
        only("min", "max");
        if (!ranged()) {
            return null;
        }
        Value min = needed("min");
        Value max = needed("max");
        if (min == null || max == null) {
            return null;
        }
        if (!parameter.whole()) {
            return fail(
                    at,
                    "draws whole numbers only, as in W&B, when min and max are whole; write " + min.text() + ".0 and "
                            + max.text() + ".0, or distribution: uniform");
        }
        Object low = wholeRule().read(min, problems);
        Object high = wholeRule().read(max, problems);
        if (low == null || high == null) {
            return null;
        }
        if ((Long) low > (Long) high) {
            return fail(min, "must be <= max, but was " + low + " with max " + high);
        }
        places.add(min);
        places.add(max);
        return new ParameterSpace.IntRange((Long) low, (Long) high);
    }

    /** Returns what a whole-number bound must be. */
    private Rule wholeRule() {
        return rule instanceof Rule.Widths widths ? new Rule.Whole(0, widths.max()) : rule;
    }

    private @Nullable ParameterSpace realRange(String distribution) {
        boolean quantized = distribution.startsWith("q_");
        if (quantized) {
            only("min", "max", "q");
        } else {
            only("min", "max");
        }
        if (!ranged()) {
            return null;
        }
        if (method == Method.GRID) {
            return fail(
                    at,
                    "needs value, values, or whole numbers as min and max, because a grid cannot list all of a range of real numbers; write method: random to draw from it");
        }
        if (parameter.whole() && !quantized) {
            return fail(
                    at,
                    "needs whole numbers; write "
                            + (distribution.startsWith("log")
                                    ? "distribution: q_log_uniform_values with q: 1"
                                    : "whole numbers as min and max"));
        }
        Value min = needed("min");
        Value max = needed("max");
        if (min == null || max == null) {
            return null;
        }
        Double low = Rule.number(min, problems);
        Double high = Rule.number(max, problems);
        if (low == null || high == null) {
            return null;
        }
        if (low >= high) {
            return fail(min, "must be < max, but was " + Rule.plain(low) + " with max " + Rule.plain(high));
        }
        boolean exponents = distribution.equals("log_uniform");
        if (exponents && low > 0) {
            problems.warn(
                    min,
                    "is an exponent of e here, as in W&B: draws lie between " + Math.exp(low) + " and " + Math.exp(high)
                            + "; for bounds as values write distribution: log_uniform_values");
        }
        double from = exponents ? Math.exp(low) : low;
        double to = exponents ? Math.exp(high) : high;
        boolean log = distribution.contains("log");
        if (log && from <= 0) {
            return fail(min, "must be > 0 on a log scale, but was " + Rule.plain(low));
        }
        boolean lowFits = fits(min, from, exponents, true);
        boolean highFits = fits(max, to, exponents, false);
        if (!lowFits || !highFits) {
            return null;
        }
        double quantum = 0;
        if (quantized) {
            OptionalDouble q = quantum(from, to);
            if (q.isEmpty()) {
                return null;
            }
            quantum = q.getAsDouble();
        }
        places.add(min);
        places.add(max);
        return new ParameterSpace.RealRange(from, to, log, quantum);
    }

    /** Checks a bound against the rule of the parameter; the upper one may equal an excluded limit, as it is not drawn. */
    private boolean fits(Value place, double bound, boolean exponent, boolean lower) {
        String broken;
        if (rule instanceof Rule.Real real) {
            boolean excludedLimit = !lower && !real.maxIncluded() && bound == real.max() && !entries.containsKey("q");
            broken = excludedLimit ? null : real.broken(bound);
        } else {
            Rule.Whole whole = (Rule.Whole) wholeRule();
            broken = bound < whole.min() ? ">= " + whole.min() : bound > whole.max() ? "<= " + whole.max() : null;
        }
        if (broken != null) {
            problems.error(
                    place,
                    "must be " + broken + ", but was "
                            + (exponent ? "e^" + place.text() + " = " + bound : place.found()));
        }
        return broken == null;
    }

    private OptionalDouble quantum(double from, double to) {
        Value q = value("q");
        Double step = q == null ? Double.valueOf(1) : Rule.number(q, problems);
        if (step == null) {
            return OptionalDouble.empty();
        }
        Value place = q == null ? at : q;
        if (step <= 0) {
            problems.error(place, "must be > 0, but was " + Rule.plain(step));
        } else if (parameter.whole() && step != Math.rint(step)) {
            problems.error(place, "must be a whole number, as " + parameter.key() + " is, but was " + Rule.plain(step));
        } else if (Math.ceil(from / step) * step > to) {
            problems.error(place, "must have a multiple between min and max, but " + Rule.plain(step) + " has none");
        } else {
            return OptionalDouble.of(step);
        }
        return OptionalDouble.empty();
    }

    private boolean ranged() {
        if (!parameter.numeric()) {
            problems.error(at, "must give value or values, because " + parameter.key() + " is no number");
        }
        return parameter.numeric();
    }

    /** Reports keys that the chosen form does not use; they would be ignored silently. */
    private void only(String... used) {
        List<String> allowed = List.of(used);
        entries.forEach((key, entry) -> {
            if (KEYS.contains(key) && !key.equals("distribution") && !allowed.contains(key)) {
                problems.error(
                        entry.line(),
                        entry.column(),
                        at.child(key),
                        "does not go with " + String.join(" and ", allowed.subList(0, Math.min(2, allowed.size()))));
            }
        });
    }

    private @Nullable Value needed(String key) {
        Value value = value(key);
        if (value == null) {
            problems.error(at.line(), at.column(), at.child(key), "is missing");
        }
        return value;
    }

    private @Nullable Value value(String key) {
        Value.Entry entry = entries.get(key);
        return entry == null ? null : entry.value();
    }

    private @Nullable ParameterSpace fail(Value place, String message) {
        problems.error(place, message);
        return null;
    }
}
