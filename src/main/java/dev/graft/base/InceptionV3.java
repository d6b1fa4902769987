package dev.graft.base;

import dev.graft.base.NetworkBuilder.Padding;
import org.nd4j.linalg.activations.Activation;

/**
 * Inception v3 without top: Szegedy et al., "Rethinking the Inception Architecture for Computer Vision" (2015), laid out
 * as {@code keras.applications.InceptionV3}. Convolutions are numbered from 1 as Keras makes them. Blocks are the eleven
 * {@code mixed}.
 */
final class InceptionV3 implements Architecture {

    private static final double EPSILON = 1e-3;

    @Override
    public Description description() {
        return new Description("inception_v3", 1, 75, 2048, Preprocessing.TF);
    }

    @Override
    public Network network(int imageSize) {
        return new Layout().build();
    }

    /** The network in the making; counts convolutions and pools. */
    private static final class Layout {

        private final NetworkBuilder net = new NetworkBuilder();
        private int convolutions;
        private int averagePools;

        Network build() {
            String x = conv(Network.INPUT, 32, 3, 3, 2, Padding.VALID);
            x = conv(x, 32, 3, 3, 1, Padding.VALID);
            x = conv(x, 64, 3, 3);
            x = net.maxPool("max_pooling2d_1", x, 3, 2, Padding.VALID);
            x = conv(x, 80, 1, 1, 1, Padding.VALID);
            x = conv(x, 192, 3, 3, 1, Padding.VALID);
            x = net.maxPool("max_pooling2d_2", x, 3, 2, Padding.VALID);
            x = fives(x, "mixed0", 32);
            x = fives(x, "mixed1", 64);
            x = fives(x, "mixed2", 64);
            x = firstReduction(x);
            x = sevens(x, "mixed4", 128);
            x = sevens(x, "mixed5", 160);
            x = sevens(x, "mixed6", 160);
            x = sevens(x, "mixed7", 192);
            x = secondReduction(x);
            x = fans(x, "mixed9");
            return net.build(fans(x, "mixed10"));
        }

        /** 1x1, 5x5, two 3x3, and a pool: figure 5 of the paper, with one 5x5 kept. */
        private String fives(String input, String name, int pooled) {
            net.block(name, input);
            String ones = conv(input, 64, 1, 1);
            String five = conv(input, 48, 1, 1);
            five = conv(five, 64, 5, 5);
            String three = conv(input, 64, 1, 1);
            three = conv(three, 96, 3, 3);
            three = conv(three, 96, 3, 3);
            return net.concat(name, ones, five, three, pooled(input, pooled));
        }

        /** Halves the side to 768 channels. */
        private String firstReduction(String input) {
            net.block("mixed3", input);
            String three = conv(input, 384, 3, 3, 2, Padding.VALID);
            String two = conv(input, 64, 1, 1);
            two = conv(two, 96, 3, 3);
            two = conv(two, 96, 3, 3, 2, Padding.VALID);
            String pool = net.maxPool("max_pooling2d_3", input, 3, 2, Padding.VALID);
            return net.concat("mixed3", three, two, pool);
        }

        /** 7x7 convolutions as 1x7 and 7x1: figure 6 of the paper. */
        private String sevens(String input, String name, int inner) {
            net.block(name, input);
            String ones = conv(input, 192, 1, 1);
            String once = conv(input, inner, 1, 1);
            once = conv(once, inner, 1, 7);
            once = conv(once, 192, 7, 1);
            String twice = conv(input, inner, 1, 1);
            twice = conv(twice, inner, 7, 1);
            twice = conv(twice, inner, 1, 7);
            twice = conv(twice, inner, 7, 1);
            twice = conv(twice, 192, 1, 7);
            return net.concat(name, ones, once, twice, pooled(input, 192));
        }

        /** Halves the side to 1280 channels. */
        private String secondReduction(String input) {
            net.block("mixed8", input);
            String three = conv(input, 192, 1, 1);
            three = conv(three, 320, 3, 3, 2, Padding.VALID);
            String seven = conv(input, 192, 1, 1);
            seven = conv(seven, 192, 1, 7);
            seven = conv(seven, 192, 7, 1);
            seven = conv(seven, 192, 3, 3, 2, Padding.VALID);
            String pool = net.maxPool("max_pooling2d_4", input, 3, 2, Padding.VALID);
            return net.concat("mixed8", three, seven, pool);
        }

        /** 3x3 convolutions fanned out to 1x3 and 3x1: figure 7 of the paper. */
        private String fans(String input, String name) {
            net.block(name, input);
            String ones = conv(input, 320, 1, 1);
            String three = conv(input, 384, 1, 1);
            String wide = conv(three, 384, 1, 3);
            String high = conv(three, 384, 3, 1);
            three = net.concat(name + "_1", wide, high);
            String twice = conv(input, 448, 1, 1);
            twice = conv(twice, 384, 3, 3);
            wide = conv(twice, 384, 1, 3);
            high = conv(twice, 384, 3, 1);
            twice = net.concat(name + "_2", wide, high);
            return net.concat(name, ones, three, twice, pooled(input, 192));
        }

        private String pooled(String input, int filters) {
            return conv(net.avgPool("average_pooling2d_" + ++averagePools, input, 3, 1, Padding.SAME), filters, 1, 1);
        }

        private String conv(String input, int filters, int height, int width) {
            return conv(input, filters, height, width, 1, Padding.SAME);
        }

        private String conv(String input, int filters, int height, int width, int stride, Padding padding) {
            int number = ++convolutions;
            String x = net.conv("conv2d_" + number, input, filters, height, width, stride, padding);
            x = net.batchNormWithoutGamma("batch_normalization_" + number, x, EPSILON);
            return net.activation("activation_" + number, x, Activation.RELU);
        }
    }
}
