package dev.graft.base;

import dev.graft.base.NetworkBuilder.Padding;
import org.nd4j.linalg.activations.Activation;

/**
 * ResNet-50, first version, without top: He et al., "Deep Residual Learning for Image Recognition" (2015), laid out as
 * {@code keras.applications.ResNet50}, which strides in the first 1x1 convolution of a stage. Blocks are the 16
 * bottlenecks.
 */
final class ResNet50 implements Architecture {

    private static final double EPSILON = 1.001e-5;

    /** Bottlenecks and inner channels of each stage: table 1 of the paper. */
    private static final int[][] STAGES = {{3, 64}, {4, 128}, {6, 256}, {3, 512}};

    @Override
    public Description description() {
        return new Description("resnet50", 1, 32, 2048, Preprocessing.CAFFE);
    }

    @Override
    public Network network(int imageSize) {
        NetworkBuilder net = new NetworkBuilder();
        String x = net.zeroPad("conv1_pad", Network.INPUT, 3, 3, 3, 3);
        x = net.conv("conv1_conv", x, 64, 7, 2, Padding.VALID, true);
        x = net.batchNorm("conv1_bn", x, EPSILON);
        x = net.activation("conv1_relu", x, Activation.RELU);
        x = net.zeroPad("pool1_pad", x, 1, 1, 1, 1);
        x = net.maxPool("pool1_pool", x, 3, 2, Padding.VALID);
        for (int stage = 0; stage < STAGES.length; stage++) {
            for (int i = 1; i <= STAGES[stage][0]; i++) {
                int stride = i == 1 && stage > 0 ? 2 : 1;
                x = bottleneck(net, x, "conv" + (stage + 2) + "_block" + i, STAGES[stage][1], stride, i == 1);
            }
        }
        return net.build(x);
    }

    private static String bottleneck(
            NetworkBuilder net, String input, String name, int inner, int stride, boolean projected) {
        net.block(name, input);
        String shortcut = input;
        if (projected) {
            shortcut = net.conv(name + "_0_conv", input, 4 * inner, 1, stride, Padding.VALID, true);
            shortcut = net.batchNorm(name + "_0_bn", shortcut, EPSILON);
        }
        String x = net.conv(name + "_1_conv", input, inner, 1, stride, Padding.VALID, true);
        x = net.batchNorm(name + "_1_bn", x, EPSILON);
        x = net.activation(name + "_1_relu", x, Activation.RELU);
        x = net.conv(name + "_2_conv", x, inner, 3, 1, Padding.SAME, true);
        x = net.batchNorm(name + "_2_bn", x, EPSILON);
        x = net.activation(name + "_2_relu", x, Activation.RELU);
        x = net.conv(name + "_3_conv", x, 4 * inner, 1, 1, Padding.VALID, true);
        x = net.batchNorm(name + "_3_bn", x, EPSILON);
        x = net.sum(name + "_add", shortcut, x);
        return net.activation(name + "_out", x, Activation.RELU);
    }
}
