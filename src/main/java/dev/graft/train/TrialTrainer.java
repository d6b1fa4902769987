package dev.graft.train;

import dev.graft.base.LayerWeights;
import dev.graft.base.Network;
import dev.graft.base.Tensor;
import dev.graft.features.CancelledException;
import dev.graft.spec.Sweep;
import dev.graft.spec.TrialParameters;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains one trial: first the head on the features of the frozen base, then, with {@code fine_tune_depth > 0}, head and
 * tail together at a lower learning rate, starting from the first phase's kept weights. The same setup gives the same
 * numbers on the same machine with the same thread counts.
 */
public final class TrialTrainer {

    private TrialTrainer() {}

    /**
     * Trains; the head as {@link HeadCohort} does, and the tail with Deeplearning4j.
     *
     * @throws TrainingException when the trial cannot go on; the trial's fault
     * @throws CancelledException when the listener asked to stop
     */
    public static TrialOutcome train(TrialSetup setup, TrialListener listener) {
        TrialProgress progress = new TrialProgress(setup, listener);
        HeadCohort.trainHead(progress);
        return fineTuned(progress);
    }

    /**
     * Trains a head with Deeplearning4j's own graph: slower, and what every other way of training heads must agree with. A
     * tail is trained as by {@link #train}.
     *
     * @throws TrainingException when the trial cannot go on; the trial's fault
     * @throws CancelledException when the listener asked to stop
     */
    public static TrialOutcome standAlone(TrialSetup setup, TrialListener listener) {
        TrialProgress progress = new TrialProgress(setup, listener);
        TrialParameters parameters = setup.trial().parameters();
        boolean pooled = setup.head().train().shape().length == 1;
        phase(
                progress,
                1,
                Head.network(parameters, setup.classes(), pooled, lossWeights(setup)),
                Map.of(),
                setup.head(),
                parameters,
                parameters.learningRate(),
                setup.sweep().epochs());
        return fineTuned(progress);
    }

    private static float[] lossWeights(TrialSetup setup) {
        return Head.lossWeights(setup.trial().parameters(), setup.trainLabels(), setup.classes());
    }

    private static TrialOutcome fineTuned(TrialProgress progress) {
        TrialSetup setup = progress.setup();
        if (setup.tail().isPresent()) {
            Sweep sweep = setup.sweep();
            TrialParameters parameters = setup.trial().parameters();
            FoldedTail tail = FoldedTail.of(
                    setup.base().network(),
                    setup.base().weights().tensors(),
                    setup.base().network().cut(parameters.fineTuneDepth()));
            Map<String, Tensor> start = new LinkedHashMap<>(tail.weights());
            start.putAll(progress.keptWeights());
            phase(
                    progress,
                    2,
                    tail.trained().followedBy(Head.network(parameters, setup.classes(), false, lossWeights(setup))),
                    start,
                    setup.tail().get(),
                    sweep.fineTune().parameters(setup.trial().assignment()),
                    sweep.fineTune().learningRate(parameters.learningRate()),
                    sweep.fineTune().epochs());
        }
        return progress.outcome();
    }

    private static void phase(
            TrialProgress progress,
            int number,
            Network network,
            Map<String, Tensor> start,
            TrialSetup.Features features,
            TrialParameters parameters,
            double learningRate,
            int epochs) {
        TrialSetup setup = progress.setup();
        Nd4j.getRandom().setSeed(setup.trial().seed());
        ComputationGraph graph = network.graph(
                Optimizers.settings(parameters, setup.trial().seed(), learningRate),
                inputType(features.train().shape()));
        LayerWeights.assign(graph, start);
        try {
            PhaseLoop loop = new PhaseLoop(graph, setup, features);
            progress.beginPhase(number, epochs);
            boolean ended = false;
            while (!ended) {
                int epoch = progress.beginEpoch();
                double rate = Optimizers.learningRate(parameters, learningRate, progress.epochInPhase(), epochs);
                long started = System.nanoTime();
                double loss = loop.train(epoch, rate);
                long trained = System.nanoTime();
                float[] probabilities = loop.predict();
                progress.spent(number == 1 ? "head" : "tail", trained - started);
                progress.spent("validation", System.nanoTime() - trained);
                ended = progress.endEpoch(loss, rate, probabilities, () -> LayerWeights.extract(graph));
            }
        } finally {
            graph.close();
        }
    }

    static InputType inputType(int[] shape) {
        return shape.length == 1
                ? InputType.feedForward(shape[0])
                : InputType.convolutional(shape[1], shape[2], shape[0]);
    }
}
