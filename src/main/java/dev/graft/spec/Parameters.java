package dev.graft.spec;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Knows the parameters by name: their order, their forms, and the typed whole. */
public final class Parameters {

    private Parameters() {}

    /** Returns all parameter names a sweep file may use, in the order of the reference. */
    public static List<String> names() {
        return Parameter.keys();
    }

    /** Returns what a parameter is in trials that do not name it; empty where that depends on others. */
    public static Optional<Object> fallback(String name) {
        return Parameter.find(name).flatMap(Parameter::fallback);
    }

    /**
     * Fills in the defaults.
     *
     * @param assignment values by parameter name, as in a {@code Trial}; any {@link Number} will do, so that assignments
     *     survive a trip through JSON
     * @throws IllegalArgumentException for a name or a value that no checked sweep file can hold; a bug of the caller
     */
    public static TrialParameters from(Map<String, Object> assignment) {
        for (String name : assignment.keySet()) {
            if (Parameter.find(name).isEmpty()) {
                throw new IllegalArgumentException("no parameter is named " + name);
            }
        }
        TrialParameters.Optimizer optimizer = word(assignment, Parameter.OPTIMIZER, TrialParameters.Optimizer.class);
        double momentum = switch (optimizer) {
            case SGD -> 0.9;
            case RMSPROP, ADAM, ADAMW -> 0;
        };
        double weightDecay = optimizer == TrialParameters.Optimizer.ADAMW ? 0.01 : 0;
        return new TrialParameters(
                text(assignment, Parameter.BASE),
                whole(assignment, Parameter.IMAGE_SIZE),
                real(assignment, Parameter.LEARNING_RATE, Double.NaN),
                real(assignment, Parameter.DROPOUT, Double.NaN),
                whole(assignment, Parameter.FINE_TUNE_DEPTH),
                widths(value(assignment, Parameter.DENSE_UNITS)),
                text(assignment, Parameter.ACTIVATION),
                word(assignment, Parameter.POOLING, TrialParameters.Pooling.class),
                optimizer,
                real(assignment, Parameter.MOMENTUM, momentum),
                real(assignment, Parameter.WEIGHT_DECAY, weightDecay),
                whole(assignment, Parameter.BATCH_SIZE),
                word(assignment, Parameter.LEARNING_RATE_SCHEDULE, TrialParameters.Schedule.class),
                whole(assignment, Parameter.STEP_EVERY),
                real(assignment, Parameter.STEP_FACTOR, Double.NaN),
                word(assignment, Parameter.CLASS_WEIGHTS, TrialParameters.ClassWeights.class));
    }

    /**
     * Brings a number drawn for a parameter to the form that sweep files and trials use: {@link Long} for parameters of
     * whole numbers, {@link Double} for others.
     */
    public static Object number(String name, Number value) {
        boolean whole = Parameter.find(name).map(Parameter::whole).orElse(false);
        if (whole) {
            return value instanceof Long || value instanceof Integer
                    ? (Object) value.longValue()
                    : (Object) Math.round(value.doubleValue());
        }
        return value.doubleValue();
    }

    private static @Nullable Object value(Map<String, Object> assignment, Parameter parameter) {
        Object given = assignment.get(parameter.key());
        return given != null ? given : parameter.fallback().orElse(null);
    }

    private static int whole(Map<String, Object> assignment, Parameter parameter) {
        return width(parameter, value(assignment, parameter));
    }

    private static int width(Parameter parameter, @Nullable Object value) {
        if (value instanceof Number number && number.doubleValue() == number.intValue()) {
            return number.intValue();
        }
        throw misfit(parameter, value);
    }

    private static double real(Map<String, Object> assignment, Parameter parameter, double fallback) {
        Object value = Optional.ofNullable(value(assignment, parameter)).orElse(fallback);
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw misfit(parameter, value);
    }

    private static String text(Map<String, Object> assignment, Parameter parameter) {
        if (value(assignment, parameter) instanceof String text) {
            return text;
        }
        throw misfit(parameter, assignment.get(parameter.key()));
    }

    private static <E extends Enum<E>> E word(Map<String, Object> assignment, Parameter parameter, Class<E> type) {
        return Enum.valueOf(type, text(assignment, parameter).toUpperCase(Locale.ROOT));
    }

    private static List<Integer> widths(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(w -> width(Parameter.DENSE_UNITS, w)).toList();
        }
        int single = width(Parameter.DENSE_UNITS, value);
        return single == 0 ? List.of() : List.of(single);
    }

    private static IllegalArgumentException misfit(Parameter parameter, @Nullable Object value) {
        return new IllegalArgumentException(parameter.key() + " cannot be " + value);
    }
}
