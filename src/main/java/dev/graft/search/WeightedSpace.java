package dev.graft.search;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;

/** A list of values with probabilities, which Arbiter's own discrete space lacks; for random search only. */
final class WeightedSpace implements ParameterSpace<Object> {

    private final List<Object> values;
    private final List<Double> probabilities;
    private int index;

    WeightedSpace(List<Object> values, List<Double> probabilities) {
        this.values = values;
        this.probabilities = probabilities;
    }

    @Override
    public Object getValue(double[] point) {
        double left = point[index];
        int last = 0;
        for (int i = 0; i < values.size(); i++) {
            double probability = probabilities.get(i);
            if (probability > 0) {
                last = i;
                if (left < probability) {
                    return values.get(i);
                }
                left -= probability;
            }
        }
        // Probabilities may sum to a little less than 1.
        return values.get(last);
    }

    @Override
    public int numParameters() {
        return 1;
    }

    @Override
    @SuppressWarnings("rawtypes") // Arbiter's signature
    public List<ParameterSpace> collectLeaves() {
        return List.of(this);
    }

    @Override
    @SuppressWarnings("rawtypes") // Arbiter's signature
    public Map<String, ParameterSpace> getNestedSpaces() {
        return Map.of();
    }

    @Override
    public boolean isLeaf() {
        return true;
    }

    @Override
    public void setIndices(int... indices) {
        index = indices[0];
    }
}
