package dev.graft.cli;

import dev.graft.plan.FrozenPass;
import dev.graft.run.Stopping;
import dev.graft.run.SweepListener;
import dev.graft.run.SweepSetup;
import dev.graft.search.Trial;
import dev.graft.spec.Metric;
import dev.graft.track.EpochRecord;
import dev.graft.track.TrialState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Tells of a running sweep on standard error: on a terminal one line with bar and estimate that renews itself, below a
 * line for each pass and trial that ended; elsewhere those lines alone.
 */
final class ProgressPrinter implements SweepListener {

    private final StatusLine status;
    private int trials;
    private int ended;
    private final Map<String, Running> running = new HashMap<>();
    private Metric metric = new Metric("val_accuracy", Metric.Goal.MAXIMIZE);
    private double best = Double.NaN;
    private String doing = "";
    private String left = "";

    ProgressPrinter(StatusLine status) {
        this.status = status;
    }

    /** A trial under way. */
    private static final class Running {

        private final long start = System.nanoTime();
        private double best = Double.NaN;
    }

    @Override
    public void sweepStarted(String sweepId, SweepSetup setup, List<Trial> waiting) {
        trials = setup.trials().size();
        ended = trials - waiting.size();
        metric = setup.file().sweep().metric();
        line("sweep " + sweepId + " (" + setup.file().sweep().name() + "): " + Words.plural(trials, "trial") + ", "
                + Words.plural(setup.plan().groups().size(), "feature group") + ", "
                + Words.plural(setup.source().dataset().train().size(), "training image") + ", "
                + setup.source().dataset().validation().size() + " for validation"
                + (ended > 0 ? "; " + Words.plural(waiting.size(), "trial") + " to run" : ""));
    }

    @Override
    public void passStarted(FrozenPass pass) {
        doing = pass.base() + " at " + pass.imageSize() + " px";
        paint(true);
    }

    @Override
    public void passProgress(FrozenPass pass, long done, long total) {
        doing = pass.base() + " at " + pass.imageSize() + " px: image " + done + " of " + total;
        paint(done == total);
    }

    @Override
    public void passEnded(FrozenPass pass, boolean computed, double seconds, int served) {
        line("features of " + pass.base() + " at " + pass.imageSize() + " px: "
                + (computed ? "computed in " + Words.seconds(seconds) : "found in the cache") + ", shared by "
                + Words.plural(served, "trial"));
    }

    @Override
    public void passRepeated(FrozenPass pass, String reason) {
        line("features of " + pass.base() + " at " + pass.imageSize() + " px: " + reason);
    }

    @Override
    public void trialStarted(String trialId, Trial trial) {
        running.put(trialId, new Running());
        doing = "trial " + trial.number();
        paint(true);
    }

    @Override
    public void trialRepeated(String trialId, Trial trial, String source) {
        ended++;
        line("trial " + trial.number() + " of " + trials + ": same as trial " + source + ", not trained again");
    }

    @Override
    public void epochEnded(String trialId, Trial trial, EpochRecord epoch) {
        double value = epoch.metrics().getOrDefault(metric.name(), Double.NaN);
        Running now = running.computeIfAbsent(trialId, unused -> new Running());
        if (metric.isBetter(value, now.best)) {
            now.best = value;
        }
        doing = "trial " + trial.number() + ", epoch " + epoch.epoch() + ", " + metric.name() + " "
                + Words.metric(metric.name(), value);
        paint(false);
    }

    @Override
    public void attemptEnded(String trialId, Trial trial, String reason) {
        running.remove(trialId);
        line("trial " + trial.number() + " of " + trials + ": " + reason + "; trying again");
    }

    @Override
    public void timeLeft(OptionalDouble seconds) {
        String text = seconds.isEmpty() ? "" : "  " + Words.about(seconds.getAsDouble()) + " left";
        if (!text.equals(left)) {
            left = text;
            paint(false);
        }
    }

    @Override
    public void warned(String text) {
        line(text + " (warning)");
    }

    @Override
    public void workerRetired(int worker, String reason) {
        line("worker " + worker + " gets no more work: it " + reason);
    }

    @Override
    public void stopping(Stopping how) {
        doing = how == Stopping.NOW ? "stopping" : "stopping after this epoch";
        paint(true);
    }

    @Override
    public void trialEnded(String trialId, Trial trial, TrialState state, String reason) {
        ended++;
        Running now = running.remove(trialId);
        if (now != null && state == TrialState.FINISHED) {
            double seconds = (System.nanoTime() - now.start) / 1e9;
            if (metric.isBetter(now.best, best)) {
                best = now.best;
            }
            line("trial " + trial.number() + " of " + trials + ": " + metric.name() + " "
                    + Words.metric(metric.name(), now.best) + " in " + Words.seconds(seconds) + " (" + reason + ")");
        } else {
            line("trial " + trial.number() + " of " + trials + " " + state.word() + ": " + reason);
        }
    }

    /** Removes the renewing line. */
    void end() {
        status.clear();
    }

    private void line(String text) {
        status.line(text);
        paint(true);
    }

    private void paint(boolean now) {
        OptionalDouble part = OptionalDouble.of(trials == 0 ? 0 : (double) ended / trials);
        if (now) {
            status.renewNow(part, text());
        } else {
            status.renew(part, this::text);
        }
    }

    private String text() {
        return ended + "/" + trials + "  " + doing
                + (Double.isNaN(best) ? "" : "  best " + Words.metric(metric.name(), best)) + left;
    }
}
