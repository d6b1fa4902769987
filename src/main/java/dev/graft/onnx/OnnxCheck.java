package dev.graft.onnx;

import dev.graft.spec.PlainText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Set;
import onnx.Onnx;
import org.nd4j.shade.protobuf.GeneratedMessageV3;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;

/**
 * Looks through a model from elsewhere before ONNX Runtime, which is native code, sees it. Only what {@link OnnxExporter}
 * writes passes: standard operators of its list, no loops, no models within models, every weight inside the file. So no
 * model can name a file to be read, bring code of its own or run without end.
 */
final class OnnxCheck {

    private static final Set<String> OPERATORS = Set.of(
            "Add",
            "AveragePool",
            "BatchNormalization",
            "Clip",
            "Concat",
            "Conv",
            "Elu",
            "Flatten",
            "Gemm",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "Identity",
            "Max",
            "MaxPool",
            "Mul",
            "Pad",
            "Relu",
            "Resize",
            "Sigmoid",
            "Softmax",
            "Tanh");

    private static final int MOST_NODES = 10_000;

    /** The largest window, stride, padding, axis and group; images are smaller, and channels hardly more. */
    private static final long LARGEST_NUMBER = 8192;

    private static final int LARGEST_SCALE = 16;

    private OnnxCheck() {}

    /**
     * Checks a model.
     *
     * @throws OnnxException when it is none, or not one that Graft would write; the file's fault
     */
    static void check(byte[] bytes) {
        Onnx.ModelProto model;
        try {
            model = Onnx.ModelProto.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new OnnxException("it is no ONNX model: " + e.getMessage(), e);
        }
        known(model);
        refuseIf(model.getFunctionsCount() > 0, "functions");
        refuseIf(model.getTrainingInfoCount() > 0, "training information");
        for (Onnx.OperatorSetIdProto set : model.getOpsetImportList()) {
            known(set);
            refuseIf(!set.getDomain().isEmpty(), "operators of " + quoted(set.getDomain()));
        }
        graph(model.getGraph());
    }

    private static void graph(Onnx.GraphProto graph) {
        known(graph);
        refuseIf(graph.getNodeCount() > MOST_NODES, graph.getNodeCount() + " operators");
        refuseIf(graph.getSparseInitializerCount() > 0, "sparse weights");
        refuseIf(graph.getQuantizationAnnotationCount() > 0, "quantised weights");
        refuseIf(graph.getInputCount() != 1, graph.getInputCount() + " inputs");
        refuseIf(graph.getOutputCount() < 1, "no output");
        graph.getInitializerList().forEach(OnnxCheck::weights);
        for (Onnx.NodeProto node : graph.getNodeList()) {
            node(node);
            if (node.getOpType().equals("Resize")) {
                resize(graph, node);
            }
        }
    }

    private static void node(Onnx.NodeProto node) {
        known(node);
        refuseIf(
                !node.getDomain().isEmpty() || !OPERATORS.contains(node.getOpType()),
                "the operator " + quoted(node.getDomain() + " " + node.getOpType()));
        for (Onnx.AttributeProto attribute : node.getAttributeList()) {
            known(attribute);
            boolean plain = !attribute.hasT()
                    && !attribute.hasG()
                    && !attribute.hasSparseTensor()
                    && !attribute.hasTp()
                    && attribute.getTensorsCount() == 0
                    && attribute.getGraphsCount() == 0
                    && attribute.getSparseTensorsCount() == 0
                    && attribute.getTypeProtosCount() == 0
                    && attribute.getRefAttrName().isEmpty();
            refuseIf(!plain, "a model or weights inside the operator " + quoted(node.getName()));
            number(attribute.getI());
            attribute.getIntsList().forEach(OnnxCheck::number);
        }
    }

    private static void number(long value) {
        refuseIf(Math.abs(value) > LARGEST_NUMBER || value == Long.MIN_VALUE, "an operator with the number " + value);
    }

    /** Weights are floats, and whole numbers where they say how to pad; their bytes are in the file, neither more nor less. */
    private static void weights(Onnx.TensorProto tensor) {
        known(tensor);
        String name = quoted(tensor.getName());
        refuseIf(
                tensor.getDataLocation() != Onnx.TensorProto.DataLocation.DEFAULT || tensor.getExternalDataCount() > 0,
                "weights that lie in another file, " + name);
        boolean floats = tensor.getDataType() == Onnx.TensorProto.DataType.FLOAT.getNumber();
        refuseIf(
                !floats && tensor.getDataType() != Onnx.TensorProto.DataType.INT64.getNumber(),
                "weights of another type, " + name);
        long bytes = floats ? 4 : 8;
        for (long axis : tensor.getDimsList()) {
            refuseIf(axis < 0 || axis > Integer.MAX_VALUE, "weights of an impossible shape, " + name);
            bytes = Math.min(bytes * axis, Integer.MAX_VALUE);
        }
        refuseIf(bytes != tensor.getRawData().size(), "weights of another size than their shape, " + name);
        if (!floats) {
            LongBuffer values = littleEndian(tensor).asLongBuffer();
            while (values.hasRemaining()) {
                number(values.get());
            }
        }
    }

    /** How much a map grows stands among the weights, where no whole number tells. */
    private static void resize(Onnx.GraphProto graph, Onnx.NodeProto node) {
        refuseIf(node.getInputCount() != 3, "an operator Resize without scales");
        boolean small = false;
        for (Onnx.TensorProto tensor : graph.getInitializerList()) {
            if (tensor.getName().equals(node.getInput(2))) {
                FloatBuffer scales = littleEndian(tensor).asFloatBuffer();
                small = true;
                while (scales.hasRemaining()) {
                    small &= scales.get() <= LARGEST_SCALE;
                }
            }
        }
        refuseIf(!small, "an operator Resize without scales up to " + LARGEST_SCALE);
    }

    private static ByteBuffer littleEndian(Onnx.TensorProto tensor) {
        return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Fields that this version does not know may mean anything to ONNX Runtime. */
    private static void known(GeneratedMessageV3 message) {
        refuseIf(!message.getUnknownFields().asMap().isEmpty(), "fields that Graft does not know");
    }

    private static void refuseIf(boolean holds, String what) {
        if (holds) {
            throw new OnnxException("it holds " + what + ", which no model of Graft does");
        }
    }

    private static String quoted(String name) {
        String plain = PlainText.of(name.strip());
        return "\"" + (plain.length() > 60 ? plain.substring(0, 60) + "…" : plain) + "\"";
    }
}
