package dev.graft.cli;

import dev.graft.base.BaseWeights;
import dev.graft.base.Catalogue;
import dev.graft.base.PseudoRandomWeights;
import dev.graft.base.Tensor;
import dev.graft.features.ForwardSpeed;
import dev.graft.features.FrozenBase;
import dev.graft.run.Provenance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft bases speed}. */
@Command(
        name = "speed",
        description =
                "Measure how many images per second each base takes in on this machine, in ONNX Runtime, which computes "
                        + "features, and in Deeplearning4j, which trains. Weights are pseudo-random: they do not change the speed.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class SpeedCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "bases (default: all, at their full width)")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--image-size",
            paramLabel = "PIXELS",
            defaultValue = "224",
            description = "side of the images (default: ${DEFAULT-VALUE}; a base that needs more gets it)")
    private int imageSize;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "16",
            description = "images per run (default: ${DEFAULT-VALUE})")
    private int batchSize;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "5",
            description = "how long to measure each engine, at least three runs (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Mixin
    private Places.Json json;

    @Override
    public Integer call() {
        if (imageSize < 1
                || imageSize > 2048
                || batchSize < 1
                || batchSize > 1024
                || !(seconds >= 0 && seconds <= 3600)) {
            throw new UsageException("--image-size must be 1 to 2048, --batch-size 1 to 1024, --seconds 0 to 3600");
        }
        int threads = Places.threads();
        Catalogue catalogue = new Catalogue(List.of());
        List<Catalogue.Entry> entries = names.isEmpty()
                ? catalogue.names().stream().map(catalogue::entry).toList()
                : BaseNames.find(catalogue, names);
        entries.forEach(entry -> requireRoom(size(entry)));
        var err = spec.commandLine().getErr();
        TextTable table = new TextTable(
                List.of("base", "image size", "parameters", "ONNX Runtime", "Deeplearning4j", "times faster"),
                Set.of(1, 2, 3, 4, 5));
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Catalogue.Entry entry : entries) {
            err.println("measuring " + entry.name());
            int size = size(entry);
            Map<String, Tensor> tensors = PseudoRandomWeights.of(entry.architecture());
            long parameters =
                    tensors.values().stream().mapToLong(t -> t.values().length).sum();
            FrozenBase base =
                    new FrozenBase(entry.architecture(), BaseWeights.ofFile(entry.architecture(), tensors), size);
            ForwardSpeed speed =
                    ForwardSpeed.measure(base, batchSize, threads, Duration.ofMillis(Math.round(seconds * 1000)));
            table.row(List.of(
                    entry.name(),
                    String.valueOf(size),
                    String.format(Locale.ROOT, "%,d", parameters),
                    images(speed.onnxRuntime()),
                    images(speed.deeplearning4j()),
                    images(speed.onnxRuntime() / speed.deeplearning4j())));
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", entry.name());
            row.put("image_size", size);
            row.put("parameters", parameters);
            row.put("onnx_runtime_images_per_second", speed.onnxRuntime());
            row.put("deeplearning4j_images_per_second", speed.deeplearning4j());
            rows.add(row);
        }
        var out = spec.commandLine().getOut();
        if (json.wanted) {
            out.println(JsonOutput.of(rows));
        } else {
            table.lines().forEach(out::println);
            Map<String, String> machine = Provenance.environment();
            out.println("images per second, batches of " + batchSize + ", " + threads + " threads, "
                    + machine.get("cpu") + ", " + machine.get("nd4j_library"));
        }
        return ExitCode.OK;
    }

    private int size(Catalogue.Entry entry) {
        return Math.max(imageSize, entry.architecture().minimumSize());
    }

    private void requireRoom(int size) {
        long most = ForwardSpeed.largestBatch(size);
        if (batchSize > most) {
            throw new UsageException("--batch-size must be at most " + most + " for images of " + size
                    + " pixels, but was " + batchSize);
        }
    }

    private static String images(double perSecond) {
        return String.format(Locale.ROOT, "%.1f", perSecond);
    }
}
