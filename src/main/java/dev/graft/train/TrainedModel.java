package dev.graft.train;

import dev.graft.base.BaseWeights;
import dev.graft.base.LayerWeights;
import dev.graft.base.Network;
import dev.graft.base.Tensor;
import dev.graft.spec.TrialParameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The whole model of a trial: frozen prefix, tail and head in one ordinary Deeplearning4j graph. */
public final class TrainedModel {

    private TrainedModel() {}

    /**
     * Joins the parts.
     *
     * @param base the base's network at the trial's image size
     * @param baseWeights the base's weights
     * @param trained the trial's weights by {@code layer/kind}: the head's, and the folded tail's
     * @param parameters the trial's parameters
     * @param classes the number of classes
     * @return a graph from prepared pixels {@code [batch, 3, size, size]} to probabilities {@code [batch, classes]}
     */
    public static ComputationGraph assemble(
            Network base,
            BaseWeights baseWeights,
            Map<String, Tensor> trained,
            TrialParameters parameters,
            int classes) {
        Network features = base;
        Map<String, Tensor> weights = new LinkedHashMap<>(baseWeights.tensors());
        if (parameters.fineTuneDepth() > 0) {
            String cut = base.cut(parameters.fineTuneDepth());
            FoldedTail tail = FoldedTail.of(base, baseWeights.tensors(), cut);
            features = base.upTo(List.of(cut)).followedBy(tail.network());
            weights.putAll(tail.weights());
        }
        weights.putAll(trained);
        Network whole = features.followedBy(Head.finished(parameters, classes));
        int size = parameters.imageSize();
        ComputationGraph graph = whole.graph(Network.assigned(), InputType.convolutional(size, size, 3));
        LayerWeights.assign(graph, weights);
        return graph;
    }
}
