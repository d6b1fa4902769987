package dev.graft.base;

import dev.graft.base.NetworkBuilder.Padding;
import org.nd4j.linalg.activations.Activation;

/**
 * EfficientNet-B0 without top: Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks"
 * (2019), laid out as {@code keras.applications.EfficientNetB0}. The network holds its own mean and variance of pixels;
 * only Keras' first step, the division by 255, is {@link Preprocessing#UNIT}. Dropping whole blocks at random, which
 * Keras does in training, is left out. Blocks are the 16 inverted residuals; the last one carries the final 1x1
 * convolution with it.
 */
final class EfficientNetB0 implements Architecture {

    private static final double EPSILON = 1e-3;

    /** Keras' last scale, one over the square root of ImageNet's deviations, which makes up for its file's variances. */
    private static final float[] SCALE = {
        (float) (1 / Math.sqrt(0.229)), (float) (1 / Math.sqrt(0.224)), (float) (1 / Math.sqrt(0.225))
    };

    /** Expansion, output channels, repeats, first stride and kernel of each stage: table 1 of the paper. */
    private static final int[][] STAGES = {
        {1, 16, 1, 1, 3},
        {6, 24, 2, 2, 3},
        {6, 40, 2, 2, 5},
        {6, 80, 3, 2, 3},
        {6, 112, 3, 1, 5},
        {6, 192, 4, 2, 5},
        {6, 320, 1, 1, 3}
    };

    @Override
    public Description description() {
        return new Description("efficientnet_b0", 1, 32, 1280, Preprocessing.UNIT);
    }

    @Override
    public Network network(int imageSize) {
        NetworkBuilder net = new NetworkBuilder();
        String x = net.pixelNormalization("normalization", Network.INPUT, SCALE);
        x = net.conv("stem_conv", x, 32, 3, 2, Padding.SAME, false);
        x = net.batchNorm("stem_bn", x, EPSILON);
        x = net.activation("stem_activation", x, Activation.SWISH);
        int channels = 32;
        int side = halved(imageSize);
        for (int stage = 0; stage < STAGES.length; stage++) {
            int[] s = STAGES[stage];
            for (int i = 0; i < s[2]; i++) {
                String name = "block" + (stage + 1) + (char) ('a' + i);
                int stride = i == 0 ? s[3] : 1;
                side = stride == 2 ? halved(side) : side;
                x = invertedResidual(net, x, name, new Widths(channels, s[0] * channels, s[1]), stride, s[4], side);
                channels = s[1];
            }
        }
        x = net.conv("top_conv", x, featureWidth(), 1, 1, Padding.VALID, false);
        x = net.batchNorm("top_bn", x, EPSILON);
        return net.build(net.activation("top_activation", x, Activation.SWISH));
    }

    private static int halved(int side) {
        return (side + 1) / 2;
    }

    /** Channels that enter a block, that it expands to, and that leave it. */
    private record Widths(int in, int hidden, int out) {}

    /** Expand, filter depthwise, weigh channels by what they hold, project; with a shortcut where shapes allow. */
    private static String invertedResidual(
            NetworkBuilder net, String input, String name, Widths widths, int stride, int kernel, int side) {
        net.block(name, input);
        String x = input;
        if (widths.hidden() > widths.in()) {
            x = net.conv(name + "_expand_conv", x, widths.hidden(), 1, 1, Padding.VALID, false);
            x = net.batchNorm(name + "_expand_bn", x, EPSILON);
            x = net.activation(name + "_expand_activation", x, Activation.SWISH);
        }
        // Keras pads by hand and filters VALID where the stride is 2: the same as SAME at every known size.
        x = net.depthwise(name + "_dwconv", x, kernel, stride, Padding.SAME);
        x = net.batchNorm(name + "_bn", x, EPSILON);
        x = net.activation(name + "_activation", x, Activation.SWISH);
        x = squeezeAndExcite(net, x, name, widths, side);
        x = net.conv(name + "_project_conv", x, widths.out(), 1, 1, Padding.VALID, false);
        x = net.batchNorm(name + "_project_bn", x, EPSILON);
        return widths.in() == widths.out() && stride == 1 ? net.sum(name + "_add", x, input) : x;
    }

    /** Hu et al., "Squeeze-and-Excitation Networks" (2017). */
    private static String squeezeAndExcite(NetworkBuilder net, String input, String name, Widths widths, int side) {
        String x = net.globalAvgPool(name + "_se_squeeze", input);
        x = net.conv(name + "_se_reduce", x, widths.in() / 4, 1, 1, Padding.VALID, true);
        x = net.activation(name + "_se_reduce_activation", x, Activation.SWISH);
        x = net.conv(name + "_se_expand", x, widths.hidden(), 1, 1, Padding.VALID, true);
        x = net.activation(name + "_se_expand_activation", x, Activation.SIGMOID);
        return net.scaleChannels(name + "_se_excite", input, x, side);
    }
}
