package dev.graft.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Warns of parameters that change nothing, because another one switches them off in every trial. */
final class UnusedParameters {

    private final Problems problems;
    private final Map<String, SpaceReader.Found> found;

    private final Optional<Value> secondOptimizer;

    /**
     * Looks at the parameters of one file.
     *
     * @param found the parameters by their keys
     * @param secondOptimizer the optimizer of the second phase, where the file names one
     */
    UnusedParameters(Problems problems, Map<String, SpaceReader.Found> found, Optional<Value> secondOptimizer) {
        this.problems = problems;
        this.found = found;
        this.secondOptimizer = secondOptimizer;
    }

    void warn() {
        Set<Object> withMomentum = Set.of("sgd", "rmsprop");
        boolean inSecondPhase = secondPhase()
                && secondOptimizer
                        .map(Value::content)
                        .filter(withMomentum::contains)
                        .isPresent();
        if (!inSecondPhase) {
            warn(Parameter.MOMENTUM, Parameter.OPTIMIZER, withMomentum);
        }
        warn(Parameter.STEP_EVERY, Parameter.LEARNING_RATE_SCHEDULE, Set.of("step"));
        warn(Parameter.STEP_FACTOR, Parameter.LEARNING_RATE_SCHEDULE, Set.of("step"));
    }

    /** Says whether any trial may have a second phase. */
    private boolean secondPhase() {
        SpaceReader.Found depth = found.get(Parameter.FINE_TUNE_DEPTH.key());
        if (depth == null) {
            return false;
        }
        return depth.space() instanceof ParameterSpace.Choice choice
                ? choice.values().stream().anyMatch(value -> !value.equals(0L))
                : !(depth.space() instanceof ParameterSpace.IntRange range) || range.max() > 0;
    }

    private void warn(Parameter parameter, Parameter needs, Set<Object> oneOf) {
        SpaceReader.Found unused = found.get(parameter.key());
        if (unused == null) {
            return;
        }
        SpaceReader.Found other = found.get(needs.key());
        List<?> values = other != null && other.space() instanceof ParameterSpace.Choice choice
                ? choice.values()
                : needs.fallback().stream().toList();
        if (values.stream().noneMatch(oneOf::contains)) {
            String words = String.join(
                    " or ", oneOf.stream().map(Object::toString).sorted().toList());
            problems.warn(
                    unused.places().get(0).line(),
                    unused.places().get(0).column(),
                    "parameters." + parameter.key(),
                    "changes nothing: it needs " + needs.key() + " " + words);
        }
    }
}
