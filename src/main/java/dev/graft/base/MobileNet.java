package dev.graft.base;

import dev.graft.base.NetworkBuilder.Padding;
import dev.graft.spec.BaseName;
import java.util.Optional;
import org.nd4j.linalg.activations.Activation;

/**
 * MobileNet without top: Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision
 * Applications" (2017), laid out as {@code keras.applications.MobileNet}. Blocks are the 13 pairs of a depthwise and a
 * 1x1 convolution.
 */
final class MobileNet implements Architecture {

    private static final double EPSILON = 1e-3;

    /** Output channels and stride of each pair: table 1 of the paper, the last stride as Keras has it. */
    private static final int[][] PAIRS = {
        {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {512, 1},
        {1024, 2}, {1024, 1}
    };

    private final double alpha;

    /**
     * Makes one width.
     *
     * @param alpha what all channel counts are multiplied with, rounded down; > 0
     */
    MobileNet(double alpha) {
        this.alpha = alpha;
    }

    @Override
    public Description description() {
        return new Description(
                new BaseName("mobilenet", alpha, Optional.empty()).toString(), 1, 32, width(1024), Preprocessing.TF);
    }

    @Override
    public Network network(int imageSize) {
        NetworkBuilder net = new NetworkBuilder();
        String x = net.conv("conv1", Network.INPUT, width(32), 3, 2, Padding.SAME, false);
        x = net.batchNorm("conv1_bn", x, EPSILON);
        x = net.activation("conv1_relu", x, Activation.RELU6);
        for (int i = 1; i <= PAIRS.length; i++) {
            x = pair(net, x, i, width(PAIRS[i - 1][0]), PAIRS[i - 1][1]);
        }
        return net.build(x);
    }

    private static String pair(NetworkBuilder net, String input, int number, int filters, int stride) {
        net.block("block_" + number, input);
        String x = input;
        if (stride > 1) {
            // At the bottom and the right at odd sizes too, where SAME would pad all sides.
            x = net.zeroPad("conv_pad_" + number, x, 0, 1, 0, 1);
        }
        x = net.depthwise("conv_dw_" + number, x, 3, stride, stride > 1 ? Padding.VALID : Padding.SAME);
        x = net.batchNorm("conv_dw_" + number + "_bn", x, EPSILON);
        x = net.activation("conv_dw_" + number + "_relu", x, Activation.RELU6);
        x = net.conv("conv_pw_" + number, x, filters, 1, 1, Padding.VALID, false);
        x = net.batchNorm("conv_pw_" + number + "_bn", x, EPSILON);
        return net.activation("conv_pw_" + number + "_relu", x, Activation.RELU6);
    }

    private int width(int channels) {
        return Math.max(1, (int) (channels * alpha));
    }
}
