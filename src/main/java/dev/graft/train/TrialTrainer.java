package dev.graft.train;

import dev.graft.base.LayerWeights;
import dev.graft.base.Network;
import dev.graft.base.Tensor;
import dev.graft.features.CancelledException;
import dev.graft.spec.EarlyStopping;
import dev.graft.spec.Sweep;
import dev.graft.spec.TrialParameters;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains one trial with Deeplearning4j: first the head on the features of the frozen base, then, with {@code
 * fine_tune_depth > 0}, head and tail together at a lower learning rate, starting from the first phase's kept weights.
 * The kept epoch is the best by the sweep's metric over both phases, the first of equals; early stopping's monitor only
 * decides when a phase ends. The same setup gives the same numbers on the same machine with the same thread counts.
 *
 * <p>Deeplearning4j draws from one global stream of random numbers, so one trial trains at a time in a process.
 */
public final class TrialTrainer {

    private final TrialSetup setup;
    private final TrialListener listener;
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private @Nullable Kept kept;
    private double monitored = Double.NaN;
    private int epoch;

    private TrialTrainer(TrialSetup setup, TrialListener listener) {
        this.setup = setup;
        this.listener = listener;
    }

    private record Kept(int epoch, double metric, Map<String, Tensor> weights, float[] probabilities) {}

    /**
     * Trains.
     *
     * @throws TrainingException when the trial cannot go on; the trial's fault
     * @throws CancelledException when the listener asked to stop
     */
    public static TrialOutcome train(TrialSetup setup, TrialListener listener) {
        return new TrialTrainer(setup, listener).run();
    }

    private TrialOutcome run() {
        Sweep sweep = setup.sweep();
        TrialParameters parameters = setup.trial().parameters();
        float[] lossWeights = Head.lossWeights(parameters, setup.trainLabels(), setup.classes());
        boolean pooled = setup.head().train().shape().length == 1;
        Network head = Head.network(parameters, setup.classes(), pooled, lossWeights);
        String reason = phase(1, head, Map.of(), setup.head(), parameters, parameters.learningRate(), sweep.epochs());
        if (setup.tail().isPresent()) {
            FoldedTail tail = FoldedTail.of(
                    setup.base().network(),
                    setup.base().weights().tensors(),
                    setup.base().network().cut(parameters.fineTuneDepth()));
            Map<String, Tensor> start = new LinkedHashMap<>(tail.weights());
            start.putAll(keptSoFar().weights());
            Network joined = tail.trained().followedBy(Head.network(parameters, setup.classes(), false, lossWeights));
            double learningRate = sweep.fineTune().learningRate(parameters.learningRate());
            reason += "; fine-tuning: "
                    + phase(
                            2,
                            joined,
                            start,
                            setup.tail().get(),
                            sweep.fineTune().parameters(setup.trial().assignment()),
                            learningRate,
                            sweep.fineTune().epochs());
        }
        Kept best = keptSoFar();
        return new TrialOutcome(best.weights(), best.epoch(), epoch, reason, best.probabilities(), seconds);
    }

    /** Runs one phase and says why it ended. */
    private String phase(
            int number,
            Network network,
            Map<String, Tensor> start,
            TrialSetup.Features features,
            TrialParameters parameters,
            double learningRate,
            int epochs) {
        long seed = setup.trial().seed();
        Nd4j.getRandom().setSeed(seed);
        ComputationGraph graph = network.graph(
                Optimizers.settings(parameters, seed, learningRate),
                inputType(features.train().shape()));
        LayerWeights.assign(graph, start);
        try {
            PhaseLoop loop = new PhaseLoop(graph, setup, features);
            EarlyStopping stopping = setup.sweep().earlyStopping();
            int waited = 0;
            for (int i = 1; i <= epochs; i++) {
                epoch++;
                double rate = Optimizers.learningRate(parameters, learningRate, i, epochs);
                long started = System.nanoTime();
                double loss = loop.train(epoch, rate);
                long trained = System.nanoTime();
                float[] probabilities = loop.predict();
                Evaluation validation = Evaluation.of(setup.validationLabels(), probabilities, setup.classes());
                add(number == 1 ? "head" : "tail", trained - started);
                add("validation", System.nanoTime() - trained);
                EpochResult result = new EpochResult(epoch, number, loss, rate, validation);
                if (!Double.isFinite(validation.loss())) {
                    throw new TrainingException("val_loss is " + validation.loss() + " at epoch " + epoch);
                }
                boolean keep = keep(result, graph, probabilities);
                listener.epochEnded(result, keep, probabilities);
                if (listener.cancelled()) {
                    throw new CancelledException();
                }
                waited = improved(stopping, result.metric(stopping.monitor())) ? 0 : waited + 1;
                if (stopping.enabled() && waited >= stopping.patience()) {
                    return "stopped early at epoch " + epoch + ", " + stopping.monitor() + " had not improved for "
                            + waited + (waited == 1 ? " epoch" : " epochs");
                }
            }
            return "ran all " + epochs + (epochs == 1 ? " epoch" : " epochs");
        } finally {
            graph.close();
        }
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

    private boolean keep(EpochResult result, ComputationGraph graph, float[] probabilities) {
        double metric = result.metric(setup.sweep().metric().name());
        boolean better = kept == null
                || !setup.sweep().earlyStopping().restoreBest()
                || setup.sweep().metric().isBetter(metric, kept.metric());
        if (better) {
            kept = new Kept(result.epoch(), metric, LayerWeights.extract(graph), probabilities);
        }
        return better;
    }

    private Kept keptSoFar() {
        if (kept == null) {
            throw new IllegalStateException("no epoch has ended");
        }
        return kept;
    }

    private void add(String part, long nanos) {
        seconds.merge(part, nanos / 1e9, Double::sum);
    }

    static InputType inputType(int[] shape) {
        return shape.length == 1
                ? InputType.feedForward(shape[0])
                : InputType.convolutional(shape[1], shape[2], shape[0]);
    }
}
