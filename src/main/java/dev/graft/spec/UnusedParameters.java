package dev.graft.spec;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Warns of parameters that change nothing, because another one switches them off in every trial. */
final class UnusedParameters {

    private final Problems problems;
    private final Map<String, SpaceReader.Found> found;

    UnusedParameters(Problems problems, Map<String, SpaceReader.Found> found) {
        this.problems = problems;
        this.found = found;
    }

    void warn() {
        warn(Parameter.MOMENTUM, Parameter.OPTIMIZER, Set.of("sgd", "rmsprop"));
        warn(Parameter.STEP_EVERY, Parameter.LEARNING_RATE_SCHEDULE, Set.of("step"));
        warn(Parameter.STEP_FACTOR, Parameter.LEARNING_RATE_SCHEDULE, Set.of("step"));
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
