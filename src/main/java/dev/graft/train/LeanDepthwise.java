package dev.graft.train;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.DepthwiseConvolution2DLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A depthwise convolution without activation that trains faster than Deeplearning4j's, with the same weights, outputs
 * and gradients: the stock layer computes its output again in the backward pass.
 */
final class LeanDepthwise extends DepthwiseConvolution2D {

    /** Copies a convolution; see {@link #suits}. */
    LeanDepthwise(DepthwiseConvolution2D convolution) {
        super(builder(convolution));
    }

    private static Builder builder(DepthwiseConvolution2D convolution) {
        Builder builder = new Builder(convolution.getKernelSize(), convolution.getStride(), convolution.getPadding());
        builder.depthMultiplier(convolution.getDepthMultiplier());
        return builder.dilation(convolution.getDilation())
                .convolutionMode(convolution.getConvolutionMode())
                .hasBias(convolution.hasBias())
                .activation(convolution.getActivationFn())
                .nIn(convolution.getNIn())
                .nOut(convolution.getNOut());
    }

    /** Returns whether a layer is one that this class can stand for. */
    static boolean suits(org.deeplearning4j.nn.conf.layers.Layer layer) {
        return layer.getClass() == DepthwiseConvolution2D.class
                && ((DepthwiseConvolution2D) layer).getActivationFn() instanceof ActivationIdentity;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialize,
            DataType type) {
        Trained layer = new Trained(conf, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(initializer().init(conf, parameters, initialize));
        layer.setConf(conf);
        return layer;
    }

    private static final class Trained extends DepthwiseConvolution2DLayer {

        private final Passed passed = new Passed();

        Trained(NeuralNetConfiguration conf, DataType type) {
            super(conf, type);
        }

        @Override
        public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
            return passed.during(epsilon, () -> super.backpropGradient(epsilon, workspaces));
        }

        @Override
        protected Pair<INDArray, INDArray> preOutput4d(
                boolean training, boolean backprop, LayerWorkspaceMgr workspaces) {
            return backprop ? passed.output() : super.preOutput4d(training, false, workspaces);
        }
    }
}
