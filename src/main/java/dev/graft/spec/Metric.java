package dev.graft.spec;

/**
 * The metric that ranks trials by their best epoch.
 *
 * @param name one of {@code val_accuracy}, {@code val_loss}, {@code val_macro_f1}
 * @param goal whether more or less of it is better
 */
public record Metric(String name, Goal goal) {

    /** The direction that is better. */
    public enum Goal {
        /** Larger is better. */
        MAXIMIZE,
        /** Smaller is better. */
        MINIMIZE
    }

    /** Says whether {@code candidate} is strictly better than {@code best}; a NaN never is. */
    public boolean isBetter(double candidate, double best) {
        if (Double.isNaN(candidate)) {
            return false;
        }
        return Double.isNaN(best) || (goal == Goal.MAXIMIZE ? candidate > best : candidate < best);
    }
}
