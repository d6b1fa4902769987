package dev.graft.spec;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;

/** Checks image sizes and fine-tune depths against the bases they can meet in a trial. */
final class BaseLimits {

    private final Problems problems;
    private final BaseFacts bases;
    private final Map<String, SpaceReader.Found> found;
    private final Combinations combinations;

    BaseLimits(Problems problems, BaseFacts bases, Map<String, SpaceReader.Found> found, Combinations combinations) {
        this.problems = problems;
        this.bases = bases;
        this.found = found;
        this.combinations = combinations;
    }

    void check() {
        SpaceReader.Found base = found.get(Parameter.BASE.key());
        if (base == null || !(base.space() instanceof ParameterSpace.Choice names)) {
            return;
        }
        for (int i = 0; i < names.values().size(); i++) {
            String name = (String) names.values().get(i);
            Value place = base.places().get(i);
            bases.find(BaseName.parse(name).architecture()).ifPresent(facts -> {
                check(
                        name,
                        place,
                        Parameter.IMAGE_SIZE,
                        size -> size >= facts.minimumSize(),
                        "must be >= " + facts.minimumSize() + " for base " + name);
                check(
                        name,
                        place,
                        Parameter.FINE_TUNE_DEPTH,
                        depth -> depth <= facts.blocks(),
                        "must be <= " + facts.blocks() + " for base " + name + ", which has so many blocks");
            });
        }
    }

    private void check(String base, Value basePlace, Parameter parameter, LongPredicate fits, String rule) {
        SpaceReader.Found values = found.get(parameter.key());
        if (values == null) {
            long fallback = (Long) parameter.fallback().orElseThrow();
            if (!fits.test(fallback) && combinations.possible(Map.of(Parameter.BASE.key(), base))) {
                problems.error(basePlace, parameter.key() + " " + rule + ", but is " + fallback + " by default");
            }
        } else if (values.space() instanceof ParameterSpace.Choice choice) {
            for (int i = 0; i < choice.values().size(); i++) {
                check(
                        base,
                        parameter,
                        (Long) choice.values().get(i),
                        values.places().get(i),
                        fits,
                        rule);
            }
        } else {
            checkRange(base, parameter, values, fits, rule);
        }
    }

    /** Reports the bound of a range beyond the base's limit, unless every value beyond the limit is excluded. */
    private void checkRange(
            String base, Parameter parameter, SpaceReader.Found values, LongPredicate fits, String rule) {
        boolean size = parameter == Parameter.IMAGE_SIZE;
        Value place = values.places().get(size ? 0 : 1);
        if (values.space() instanceof ParameterSpace.IntRange range) {
            for (long v = size ? range.min() : range.max();
                    v >= range.min() && v <= range.max() && !fits.test(v);
                    v += size ? 1 : -1) {
                if (check(base, parameter, v, place, fits, rule)) {
                    return;
                }
            }
        } else if (values.space() instanceof ParameterSpace.RealRange range) {
            check(base, parameter, Math.round(size ? range.min() : range.max()), place, fits, rule);
        }
    }

    private boolean check(String base, Parameter parameter, long value, Value place, LongPredicate fits, String rule) {
        Map<String, Object> fixed = new HashMap<>();
        fixed.put(Parameter.BASE.key(), base);
        fixed.put(parameter.key(), value);
        boolean bad = !fits.test(value) && combinations.possible(fixed);
        if (bad) {
            problems.error(place, rule + ", but was " + value + "; exclude the combination or change the value");
        }
        return bad;
    }
}
