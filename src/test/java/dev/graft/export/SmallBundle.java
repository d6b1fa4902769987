package dev.graft.export;

import dev.graft.base.Preprocessing;
import dev.graft.onnx.OnnxExporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** A bundle of two classes that is made in no time and predicts. */
final class SmallBundle {

    private static final byte[] MODEL = model();

    private SmallBundle() {}

    /** Writes all files of a bundle. */
    static void write(Path folder) {
        try {
            Files.createDirectories(folder);
            for (String name : ModelExporter.FILES) {
                Files.writeString(folder.resolve(name), "# " + name + "\n");
            }
            Files.write(folder.resolve(Bundle.MODEL), MODEL);
            Files.writeString(folder.resolve(Bundle.PREPROCESSING), settings(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] model() {
        InputType type = InputType.convolutional(8, 8, 3);
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("input")
                .setInputTypes(type)
                .addLayer("conv", new ConvolutionLayer.Builder(3, 3).nOut(4).build(), "input")
                .addLayer("pool", new GlobalPoolingLayer(), "conv")
                .addLayer("out", new OutputLayer.Builder().nOut(2).build(), "pool")
                .setOutputs("out")
                .build());
        graph.init();
        return OnnxExporter.export(graph, type, List.of("out"));
    }

    static String settings() {
        try {
            return Bundle.JSON.writeValueAsString(PreprocessingFile.of(
                    Preprocessing.TF, 8, OptionalDouble.empty(), "input", "out", List.of("cat", "dog")));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
