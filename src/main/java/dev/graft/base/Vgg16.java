package dev.graft.base;

import dev.graft.base.NetworkBuilder.Padding;
import org.nd4j.linalg.activations.Activation;

/**
 * VGG16 without top: Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition"
 * (2014), configuration D, laid out as {@code keras.applications.VGG16}. Blocks are its five.
 */
final class Vgg16 implements Architecture {

    /** Convolutions and channels of each block: table 1 of the paper. */
    private static final int[][] BLOCKS = {{2, 64}, {2, 128}, {3, 256}, {3, 512}, {3, 512}};

    @Override
    public Description description() {
        return new Description("vgg16", 1, 32, 512, Preprocessing.CAFFE);
    }

    @Override
    public Network network(int imageSize) {
        NetworkBuilder net = new NetworkBuilder();
        String x = net.pixels();
        for (int i = 0; i < BLOCKS.length; i++) {
            String name = "block" + (i + 1);
            net.block(name, x);
            for (int j = 1; j <= BLOCKS[i][0]; j++) {
                x = net.conv(name + "_conv" + j, x, BLOCKS[i][1], 3, 1, Padding.SAME, true);
                x = net.activation(name + "_conv" + j + "_relu", x, Activation.RELU);
            }
            x = net.maxPool(name + "_pool", x, 2, 2, Padding.VALID);
        }
        return net.build(x);
    }
}
