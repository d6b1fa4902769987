package dev.graft.spec;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The second phase of trials with {@code fine_tune_depth > 0}.
 *
 * @param learningRateFactor what the trial's learning rate is multiplied with, in (0, 1]
 * @param epochs the most epochs of the second phase, at least 1
 * @param learningRate the second phase's learning rate, above 0; where given, the factor does not count
 * @param optimizer the second phase's optimizer; empty for the trial's
 */
public record FineTune(
        double learningRateFactor,
        int epochs,
        OptionalDouble learningRate,
        Optional<TrialParameters.Optimizer> optimizer) {

    /** Lowers the trial's learning rate and keeps its optimizer. */
    public FineTune(double learningRateFactor, int epochs) {
        this(learningRateFactor, epochs, OptionalDouble.empty(), Optional.empty());
    }

    /**
     * Returns the parameters of a trial's second phase: those of the first, or with another optimizer, whose own defaults
     * then fill in what the trial leaves open.
     *
     * @param assignment the trial's values by parameter name
     */
    public TrialParameters parameters(Map<String, Object> assignment) {
        Map<String, Object> second = new HashMap<>(assignment);
        optimizer.ifPresent(o -> second.put(Parameter.OPTIMIZER.key(), o.name().toLowerCase(Locale.ROOT)));
        return Parameters.from(second);
    }

    /** Returns the learning rate of the second phase of a trial with the given one in the first. */
    public double learningRate(double ofFirstPhase) {
        return learningRate.orElse(ofFirstPhase * learningRateFactor);
    }
}
