package dev.graft.base;

import dev.graft.base.NetworkBuilder.Padding;
import org.nd4j.linalg.activations.Activation;

/**
 * Xception without top: Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions" (2016), laid out as
 * {@code keras.applications.Xception}; the shortcuts, which Keras leaves unnamed, are {@code block<N>_res_conv}. Blocks
 * are its fourteen.
 */
final class Xception implements Architecture {

    private static final double EPSILON = 1e-3;

    @Override
    public Description description() {
        return new Description("xception", 1, 71, 2048, Preprocessing.TF);
    }

    @Override
    public Network network(int imageSize) {
        NetworkBuilder net = new NetworkBuilder();
        String x = net.pixels();
        net.block("block1", x);
        x = net.conv("block1_conv1", x, 32, 3, 2, Padding.VALID, false);
        x = net.batchNorm("block1_conv1_bn", x, EPSILON);
        x = net.activation("block1_conv1_act", x, Activation.RELU);
        x = net.conv("block1_conv2", x, 64, 3, 1, Padding.VALID, false);
        x = net.batchNorm("block1_conv2_bn", x, EPSILON);
        x = net.activation("block1_conv2_act", x, Activation.RELU);
        // Its convolutions follow a ReLU already.
        x = halving(net, x, 2, 128, 128, false);
        x = halving(net, x, 3, 256, 256, true);
        x = halving(net, x, 4, 728, 728, true);
        for (int block = 5; block <= 12; block++) {
            x = residual(net, x, block);
        }
        x = halving(net, x, 13, 728, 1024, true);
        net.block("block14", x);
        x = net.separable("block14_sepconv1", x, 1536);
        x = net.batchNorm("block14_sepconv1_bn", x, EPSILON);
        x = net.activation("block14_sepconv1_act", x, Activation.RELU);
        x = net.separable("block14_sepconv2", x, 2048);
        x = net.batchNorm("block14_sepconv2_bn", x, EPSILON);
        return net.build(net.activation("block14_sepconv2_act", x, Activation.RELU));
    }

    /** Two separable convolutions and a pool beside a 1x1 shortcut; both halve the side. */
    private static String halving(NetworkBuilder net, String input, int block, int inner, int out, boolean reluFirst) {
        String name = "block" + block;
        net.block(name, input);
        String x = reluFirst ? net.activationOfShared(name + "_sepconv1_act", input, Activation.RELU) : input;
        x = net.separable(name + "_sepconv1", x, inner);
        x = net.batchNorm(name + "_sepconv1_bn", x, EPSILON);
        x = net.activation(name + "_sepconv2_act", x, Activation.RELU);
        x = net.separable(name + "_sepconv2", x, out);
        x = net.batchNorm(name + "_sepconv2_bn", x, EPSILON);
        x = net.maxPool(name + "_pool", x, 3, 2, Padding.SAME);
        String shortcut = net.conv(name + "_res_conv", input, out, 1, 2, Padding.SAME, false);
        shortcut = net.batchNorm(name + "_res_bn", shortcut, EPSILON);
        return net.sum(name + "_add", x, shortcut);
    }

    private static String residual(NetworkBuilder net, String input, int block) {
        String name = "block" + block;
        net.block(name, input);
        String x = input;
        for (int i = 1; i <= 3; i++) {
            String activation = name + "_sepconv" + i + "_act";
            x = i == 1
                    ? net.activationOfShared(activation, x, Activation.RELU)
                    : net.activation(activation, x, Activation.RELU);
            x = net.separable(name + "_sepconv" + i, x, 728);
            x = net.batchNorm(name + "_sepconv" + i + "_bn", x, EPSILON);
        }
        return net.sum(name + "_add", x, input);
    }
}
