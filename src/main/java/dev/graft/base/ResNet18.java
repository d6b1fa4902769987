package dev.graft.base;

import org.nd4j.linalg.activations.Activation;

/**
 * ResNet-18 without its last layer: He et al., "Deep Residual Learning for Image Recognition" (2015), laid out and named
 * as {@code torchvision.models.resnet18}, which pads alike on all sides. Blocks are the eight basic blocks.
 */
final class ResNet18 implements Architecture {

    private static final double EPSILON = 1e-5;
    private static final int[] WIDTHS = {64, 128, 256, 512};

    @Override
    public Description description() {
        return new Description("resnet18", 1, 32, 512, Preprocessing.TORCH);
    }

    @Override
    public Network network(int imageSize) {
        NetworkBuilder net = new NetworkBuilder();
        String x = net.convPadded("conv1", Network.INPUT, 64, 7, 2, 3);
        x = net.batchNorm("bn1", x, EPSILON);
        x = net.activation("relu", x, Activation.RELU);
        // PyTorch pads with minus infinity: the same behind a ReLU.
        x = net.zeroPad("maxpool_pad", x, 1, 1, 1, 1);
        x = net.maxPool("maxpool", x, 3, 2, NetworkBuilder.Padding.VALID);
        for (int stage = 0; stage < WIDTHS.length; stage++) {
            for (int i = 0; i < 2; i++) {
                int stride = i == 0 && stage > 0 ? 2 : 1;
                x = basic(net, x, "layer" + (stage + 1) + "." + i, WIDTHS[stage], stride);
            }
        }
        return net.build(x);
    }

    private static String basic(NetworkBuilder net, String input, String name, int width, int stride) {
        net.block(name, input);
        String x = net.convPadded(name + ".conv1", input, width, 3, stride, 1);
        x = net.batchNorm(name + ".bn1", x, EPSILON);
        x = net.activation(name + ".relu1", x, Activation.RELU);
        x = net.convPadded(name + ".conv2", x, width, 3, 1, 1);
        x = net.batchNorm(name + ".bn2", x, EPSILON);
        String shortcut = input;
        if (stride > 1) {
            shortcut = net.convPadded(name + ".downsample.0", input, width, 1, stride, 0);
            shortcut = net.batchNorm(name + ".downsample.1", shortcut, EPSILON);
        }
        x = net.sum(name + ".add", shortcut, x);
        return net.activation(name, x, Activation.RELU);
    }
}
