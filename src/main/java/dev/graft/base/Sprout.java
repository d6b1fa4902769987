package dev.graft.base;

import dev.graft.base.NetworkBuilder.Padding;
import org.nd4j.linalg.activations.Activation;

/**
 * Sprout: the small base that ships with Graft, pretrained by Graft on a drawn task of its own, so that a sweep runs
 * without a download. A stem and three residual blocks (He et al., "Deep Residual Learning for Image Recognition",
 * 2015, basic block), each halving the side. It is for trying things, not for results.
 */
final class Sprout implements Architecture {

    private static final double EPSILON = 1e-3;
    private static final int[] WIDTHS = {48, 96, 128};

    @Override
    public Description description() {
        return new Description("sprout", 1, 32, WIDTHS[WIDTHS.length - 1], Preprocessing.TF);
    }

    @Override
    public Network network(int imageSize) {
        NetworkBuilder net = new NetworkBuilder();
        String x = net.conv("stem_conv", Network.INPUT, 24, 3, 2, Padding.SAME, false);
        x = net.batchNorm("stem_bn", x, EPSILON);
        x = net.activation("stem_relu", x, Activation.RELU);
        for (int i = 0; i < WIDTHS.length; i++) {
            x = residual(net, x, "block" + (i + 1), WIDTHS[i]);
        }
        return net.build(x);
    }

    private static String residual(NetworkBuilder net, String input, String name, int width) {
        net.block(name, input);
        String shortcut = net.conv(name + "_shortcut_conv", input, width, 1, 2, Padding.SAME, false);
        shortcut = net.batchNorm(name + "_shortcut_bn", shortcut, EPSILON);
        String x = net.conv(name + "_1_conv", input, width, 3, 2, Padding.SAME, false);
        x = net.batchNorm(name + "_1_bn", x, EPSILON);
        x = net.activation(name + "_1_relu", x, Activation.RELU);
        x = net.conv(name + "_2_conv", x, width, 3, 1, Padding.SAME, false);
        x = net.batchNorm(name + "_2_bn", x, EPSILON);
        x = net.sum(name + "_add", shortcut, x);
        return net.activation(name + "_out", x, Activation.RELU);
    }
}
