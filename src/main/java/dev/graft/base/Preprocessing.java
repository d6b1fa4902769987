package dev.graft.base;

import java.util.List;

/**
 * What a base does to RGB pixels before its first layer: {@code output[c] = (input[channel[c]] - mean[c]) * scale[c]},
 * with {@code channel} = 0, 1, 2 for RGB order and 2, 1, 0 for BGR.
 *
 * @param name Keras' word for it where there is one: {@code tf, caffe, torch, unit}
 * @param bgr whether channels are turned round
 * @param mean subtracted per output channel, in 0..255
 * @param scale multiplied per output channel
 */
public record Preprocessing(String name, boolean bgr, List<Double> mean, List<Double> scale) {

    /** {@code x / 127.5 - 1}, RGB: Keras' mode {@code tf}. */
    public static final Preprocessing TF = uniform("tf", false, 127.5, 1 / 127.5);

    /** BGR minus ImageNet's mean colour: Keras' mode {@code caffe}. */
    public static final Preprocessing CAFFE =
            new Preprocessing("caffe", true, List.of(103.939, 116.779, 123.68), List.of(1.0, 1.0, 1.0));

    /** {@code (x / 255 - mean) / deviation}, RGB, with ImageNet's: torchvision's. */
    public static final Preprocessing TORCH = new Preprocessing(
            "torch",
            false,
            List.of(0.485 * 255, 0.456 * 255, 0.406 * 255),
            List.of(1 / (0.229 * 255), 1 / (0.224 * 255), 1 / (0.225 * 255)));

    /** {@code x / 255}, RGB: for networks that hold their own mean and deviation. */
    public static final Preprocessing UNIT = uniform("unit", false, 0, 1 / 255.0);

    /** Copies the lists. */
    public Preprocessing {
        mean = List.copyOf(mean);
        scale = List.copyOf(scale);
    }

    private static Preprocessing uniform(String name, boolean bgr, double mean, double scale) {
        return new Preprocessing(name, bgr, List.of(mean, mean, mean), List.of(scale, scale, scale));
    }

    /**
     * Prepares one image in place.
     *
     * @param pixels {@code [3, height, width]} from {@code offset}: red, green and blue planes, 0..255
     * @param offset the index of the first red value
     * @param plane {@code height * width}
     */
    public void apply(float[] pixels, int offset, int plane) {
        if (bgr) {
            for (int i = offset; i < offset + plane; i++) {
                float red = pixels[i];
                pixels[i] = pixels[i + 2 * plane];
                pixels[i + 2 * plane] = red;
            }
        }
        for (int channel = 0; channel < 3; channel++) {
            double subtract = mean.get(channel);
            double multiply = scale.get(channel);
            int start = offset + channel * plane;
            for (int i = start; i < start + plane; i++) {
                pixels[i] = (float) ((pixels[i] - subtract) * multiply);
            }
        }
    }
}
