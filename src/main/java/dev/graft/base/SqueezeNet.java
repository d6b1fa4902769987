package dev.graft.base;

import dev.graft.base.NetworkBuilder.Padding;
import org.nd4j.linalg.activations.Activation;

/**
 * SqueezeNet 1.1 without top: Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters" (2016), in
 * the 1.1 revision, laid out as in the keras-squeezenet package. Blocks are the eight fire modules.
 */
final class SqueezeNet implements Architecture {

    @Override
    public Description description() {
        return new Description("squeezenet", 1, 48, 512, Preprocessing.CAFFE);
    }

    @Override
    public Network network(int imageSize) {
        NetworkBuilder net = new NetworkBuilder();
        String x = net.conv("conv1", Network.INPUT, 64, 3, 2, Padding.VALID, true);
        x = net.activation("relu_conv1", x, Activation.RELU);
        x = net.maxPool("pool1", x, 3, 2, Padding.VALID);
        x = fire(net, x, 2, 16, 64);
        x = fire(net, x, 3, 16, 64);
        x = net.maxPool("pool3", x, 3, 2, Padding.VALID);
        x = fire(net, x, 4, 32, 128);
        x = fire(net, x, 5, 32, 128);
        x = net.maxPool("pool5", x, 3, 2, Padding.VALID);
        x = fire(net, x, 6, 48, 192);
        x = fire(net, x, 7, 48, 192);
        x = fire(net, x, 8, 64, 256);
        return net.build(fire(net, x, 9, 64, 256));
    }

    /** Squeeze by 1x1, expand by 1x1 and 3x3 side by side. */
    private static String fire(NetworkBuilder net, String input, int number, int squeeze, int expand) {
        String name = "fire" + number + "/";
        net.block("fire" + number, input);
        String x = net.conv(name + "squeeze1x1", input, squeeze, 1, 1, Padding.VALID, true);
        x = net.activation(name + "relu_squeeze1x1", x, Activation.RELU);
        String left = net.conv(name + "expand1x1", x, expand, 1, 1, Padding.VALID, true);
        left = net.activation(name + "relu_expand1x1", left, Activation.RELU);
        String right = net.conv(name + "expand3x3", x, expand, 3, 1, Padding.SAME, true);
        right = net.activation(name + "relu_expand3x3", right, Activation.RELU);
        return net.concat(name + "concat", left, right);
    }
}
