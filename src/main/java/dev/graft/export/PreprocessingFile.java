package dev.graft.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.graft.base.Preprocessing;
import dev.graft.data.Frame;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code preprocessing.json}: everything another program needs to feed the model. For each channel {@code c} of the
 * input {@code [batch, 3, image_size, image_size]}: {@code (pixel[channels[c]] - mean[c]) * scale[c]}, with pixels in
 * 0..255.
 *
 * @param format 1
 * @param imageSize the side in pixels
 * @param resize how an image comes to that size, in words
 * @param centerCrop the fraction of the shorter side that is kept as a central square before resizing; absent where the
 *     whole image is squeezed into the square
 * @param decode what happens before: orientation, colours
 * @param channels the order of channels: {@code rgb} or {@code bgr}
 * @param mean subtracted per channel, in that order
 * @param scale multiplied per channel, in that order
 * @param layout {@code nchw}
 * @param input the name of the ONNX model's input
 * @param output the name of its output: probabilities {@code [batch, classes]}
 * @param labels the class names, in the order of the output
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record PreprocessingFile(
        int format,
        int imageSize,
        String resize,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double centerCrop,
        String decode,
        String channels,
        List<Double> mean,
        List<Double> scale,
        String layout,
        String input,
        String output,
        List<String> labels) {

    static final int FORMAT = 1;

    /** The largest side that a model takes; sweeps know no larger one either. */
    private static final int MAX_SIDE = 2048;

    /** Checks what would make images impossible to prepare, and copies the lists. */
    public PreprocessingFile {
        requireThat(
                Stream.of(mean, scale, labels, channels, output).noneMatch(Objects::isNull),
                "mean, scale, labels, channels and output must be there");
        mean = List.copyOf(mean);
        scale = List.copyOf(scale);
        labels = List.copyOf(labels);
        if (format == FORMAT) {
            requireThat(imageSize >= 1 && imageSize <= MAX_SIDE, "image_size must be in 1 to " + MAX_SIDE);
            requireThat(channels.equals("rgb") || channels.equals("bgr"), "channels must be rgb or bgr");
            requireThat(mean.size() == 3 && scale.size() == 3, "mean and scale must have three numbers");
            requireThat(!output.isEmpty() && !labels.isEmpty(), "output and labels must not be empty");
        }
        if (centerCrop != null && !(centerCrop > 0 && centerCrop <= 1)) {
            throw new IllegalArgumentException("center_crop must be > 0 and <= 1, but was " + centerCrop);
        }
    }

    private static void requireThat(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    static PreprocessingFile of(
            Preprocessing preprocessing,
            int imageSize,
            OptionalDouble centerCrop,
            String input,
            String output,
            List<String> labels) {
        return new PreprocessingFile(
                FORMAT,
                imageSize,
                (centerCrop.isPresent()
                                ? "scale the shorter side to image_size / center_crop, cut out the central image_size x"
                                        + " image_size"
                                : "stretch to image_size x image_size (aspect ratio not kept)")
                        + ", triangle filter widened when shrinking: what Pillow calls BILINEAR",
                centerCrop.isPresent() ? centerCrop.getAsDouble() : null,
                "EXIF orientation applied, grey and CMYK to RGB, transparency on white",
                preprocessing.bgr() ? "bgr" : "rgb",
                preprocessing.mean(),
                preprocessing.scale(),
                "nchw",
                input,
                output,
                labels);
    }

    /** Returns the part of an image of that size that the model sees. */
    Frame frame(int width, int height) {
        return Frame.of(width, height, centerCrop == null ? OptionalDouble.empty() : OptionalDouble.of(centerCrop));
    }

    Preprocessing preprocessing() {
        return new Preprocessing("bundle", channels.equals("bgr"), mean, scale);
    }
}
