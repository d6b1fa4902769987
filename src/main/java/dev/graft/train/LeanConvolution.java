package dev.graft.train;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution without activation that trains faster than Deeplearning4j's, with the same weights, outputs and
 * gradients: the stock layer computes its output again in the backward pass, and always a gradient of its input, even
 * where the input is a frozen map that nothing learns from.
 */
final class LeanConvolution extends ConvolutionLayer {

    private final boolean frozenInput;

    /**
     * Copies a convolution.
     *
     * @param convolution for maps {@code [batch, channels, height, width]}; see {@link #suits}
     * @param frozenInput whether nobody needs the gradient of its input, which is then 0 where it is not for free
     */
    LeanConvolution(ConvolutionLayer convolution, boolean frozenInput) {
        super(new Builder(convolution.getKernelSize(), convolution.getStride(), convolution.getPadding())
                .dilation(convolution.getDilation())
                .convolutionMode(convolution.getConvolutionMode())
                .hasBias(convolution.hasBias())
                .activation(convolution.getActivationFn())
                .nIn(convolution.getNIn())
                .nOut(convolution.getNOut()));
        this.frozenInput = frozenInput;
    }

    /** Returns whether a layer is one that this class can stand for. */
    static boolean suits(org.deeplearning4j.nn.conf.layers.Layer layer) {
        return layer.getClass() == ConvolutionLayer.class
                && ((ConvolutionLayer) layer).getActivationFn() instanceof ActivationIdentity;
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

    private static final class Trained extends org.deeplearning4j.nn.layers.convolution.ConvolutionLayer {

        private final Passed passed = new Passed();

        Trained(NeuralNetConfiguration conf, DataType type) {
            super(conf, type);
        }

        @Override
        public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
            LeanConvolution settings = (LeanConvolution) layerConf();
            if (settings.frozenInput && Patches.suit(settings, input, epsilon)) {
                INDArray kernel = Objects.requireNonNull(
                        gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY), "a convolution has a kernel");
                INDArray bias = gradientViews.get(ConvolutionParamInitializer.BIAS_KEY);
                Patches.gradient(settings, input, epsilon, kernel, bias);
                Gradient gradient = new DefaultGradient();
                if (bias != null) {
                    gradient.setGradientFor(ConvolutionParamInitializer.BIAS_KEY, bias);
                }
                gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, kernel, 'c');
                // The graph adds up what comes from all readers of its input, so there must be something.
                INDArray nothing = workspaces.create(ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
                return new Pair<>(gradient, nothing);
            }
            return passed.during(epsilon, () -> super.backpropGradient(epsilon, workspaces));
        }

        @Override
        protected Pair<INDArray, INDArray> preOutput4d(
                boolean training, boolean backprop, LayerWorkspaceMgr workspaces) {
            return backprop ? passed.output() : super.preOutput4d(training, false, workspaces);
        }
    }
}
