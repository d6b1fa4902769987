package dev.graft.base;

import dev.graft.base.NetworkBuilder.Padding;
import dev.graft.spec.BaseName;
import java.util.Optional;
import org.nd4j.linalg.activations.Activation;

/**
 * MobileNetV2 without top: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018),
 * laid out as {@code keras.applications.MobileNetV2}. Blocks are the 17 inverted residuals; the last one carries the
 * final 1x1 convolution with it.
 */
final class MobileNetV2 implements Architecture {

    private static final double EPSILON = 1e-3;

    /** Expansion, output channels, repeats and first stride of each stage: table 2 of the paper. */
    private static final int[][] STAGES = {
        {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}
    };

    private final double alpha;

    /**
     * Makes one width.
     *
     * @param alpha what channel counts are multiplied with, rounded to multiples of 8; > 0. The last 1x1 convolution
     *     grows with it, but never shrinks.
     */
    MobileNetV2(double alpha) {
        this.alpha = alpha;
    }

    @Override
    public Description description() {
        return new Description(
                new BaseName("mobilenet_v2", alpha, Optional.empty()).toString(),
                1,
                32,
                alpha > 1 ? width(1280) : 1280,
                Preprocessing.TF);
    }

    @Override
    public Network network(int imageSize) {
        NetworkBuilder net = new NetworkBuilder();
        int channels = width(32);
        String x = net.conv("Conv1", Network.INPUT, channels, 3, 2, Padding.SAME, false);
        x = net.batchNorm("bn_Conv1", x, EPSILON);
        x = net.activation("Conv1_relu", x, Activation.RELU6);
        int index = 0;
        for (int[] stage : STAGES) {
            int out = width(stage[1]);
            for (int repeat = 0; repeat < stage[2]; repeat++) {
                int stride = repeat == 0 ? stage[3] : 1;
                x = invertedResidual(net, x, index++, stage[0] * channels, channels, out, stride);
                channels = out;
            }
        }
        x = net.conv("Conv_1", x, featureWidth(), 1, 1, Padding.VALID, false);
        x = net.batchNorm("Conv_1_bn", x, EPSILON);
        return net.build(net.activation("out_relu", x, Activation.RELU6));
    }

    /** Expand, filter depthwise, project; with a shortcut where shapes allow. The first block does not expand. */
    private static String invertedResidual(
            NetworkBuilder net, String input, int index, int hidden, int in, int out, int stride) {
        String name = index == 0 ? "expanded_conv" : "block_" + index;
        net.block(name, input);
        String x = input;
        if (index > 0) {
            x = net.conv(name + "_expand", x, hidden, 1, 1, Padding.VALID, false);
            x = net.batchNorm(name + "_expand_BN", x, EPSILON);
            x = net.activation(name + "_expand_relu", x, Activation.RELU6);
        }
        // Keras pads by hand and filters VALID where the stride is 2: the same as SAME at every known size.
        x = net.depthwise(name + "_depthwise", x, 3, stride, Padding.SAME);
        x = net.batchNorm(name + "_depthwise_BN", x, EPSILON);
        x = net.activation(name + "_depthwise_relu", x, Activation.RELU6);
        x = net.conv(name + "_project", x, out, 1, 1, Padding.VALID, false);
        x = net.batchNorm(name + "_project_BN", x, EPSILON);
        return in == out && stride == 1 ? net.sum(name + "_add", input, x) : x;
    }

    /** Rounds to the nearest multiple of 8, at least 8, and up where that would lose more than a tenth. */
    private int width(int channels) {
        double wanted = channels * alpha;
        int rounded = Math.max(8, (int) (wanted + 4) / 8 * 8);
        return rounded < 0.9 * wanted ? rounded + 8 : rounded;
    }
}
