package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.base.Architecture;
import dev.graft.base.Catalogue;
import dev.graft.base.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import onnx.Onnx;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnknownFieldSet;

class OnnxCheckTest {

    @TempDir
    Path folder;

    static Stream<String> bases() {
        return new Catalogue(List.of()).entries().stream().map(Catalogue.Entry::name);
    }

    private static byte[] export(String base) {
        Architecture architecture = new Catalogue(List.of()).entry(base).architecture();
        int size = architecture.minimumSize();
        InputType type = InputType.convolutional(size, size, 3);
        Network network = architecture.network(size);
        ComputationGraph graph = network.graph(Network.assigned(), type);
        try {
            return OnnxExporter.export(graph, type, List.of(network.output()));
        } finally {
            graph.close();
        }
    }

    @ParameterizedTest
    @MethodSource("bases")
    void letsEveryBasePass(String base) {
        assertThatCode(() -> OnnxCheck.check(export(base))).doesNotThrowAnyException();
    }

    static Onnx.ModelProto small() throws Exception {
        OnnxWriter writer = new OnnxWriter();
        writer.input("input", 3, 4, 4);
        writer.output("out", 12);
        String weights = writer.floats("weights", new float[48 * 12], 48, 12);
        String flat = writer.node("Flatten", List.of("input"), "flat", OnnxWriter.attribute("axis", 1L));
        writer.node("Gemm", List.of(flat, weights), "out");
        return Onnx.ModelProto.parseFrom(writer.model("small"));
    }

    private static Onnx.ModelProto with(UnaryOperator<Onnx.GraphProto.Builder> change) throws Exception {
        Onnx.ModelProto model = small();
        return model.toBuilder()
                .setGraph(change.apply(model.getGraph().toBuilder()))
                .build();
    }

    private static void assertRefused(Onnx.ModelProto model, String words) {
        assertThatThrownBy(() -> OnnxModel.loadForeign(model.toByteArray(), 1))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining(words);
    }

    @Test
    void letsASmallModelPassAndRun() throws Exception {
        try (OnnxModel model = OnnxModel.loadForeign(small().toByteArray(), 1)) {
            assertThat(model.run(OnnxModel.buffer(48), 1, List.of("out")).get(0))
                    .hasSize(12);
        }
    }

    @Test
    void refusesWeightsThatLieInAnotherFile() throws Exception {
        Path beside = Files.write(folder.resolve("beside.bin"), new byte[48 * 12 * 4]);
        for (String place : List.of("/etc/passwd", "../beside.bin", beside.toString(), "weights.bin")) {
            assertRefused(
                    with(graph -> graph.setInitializer(
                            0,
                            graph.getInitializer(0).toBuilder()
                                    .clearRawData()
                                    .setDataLocation(Onnx.TensorProto.DataLocation.EXTERNAL)
                                    .addExternalData(Onnx.StringStringEntryProto.newBuilder()
                                            .setKey("location")
                                            .setValue(place)))),
                    "weights that lie in another file");
        }
    }

    @Test
    void refusesOperatorsThatGraftDoesNotWrite() throws Exception {
        for (String operator : List.of("Loop", "If", "Scan", "ConstantOfShape", "PyOp")) {
            assertRefused(
                    with(graph -> graph.setNode(0, graph.getNode(0).toBuilder().setOpType(operator))),
                    "the operator \"" + operator + "\"");
        }
        assertRefused(
                with(graph -> graph.setNode(0, graph.getNode(0).toBuilder().setDomain("com.evil"))),
                "the operator \"com.evil Flatten\"");
        assertRefused(
                small().toBuilder()
                        .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder()
                                .setDomain("com.evil")
                                .setVersion(1))
                        .build(),
                "operators of \"com.evil\"");
    }

    @Test
    void refusesModelsWithinOperators() throws Exception {
        assertRefused(
                with(graph -> graph.setNode(
                        0,
                        graph.getNode(0).toBuilder()
                                .addAttribute(Onnx.AttributeProto.newBuilder()
                                        .setName("body")
                                        .setG(Onnx.GraphProto.newBuilder())))),
                "a model or weights inside the operator");
    }

    @Test
    void refusesWeightsOfAnotherSizeThanTheyClaim() throws Exception {
        assertRefused(
                with(graph -> graph.setInitializer(
                        0, graph.getInitializer(0).toBuilder().setDims(0, 1L << 31))),
                "an impossible shape");
        assertRefused(
                with(graph -> graph.setInitializer(
                        0, graph.getInitializer(0).toBuilder().setDims(0, 1L << 30))),
                "another size than their shape");
        assertRefused(
                with(graph -> graph.setInitializer(
                        0, graph.getInitializer(0).toBuilder().setRawData(ByteString.EMPTY))),
                "another size than their shape");
    }

    @Test
    void refusesNumbersThatLetMapsGrowWithoutEnd() throws Exception {
        assertRefused(
                with(graph -> graph.setNode(
                        0,
                        graph.getNode(0).toBuilder()
                                .addAttribute(OnnxWriter.attribute("pads", 0, 0, 1_000_000_000, 0)))),
                "an operator with the number 1000000000");
        assertRefused(
                with(graph -> graph.addNode(Onnx.NodeProto.newBuilder()
                        .setOpType("Resize")
                        .addInput("input")
                        .addInput("")
                        .addInput("weights2")
                        .addOutput("big"))),
                "without scales up to 16");
    }

    @Test
    void refusesFieldsItDoesNotKnow() throws Exception {
        assertRefused(
                with(graph -> graph.setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())),
                "fields that Graft does not know");
    }
}
