package dev.graft.spec;

/**
 * When a phase of a trial stops before {@code epochs}.
 *
 * @param enabled false when the file says {@code early_stopping: false}: every epoch runs
 * @param monitor {@code val_loss}, {@code val_accuracy} or {@code val_macro_f1}
 * @param patience epochs without an improvement after which training stops, at least 1
 * @param minDelta the least change that counts as an improvement, at least 0
 * @param restoreBest keep the weights of the best epoch (by the sweep's metric) rather than those of the last
 */
public record EarlyStopping(boolean enabled, String monitor, int patience, double minDelta, boolean restoreBest) {

    /** Says whether less of the monitored metric is better. */
    public boolean minimize() {
        return monitor.equals("val_loss");
    }
}
