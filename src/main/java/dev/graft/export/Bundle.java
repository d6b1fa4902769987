package dev.graft.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.base.Preprocessing;
import dev.graft.data.DecodedImage;
import dev.graft.data.ImageDecoder;
import dev.graft.data.Thumbnail;
import dev.graft.onnx.OnnxException;
import dev.graft.onnx.OnnxModel;
import dev.graft.spec.PlainText;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * An exported model, used with nothing but its own folder, whoever made it. Only {@code model.onnx} and {@code
 * preprocessing.json} are read: neither can run code, nor name other files to be read.
 */
public final class Bundle implements AutoCloseable {

    /** The ONNX model's file name. */
    public static final String MODEL = "model.onnx";

    static final String PREPROCESSING = "preprocessing.json";
    static final ObjectMapper JSON = new ObjectMapper();
    private static final int BATCH = 32;
    private static final long MAX_MODEL_BYTES = 2L << 30;
    private static final long MAX_SETTINGS_BYTES = 16L << 20;

    private final OnnxModel model;
    private final PreprocessingFile settings;
    private final Preprocessing preprocessing;

    private Bundle(OnnxModel model, PreprocessingFile settings) {
        this.model = model;
        this.settings = settings;
        this.preprocessing = settings.preprocessing();
    }

    /**
     * Opens a bundle.
     *
     * @param threads threads for ONNX Runtime
     * @throws ExportException when the folder is not a whole bundle; the user's fault
     */
    public static Bundle open(Path folder, int threads) {
        Path model = folder.resolve(MODEL);
        Path preprocessing = folder.resolve(PREPROCESSING);
        for (Path file : List.of(model, preprocessing)) {
            if (!Files.isRegularFile(file)) {
                throw new ExportException(folder + " is not a bundle: it has no " + file.getFileName());
            }
        }
        try {
            if (Files.size(model) > MAX_MODEL_BYTES) {
                throw new ExportException(model + " is larger than any model Graft writes");
            }
            if (Files.size(preprocessing) > MAX_SETTINGS_BYTES) {
                throw new ExportException(preprocessing + " is larger than any that Graft writes");
            }
            PreprocessingFile settings = JSON.readValue(Files.readAllBytes(preprocessing), PreprocessingFile.class);
            if (settings == null) {
                throw new ExportException(preprocessing + " must be a JSON object");
            }
            if (settings.format() != PreprocessingFile.FORMAT) {
                throw new ExportException(preprocessing + ": format must be " + PreprocessingFile.FORMAT + ", but was "
                        + settings.format());
            }
            OnnxModel loaded = OnnxModel.loadForeign(Files.readAllBytes(model), threads);
            int size = settings.imageSize();
            if (!Arrays.equals(loaded.inputShape(), new long[] {3, size, size})
                    || !loaded.outputs().contains(settings.output())) {
                loaded.close();
                throw new ExportException(model + " does not take the images that " + PREPROCESSING
                        + " describes, or has another output");
            }
            return new Bundle(loaded, settings);
        } catch (JsonProcessingException e) {
            throw new ExportException(preprocessing + " is not readable: " + oneLine(e.getOriginalMessage()), e);
        } catch (OutOfMemoryError e) {
            throw new ExportException(folder + " does not fit into memory", e);
        } catch (IOException | OnnxException e) {
            throw new ExportException(folder + " cannot be opened: " + oneLine(String.valueOf(e.getMessage())), e);
        }
    }

    private static String oneLine(String message) {
        // Libraries quote what they were given, however long.
        String plain = PlainText.of(message);
        return plain.length() > 500 ? plain.substring(0, 500) + "…" : plain;
    }

    private float[] run(FloatBuffer buffer, int count) {
        float[] values;
        try {
            values = model.run(buffer, count, List.of(settings.output())).get(0);
        } catch (OnnxException e) {
            throw new ExportException("the model fails: " + oneLine(String.valueOf(e.getMessage())), e);
        }
        if (values.length != count * labels().size()) {
            throw new ExportException(
                    "the model gives " + values.length / count + " probabilities for " + labels().size() + " labels");
        }
        return values;
    }

    /** Returns the class names, in the order of the probabilities. */
    public List<String> labels() {
        return settings.labels();
    }

    /**
     * Returns the probabilities of one image file.
     *
     * @throws dev.graft.data.DataException when it is no readable image
     * @throws ExportException when the model fails; the bundle's fault
     */
    public float[] predict(Path image) {
        return predictOne(pixels(image));
    }

    /**
     * What a bundle makes of an image.
     *
     * @param probabilities in the order of the labels
     * @param width the image's width in pixels, upright
     * @param height its height
     * @param seen what the network was given of it, before its numbers are scaled, as a JPEG file
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    public record Answer(float[] probabilities, int width, int height, byte[] seen) {}

    /**
     * Predicts an image that lies in memory.
     *
     * @throws dev.graft.data.DataException when it is no readable image
     * @throws ExportException when the model fails; the bundle's fault
     */
    public Answer predict(byte[] image) {
        DecodedImage decoded = ImageDecoder.open(image);
        int size = settings.imageSize();
        byte[] resized = decoded.resized(settings::frame, size);
        float[] pixels = DecodedImage.floats(resized);
        preprocessing.apply(pixels, 0, size * size);
        return new Answer(predictOne(pixels), decoded.width(), decoded.height(), Thumbnail.ofSquare(resized, size));
    }

    private float[] predictOne(float[] pixels) {
        FloatBuffer buffer = OnnxModel.buffer(pixels.length);
        buffer.put(pixels);
        return run(buffer, 1);
    }

    /**
     * Returns the probabilities of prepared images.
     *
     * @param pixels per image {@code [3, size, size]}, from {@link #pixels}
     * @return {@code [images][classes]}
     */
    float[][] predict(List<float[]> pixels) {
        float[][] probabilities = new float[pixels.size()][];
        for (int from = 0; from < pixels.size(); from += BATCH) {
            int count = Math.min(BATCH, pixels.size() - from);
            FloatBuffer buffer = OnnxModel.buffer(count * pixels.get(from).length);
            for (int i = 0; i < count; i++) {
                buffer.put(pixels.get(from + i));
            }
            float[] values = run(buffer, count);
            int classes = values.length / count;
            for (int i = 0; i < count; i++) {
                probabilities[from + i] = Arrays.copyOfRange(values, i * classes, (i + 1) * classes);
            }
        }
        return probabilities;
    }

    /** Returns an image file as the model wants it, {@code [3, size, size]}. */
    float[] pixels(Path image) {
        int size = settings.imageSize();
        float[] pixels = ImageDecoder.open(image).tensor(settings::frame, size);
        preprocessing.apply(pixels, 0, size * size);
        return pixels;
    }

    /** Returns made-up prepared pixels, for checks where there are no images. */
    float[] prepared(Random random) {
        int size = settings.imageSize();
        float[] pixels = new float[3 * size * size];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat() * 255;
        }
        preprocessing.apply(pixels, 0, size * size);
        return pixels;
    }

    @Override
    public void close() {
        model.close();
    }
}
