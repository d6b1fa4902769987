package dev.graft.train;

import dev.graft.base.Tensor;
import dev.graft.features.CancelledException;
import dev.graft.spec.EarlyStopping;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a trial has come to after its epochs so far: which of them is kept, and whether it is time to stop. The kept epoch
 * is the best by the sweep's metric over both phases, the first of equals; early stopping's monitor only decides when a
 * phase ends.
 */
final class TrialProgress {

    private final TrialSetup setup;
    private final TrialListener listener;
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private @Nullable Kept kept;
    private double monitored = Double.NaN;
    private int waited;
    private int epoch;
    private int phase;
    private int phaseEpochs;
    private int phaseStart;
    private String reason = "";

    TrialProgress(TrialSetup setup, TrialListener listener) {
        this.setup = setup;
        this.listener = listener;
    }

    private record Kept(int epoch, double metric, Map<String, Tensor> weights, float[] probabilities) {}

    TrialSetup setup() {
        return setup;
    }

    /**
     * Begins a phase.
     *
     * @param number 1 for the head alone, 2 for head and tail
     * @param epochs the most it may take
     */
    void beginPhase(int number, int epochs) {
        phase = number;
        phaseEpochs = epochs;
        phaseStart = epoch;
        waited = 0;
    }

    /** Begins an epoch and returns its number, from 1, counted through both phases. */
    int beginEpoch() {
        return ++epoch;
    }

    /** Says whether the listener asks to stop. */
    boolean isCancelled() {
        return listener.cancelled();
    }

    /** Returns the number of the running epoch within its phase, from 1. */
    int epochInPhase() {
        return epoch - phaseStart;
    }

    /**
     * Notes what the running epoch came to, and tells the listener.
     *
     * @param probabilities of the validation images, {@code [images, classes]}
     * @param weights asked for where the epoch is kept
     * @return whether the phase ends with it
     * @throws TrainingException when the validation loss is not a number
     * @throws CancelledException when the listener asks to stop
     */
    boolean endEpoch(double loss, double rate, float[] probabilities, Supplier<Map<String, Tensor>> weights) {
        Evaluation validation = Evaluation.of(setup.validationLabels(), probabilities, setup.classes());
        if (!Double.isFinite(validation.loss())) {
            throw new TrainingException("val_loss is " + validation.loss() + " at epoch " + epoch);
        }
        EpochResult result = new EpochResult(epoch, phase, loss, rate, validation);
        double metric = result.metric(setup.sweep().metric().name());
        boolean better = kept == null
                || !setup.sweep().earlyStopping().restoreBest()
                || setup.sweep().metric().isBetter(metric, kept.metric());
        if (better) {
            kept = new Kept(epoch, metric, weights.get(), probabilities);
        }
        listener.epochEnded(result, better, probabilities);
        if (listener.cancelled()) {
            throw new CancelledException();
        }
        Optional<String> end = end(result);
        end.ifPresent(text -> reason += reason.isEmpty() ? text : "; fine-tuning: " + text);
        return end.isPresent();
    }

    private Optional<String> end(EpochResult result) {
        EarlyStopping stopping = setup.sweep().earlyStopping();
        waited = improved(stopping, result.metric(stopping.monitor())) ? 0 : waited + 1;
        if (stopping.enabled() && waited >= stopping.patience()) {
            return Optional.of("stopped early at epoch " + epoch + ", " + stopping.monitor() + " had not improved for "
                    + waited + (waited == 1 ? " epoch" : " epochs"));
        }
        return epochInPhase() >= phaseEpochs
                ? Optional.of("ran all " + phaseEpochs + (phaseEpochs == 1 ? " epoch" : " epochs"))
                : Optional.empty();
    }

    /** Notes an improvement of the monitored metric; the second phase goes on from the first one's best value. */
    private boolean improved(EarlyStopping stopping, double value) {
        double change = stopping.minimize() ? monitored - value : value - monitored;
        if (Double.isNaN(monitored) || change > stopping.minDelta()) {
            monitored = value;
            return true;
        }
        return false;
    }

    /** Adds to the time spent on a part. */
    void spent(String part, double nanos) {
        seconds.merge(part, nanos / 1e9, Double::sum);
    }

    /** Returns the kept epoch's weights. */
    Map<String, Tensor> keptWeights() {
        return kept().weights();
    }

    TrialOutcome outcome() {
        Kept best = kept();
        return new TrialOutcome(best.weights(), best.epoch(), epoch, reason, best.probabilities(), seconds);
    }

    private Kept kept() {
        if (kept == null) {
            throw new IllegalStateException("no epoch has ended");
        }
        return kept;
    }
}
