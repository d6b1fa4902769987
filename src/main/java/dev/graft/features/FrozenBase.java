package dev.graft.features;

import dev.graft.base.Architecture;
import dev.graft.base.BaseWeights;
import dev.graft.base.LayerWeights;
import dev.graft.base.Network;
import dev.graft.base.Node;
import dev.graft.onnx.OnnxExporter;
import dev.graft.onnx.OnnxModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A base with its weights at one image size, as the source of features.
 *
 * @param architecture the network
 * @param weights its weights
 * @param imageSize the images' side in pixels
 */
public record FrozenBase(Architecture architecture, BaseWeights weights, int imageSize) {

    /** Returns the network at this size. */
    public Network network() {
        return architecture.network(imageSize);
    }

    /** Returns the output that heads without fine-tuning train on. */
    public FeatureOutput headOutput(String pooling) {
        return new FeatureOutput(network().output(), pooling);
    }

    /** Returns the output that tails of a depth train on: always the whole map. */
    public FeatureOutput tailOutput(int fineTuneDepth) {
        return new FeatureOutput(network().cut(fineTuneDepth), "none");
    }

    /** Returns the axes of an output for one image. */
    public int[] shape(FeatureOutput output) {
        Network prefix = prefix(List.of(output));
        ComputationGraphConfiguration configuration =
                prefix.configuration(Network.assigned(), inputType(), List.of(output.node()));
        InputType type = configuration.getLayerActivationTypes(inputType()).get(output.node());
        if (type == null) {
            throw new IllegalArgumentException("there is no node " + output.node());
        }
        long[] shape = type.getShape(false);
        int[] axes = new int[shape.length];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = Math.toIntExact(shape[i]);
        }
        return axes;
    }

    /** Returns the multiply-adds of the convolutions that some outputs need, for one image. */
    public long multiplyAdds(Collection<FeatureOutput> outputs) {
        return prefix(List.copyOf(outputs)).multiplyAdds(inputType());
    }

    /** Returns the frozen prefix as a model with the given outputs, ready to run on prepared pixels. */
    public OnnxModel model(Collection<FeatureOutput> outputs, int threads) {
        List<FeatureOutput> several = List.copyOf(outputs);
        ComputationGraph graph = new ComputationGraph(prefix(several)
                .configuration(
                        Network.assigned(),
                        inputType(),
                        several.stream().map(FeatureOutput::node).toList()));
        graph.init();
        LayerWeights.assign(graph, weights.tensors());
        byte[] model = OnnxExporter.export(
                graph, inputType(), several.stream().map(FeatureOutput::node).toList());
        graph.params().close();
        return OnnxModel.load(model, threads);
    }

    private InputType inputType() {
        return InputType.convolutional(imageSize, imageSize, 3);
    }

    private Network prefix(List<FeatureOutput> outputs) {
        Network network =
                network().upTo(outputs.stream().map(FeatureOutput::cut).toList());
        List<Node> pooling = new ArrayList<>(network.nodes());
        for (FeatureOutput output : outputs) {
            if (!output.pooling().equals("none")) {
                PoolingType type = output.pooling().equals("avg") ? PoolingType.AVG : PoolingType.MAX;
                pooling.add(new Node.LayerNode(
                        output.node(),
                        List.of(output.cut()),
                        new GlobalPoolingLayer.Builder().poolingType(type).build()));
            }
        }
        return new Network(
                pooling, network.blocks(), outputs.get(outputs.size() - 1).node());
    }
}
