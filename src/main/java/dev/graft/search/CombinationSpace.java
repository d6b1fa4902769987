package dev.graft.search;

import dev.graft.spec.ParameterSpace;
import dev.graft.spec.Parameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.optimize.api.AbstractParameterSpace;
import org.deeplearning4j.arbiter.optimize.distribution.LogUniformDistribution;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;

/** The parameters of a sweep as one Arbiter space, whose values are assignments in the file's order. */
@SuppressWarnings("rawtypes") // Arbiter's signatures
final class CombinationSpace extends AbstractParameterSpace<Map<String, Object>> {

    private final Map<String, ParameterSpace> spaces;
    private final Map<String, org.deeplearning4j.arbiter.optimize.api.ParameterSpace<?>> leaves = new LinkedHashMap<>();
    private final int points;

    CombinationSpace(Map<String, ParameterSpace> spaces) {
        this.spaces = spaces;
        spaces.forEach((name, space) -> leaves.put(name, leaf(space)));
        int index = 0;
        for (var leaf : collectLeaves()) {
            leaf.setIndices(index++);
        }
        points = index;
    }

    private static org.deeplearning4j.arbiter.optimize.api.ParameterSpace<?> leaf(ParameterSpace space) {
        if (space instanceof ParameterSpace.Choice choice) {
            if (choice.values().size() == 1) {
                return new FixedValue<>(choice.values().get(0));
            }
            return choice.probabilities().isEmpty()
                    ? new DiscreteParameterSpace<>(choice.values())
                    : new WeightedSpace(choice.values(), choice.probabilities());
        }
        if (space instanceof ParameterSpace.IntRange range) {
            if (range.min() == range.max()) {
                // Arbiter's grid gives leaves of one value no coordinate, but its integer space asks for one.
                return new FixedValue<>(range.min());
            }
            return new IntegerParameterSpace(Math.toIntExact(range.min()), Math.toIntExact(range.max()));
        }
        ParameterSpace.RealRange range = (ParameterSpace.RealRange) space;
        return range.log()
                ? new ContinuousParameterSpace(new LogUniformDistribution(range.min(), range.max()))
                : new ContinuousParameterSpace(range.min(), range.max());
    }

    @Override
    public Map<String, Object> getValue(double[] point) {
        Map<String, Object> assignment = new LinkedHashMap<>();
        leaves.forEach((name, leaf) -> {
            Object value = leaf.getValue(point);
            if (spaces.get(name) instanceof ParameterSpace.RealRange range && value instanceof Double drawn) {
                value = Quantum.round(drawn, range);
            }
            assignment.put(name, value instanceof Number number ? Parameters.number(name, number) : value);
        });
        return assignment;
    }

    @Override
    public int numParameters() {
        return points;
    }

    /** Returns the leaves last parameter first, because Arbiter's grid varies the first leaf fastest. */
    @Override
    public List<org.deeplearning4j.arbiter.optimize.api.ParameterSpace> collectLeaves() {
        List<org.deeplearning4j.arbiter.optimize.api.ParameterSpace> all = new ArrayList<>();
        leaves.values().forEach(leaf -> all.addAll(leaf.collectLeaves()));
        Collections.reverse(all);
        return all;
    }

    @Override
    public boolean isLeaf() {
        return false;
    }

    @Override
    public void setIndices(int... indices) {
        throw new UnsupportedOperationException("only leaves have indices");
    }
}
