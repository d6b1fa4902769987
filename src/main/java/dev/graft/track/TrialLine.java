package dev.graft.track;

/**
 * As much of a trial as ranking and counting take: cheap to read for thousands.
 *
 * @param id the trial's id
 * @param number the trial's place in its sweep, from 1
 * @param state where it stands
 * @param value the sweep's metric at the trial's best epoch; NaN before there is one
 * @param endedAt when it ended, in ISO 8601, which sorts as time does; empty before
 */
public record TrialLine(String id, int number, TrialState state, double value, String endedAt) {

    /** Makes one of which it is not known when it ended. */
    public TrialLine(String id, int number, TrialState state, double value) {
        this(id, number, state, value, "");
    }

    /** Returns what a whole record says of it. */
    public static TrialLine of(String metric, TrialRecord trial) {
        double value = trial.best()
                .map(epoch -> epoch.metrics().getOrDefault(metric, Double.NaN))
                .orElse(Double.NaN);
        return new TrialLine(
                trial.id(),
                trial.number(),
                trial.state(),
                value,
                trial.endedAt().map(Columns::time).orElse(""));
    }

    TrialLine as(TrialState other) {
        return new TrialLine(id, number, other, value, endedAt);
    }
}
