package dev.graft.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.base.Architecture;
import dev.graft.base.BaseWeights;
import dev.graft.base.Catalogue;
import dev.graft.base.LayerWeights;
import dev.graft.base.Network;
import dev.graft.base.Node;
import dev.graft.onnx.OnnxExporter;
import dev.graft.onnx.OnnxModel;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Looks for the most images per second that ONNX Runtime takes in: {@code BASE WEIGHTS SIZE,SIZE THREADS SECONDS}. It
 * tries batch sizes, threads that spin or sleep while they wait, and one run on all threads against one run per thread;
 * the best is measured once more, for so many seconds. The input is noise, the weights are those of the folder.
 */
final class ModelSpeed {

    private static final int[] BATCHES = {1, 4, 8, 16, 32, 64};

    private static final double TRIAL_SECONDS = 0.75;

    private ModelSpeed() {}

    /** One way to run the model: so many runs at once, each on so many threads. */
    private record Way(int runs, int threadsEach, boolean spinning, int batch) {}

    public static void main(String[] arguments) throws Exception {
        Catalogue catalogue = new Catalogue(List.of(Path.of(arguments[1])));
        Architecture architecture = catalogue.entry(arguments[0]).architecture();
        BaseWeights weights = catalogue.load(arguments[0]);
        int threads = Integer.parseInt(arguments[3]);
        double seconds = Double.parseDouble(arguments[4]);
        List<Map<String, Object>> found = new ArrayList<>();
        for (String named : arguments[2].split(",")) {
            int size = Integer.parseInt(named);
            byte[] model = model(architecture, weights, size);
            Way best = null;
            double most = 0;
            for (Way way : ways(threads)) {
                double speed = imagesPerSecond(model, way, size, TRIAL_SECONDS);
                if (speed > most) {
                    most = speed;
                    best = way;
                }
            }
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("size", size);
            row.put("images_per_second", Math.max(most, imagesPerSecond(model, best, size, seconds)));
            row.put("batch", best.batch());
            row.put("runs_at_once", best.runs());
            row.put("threads_each", best.threadsEach());
            row.put("spinning", best.spinning());
            found.add(row);
        }
        System.out.println(new ObjectMapper().writeValueAsString(found));
    }

    private static List<Way> ways(int threads) {
        List<Way> ways = new ArrayList<>();
        for (int batch : BATCHES) {
            ways.add(new Way(1, threads, true, batch));
            ways.add(new Way(1, threads, false, batch));
            if (threads > 1) {
                ways.add(new Way(threads, 1, false, batch));
            }
        }
        return ways;
    }

    private static byte[] model(Architecture architecture, BaseWeights weights, int size) {
        Network base = architecture.network(size);
        Network pooled = base.followedBy(new Network(
                List.of(new Node.LayerNode(
                        "pooled",
                        List.of(Network.INPUT),
                        new GlobalPoolingLayer.Builder()
                                .poolingType(PoolingType.AVG)
                                .build())),
                List.of(),
                "pooled"));
        InputType type = InputType.convolutional(size, size, 3);
        ComputationGraph graph = pooled.graph(Network.assigned(), type);
        LayerWeights.assign(graph, weights.tensors());
        return OnnxExporter.export(graph, type, List.of("pooled"));
    }

    private static double imagesPerSecond(byte[] model, Way way, int size, double seconds) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        ExecutorService callers = Executors.newFixedThreadPool(way.runs());
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(way.threadsEach());
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.addConfigEntry("session.intra_op.allow_spinning", way.spinning() ? "1" : "0");
            FloatBuffer pixels = OnnxModel.buffer(way.batch() * 3 * size * size);
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < pixels.capacity(); i++) {
                pixels.put(i, (float) (2 * random.nextDouble() - 1));
            }
            long[] shape = {way.batch(), 3, size, size};
            try (OrtSession session = environment.createSession(model, options);
                    OnnxTensor images = OnnxTensor.createTensor(environment, pixels, shape)) {
                String input = session.getInputNames().iterator().next();
                double round = Stopwatch.best(seconds, () -> {
                    List<Future<?>> runs = new ArrayList<>();
                    for (int i = 0; i < way.runs(); i++) {
                        runs.add(callers.submit(() -> {
                            session.run(Map.of(input, images)).close();
                            return null;
                        }));
                    }
                    for (Future<?> run : runs) {
                        run.get();
                    }
                });
                return way.batch() * way.runs() / round;
            }
        } finally {
            callers.shutdown();
        }
    }
}
