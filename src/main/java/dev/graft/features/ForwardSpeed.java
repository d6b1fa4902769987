package dev.graft.features;

import dev.graft.base.LayerWeights;
import dev.graft.base.Network;
import dev.graft.onnx.OnnxModel;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How many images a whole base takes in per second, in both engines, on this machine.
 *
 * @param onnxRuntime what computes features
 * @param deeplearning4j the same network in the engine that trains
 */
public record ForwardSpeed(double onnxRuntime, double deeplearning4j) {

    private static final int LEAST_RUNS = 3;

    /** Returns how many images of a side fit into one run: their numbers must fit into one buffer of less than 2 GB. */
    public static long largestBatch(int side) {
        return Integer.MAX_VALUE / Float.BYTES / (3L * side * side);
    }

    /**
     * Measures both, one after the other: the median of runs on noise, after one that does not count.
     *
     * @param batch images per run, at most {@link #largestBatch} of the base's image size
     * @param threads threads of ONNX Runtime; Deeplearning4j's were set when the process began
     * @param each how long to measure each engine, at least three runs
     */
    public static ForwardSpeed measure(FrozenBase base, int batch, int threads, Duration each) {
        int side = base.imageSize();
        if (batch > largestBatch(side)) {
            throw new IllegalArgumentException(batch + " images of " + side + " pixels are too many for one run");
        }
        FloatBuffer pixels = OnnxModel.buffer(batch * 3 * side * side);
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (int i = 0; i < pixels.capacity(); i++) {
            pixels.put(i, random.nextFloat(-1, 1));
        }
        FeatureOutput output = base.headOutput("avg");
        double onnxRuntime;
        try (OnnxModel model = base.model(List.of(output), threads)) {
            onnxRuntime = batch / seconds(() -> model.run(pixels, batch, List.of(output.node())), each);
        }
        ComputationGraph graph = base.network().graph(Network.assigned(), InputType.convolutional(side, side, 3));
        try {
            LayerWeights.assign(graph, base.weights().tensors());
            float[] values = new float[pixels.capacity()];
            pixels.get(0, values);
            try (INDArray input = Nd4j.create(values, new long[] {batch, 3, side, side}, 'c')) {
                return new ForwardSpeed(onnxRuntime, batch / seconds(() -> run(graph, input), each));
            }
        } finally {
            graph.close();
        }
    }

    private static long run(ComputationGraph graph, INDArray input) {
        try (INDArray features = graph.outputSingle(false, input)) {
            return features.length();
        }
    }

    private interface Run {
        Object run();
    }

    /** Returns the median time of a run. */
    private static double seconds(Run run, Duration atLeast) {
        run.run();
        List<Long> nanos = new ArrayList<>();
        long begun = System.nanoTime();
        while (nanos.size() < LEAST_RUNS || System.nanoTime() - begun < atLeast.toNanos()) {
            long start = System.nanoTime();
            run.run();
            nanos.add(System.nanoTime() - start);
        }
        nanos.sort(null);
        return nanos.get(nanos.size() / 2) / 1e9;
    }
}
