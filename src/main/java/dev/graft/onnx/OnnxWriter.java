package dev.graft.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import onnx.Onnx;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.protobuf.ByteString;

/** Collects the nodes and weights of one ONNX graph; values are named as the Deeplearning4j vertex that makes them. */
final class OnnxWriter {

    /** ONNX 1.8: the oldest operator set with everything needed, so that old runtimes read the models too. */
    private static final long OPSET = 13;

    private static final long IR_VERSION = 7;

    private final Onnx.GraphProto.Builder graph = Onnx.GraphProto.newBuilder();
    private int unnamed;

    /**
     * Adds an operator.
     *
     * @return {@code output}
     */
    String node(String operator, List<String> inputs, String output, Onnx.AttributeProto... attributes) {
        graph.addNode(Onnx.NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(Arrays.asList(attributes)));
        return output;
    }

    /** Returns a fresh name for a value between two operators of one vertex. */
    String between(String vertex) {
        return vertex + "__" + unnamed++;
    }

    /** Adds weights under a name, in C order. */
    String weights(String name, INDArray array, long... shape) {
        float[] values = array.dup('c').data().asFloat();
        return floats(name, values, shape);
    }

    /** Adds constant floats under a name. */
    String floats(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return tensor(name, Onnx.TensorProto.DataType.FLOAT, bytes, shape);
    }

    /** Adds constant whole numbers under a name. */
    String longs(String name, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return tensor(name, Onnx.TensorProto.DataType.INT64, bytes, values.length);
    }

    private String tensor(String name, Onnx.TensorProto.DataType type, ByteBuffer bytes, long... shape) {
        Onnx.TensorProto.Builder tensor = Onnx.TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .setRawData(ByteString.copyFrom(bytes.array()));
        Arrays.stream(shape).forEach(tensor::addDims);
        graph.addInitializer(tensor);
        return name;
    }

    /** Declares the graph's input; its first axis is the batch, of any size. */
    void input(String name, long... shapeWithoutBatch) {
        graph.addInput(value(name, shapeWithoutBatch));
    }

    /** Declares an output; its first axis is the batch, of any size. */
    void output(String name, long... shapeWithoutBatch) {
        graph.addOutput(value(name, shapeWithoutBatch));
    }

    /** Returns the finished model. */
    byte[] model(String name) {
        return Onnx.ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("graft")
                .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph.setName(name))
                .build()
                .toByteArray();
    }

    private static Onnx.ValueInfoProto value(String name, long... shapeWithoutBatch) {
        Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder()
                .addDim(Onnx.TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
        for (long axis : shapeWithoutBatch) {
            shape.addDim(Onnx.TensorShapeProto.Dimension.newBuilder().setDimValue(axis));
        }
        return Onnx.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(Onnx.TypeProto.newBuilder()
                        .setTensorType(Onnx.TypeProto.Tensor.newBuilder()
                                .setElemType(Onnx.TensorProto.DataType.FLOAT.getNumber())
                                .setShape(shape)))
                .build();
    }

    static Onnx.AttributeProto attribute(String name, long value) {
        return Onnx.AttributeProto.newBuilder()
                .setName(name)
                .setType(Onnx.AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static Onnx.AttributeProto attribute(String name, float value) {
        return Onnx.AttributeProto.newBuilder()
                .setName(name)
                .setType(Onnx.AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    static Onnx.AttributeProto attribute(String name, String value) {
        return Onnx.AttributeProto.newBuilder()
                .setName(name)
                .setType(Onnx.AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    static Onnx.AttributeProto attribute(String name, long... values) {
        Onnx.AttributeProto.Builder attribute =
                Onnx.AttributeProto.newBuilder().setName(name).setType(Onnx.AttributeProto.AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute.build();
    }
}
