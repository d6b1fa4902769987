package dev.graft.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An ONNX model in ONNX Runtime on the CPU. Safe for use by several threads; equal inputs, batch sizes and thread counts
 * give equal outputs to the last bit.
 */
public final class OnnxModel implements AutoCloseable {

    private final OrtSession session;
    private final String input;
    private final long[] inputShape;

    private OnnxModel(OrtSession session) throws OrtException {
        this.session = session;
        Collection<NodeInfo> inputs = session.getInputInfo().values();
        if (inputs.size() != 1) {
            throw new OnnxException("the model must have one input, but has " + inputs.size());
        }
        NodeInfo info = inputs.iterator().next();
        this.input = info.getName();
        this.inputShape = shape(info.getInfo());
    }

    /**
     * Loads a model.
     *
     * @param model the bytes of a model with one input and float outputs
     * @param threads threads for one run, at least 1
     * @throws OnnxException when ONNX Runtime refuses the model
     */
    public static OnnxModel load(byte[] model, int threads) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            // What fails is thrown as well; on standard error nobody could make names in it harmless.
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            // Spinning threads would take cores from decoding, and from training afterwards.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            OrtSession session = OrtEnvironment.getEnvironment().createSession(model, options);
            try {
                return new OnnxModel(session);
            } catch (OnnxException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new OnnxException("ONNX Runtime does not load the model: " + e.getMessage(), e);
        }
    }

    /**
     * Loads a model that somebody else may have made. Only what {@link OnnxExporter} writes is accepted: standard
     * operators without loops, all weights within the model. The memory and time that running it takes are its own affair.
     *
     * @throws OnnxException when it is not such a model, or ONNX Runtime refuses it; the model's fault
     */
    public static OnnxModel loadForeign(byte[] model, int threads) {
        OnnxCheck.check(model);
        return load(model, threads);
    }

    /** Returns the length of the input's axes without the batch. */
    public long[] inputShape() {
        return Arrays.copyOfRange(inputShape, 1, inputShape.length);
    }

    /** Returns the version of ONNX Runtime. */
    public static String runtimeVersion() {
        return OrtEnvironment.getEnvironment().getVersion();
    }

    /** Returns a buffer that {@link #run} reads without copying. */
    public static FloatBuffer buffer(int floats) {
        return ByteBuffer.allocateDirect(4 * floats)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /**
     * Runs one batch.
     *
     * @param batch {@code [images, ...input shape]} in C order, from a direct buffer's position 0
     * @param images how many images the buffer holds, at least 1
     * @param outputs names of outputs
     * @return the values of each output, {@code [images, ...]} in C order, in the order of the names
     */
    public List<float[]> run(FloatBuffer batch, int images, List<String> outputs) {
        long[] shape = inputShape.clone();
        shape[0] = images;
        int floats = images;
        for (int i = 1; i < shape.length; i++) {
            floats = Math.multiplyExact(floats, Math.toIntExact(shape[i]));
        }
        FloatBuffer exact = batch.duplicate().position(0).limit(floats);
        try (OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), exact, shape);
                OrtSession.Result result = session.run(Map.of(input, tensor), Set.copyOf(outputs))) {
            List<float[]> values = new ArrayList<>();
            for (String output : outputs) {
                OnnxValue value =
                        result.get(output).orElseThrow(() -> new OnnxException("the model has no output " + output));
                FloatBuffer buffer = value instanceof OnnxTensor found ? found.getFloatBuffer() : null;
                if (buffer == null) {
                    throw new OnnxException("the model's output " + output + " does not hold floats");
                }
                float[] array = new float[buffer.remaining()];
                buffer.get(array);
                values.add(array);
            }
            return values;
        } catch (OrtException e) {
            throw new OnnxException("ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    /** Returns the names of the outputs. */
    public Set<String> outputs() {
        return session.getOutputNames();
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new OnnxException("ONNX Runtime does not close the model: " + e.getMessage(), e);
        }
    }

    private static long[] shape(ValueInfo info) {
        if (info instanceof TensorInfo tensor && tensor.getShape().length > 0) {
            return tensor.getShape();
        }
        throw new OnnxException("the model's input is not a tensor");
    }
}
