package dev.graft.run;

import dev.graft.data.Sha256;
import dev.graft.onnx.OnnxModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.factory.Nd4j;

/** Collects what decides or explains a sweep's results, beside its parameters. */
public final class Provenance {

    /** The fact that says what of an image is kept; absent where images are squeezed whole. */
    public static final String CENTER_CROP = "center_crop";

    /** What stands before a base's name where its weights are a user's own; the value says where they are. */
    public static final String OWN_WEIGHTS = "weights_path.";

    /** The fact that says where the images are. */
    static final String DATA_FOLDER = "data_folder";

    /** The fact that says where the sweep file lay. */
    static final String SWEEP_FOLDER = "sweep_folder";

    /** The fact that says where official weights were looked for, one folder a line. */
    public static final String WEIGHT_FOLDERS = "weight_folders";

    /** The fact that trials are trained although their result is recorded already; absent where they are not. */
    static final String RETRAIN = "retrain";

    /** The fact that says how many workers ran it; sweeps from before there were any have none. */
    static final String WORKERS = "workers";

    private Provenance() {}

    static Map<String, String> of(SweepSetup setup, WorkerLaunch launch) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("sweep_file_sha256", Sha256.hex(setup.file().text()));
        facts.put(SWEEP_FOLDER, setup.sweepFolder().toString());
        facts.put(DATA_FOLDER, setup.dataFolder().toAbsolutePath().toString());
        setup.file().sweep().data().archive().ifPresent(archive -> {
            facts.put("data_url", archive.url());
            facts.put("data_sha256", archive.sha256());
        });
        var dataset = setup.source().dataset();
        facts.put("dataset_sha256", dataset.digest());
        facts.put("train_images", String.valueOf(dataset.train().size()));
        facts.put("validation_images", String.valueOf(dataset.validation().size()));
        facts.put("test_images", String.valueOf(dataset.test().size()));
        facts.put("skipped_files", String.valueOf(dataset.skipped().size()));
        setup.madeUp().forEach(base -> facts.put("weights_origin." + base, "pseudo-random"));
        setup.weights().forEach((base, weights) -> {
            facts.put("weights_sha256." + base, weights.digest());
            setup.catalogue().ownWeights(base).ifPresent(path -> facts.put(OWN_WEIGHTS + base, path.toString()));
        });
        facts.put(
                WEIGHT_FOLDERS,
                setup.catalogue().folders().stream().map(Path::toString).collect(Collectors.joining("\n")));
        facts.put("seed", String.valueOf(setup.file().sweep().seed()));
        setup.source().settings().centerCrop().ifPresent(c -> facts.put(CENTER_CROP, String.valueOf(c)));
        facts.put(WORKERS, String.valueOf(launch.workers()));
        facts.put("threads", String.valueOf(launch.threads()));
        facts.putAll(machine());
        return facts;
    }

    /** Returns versions of Graft and its engines, and the machine's. */
    public static Map<String, String> environment() {
        Map<String, String> facts = machine();
        facts.putAll(engines());
        return facts;
    }

    private static Map<String, String> machine() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("graft", version());
        facts.put("git_commit", build("git.commit"));
        facts.put("jdk", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("architecture", System.getProperty("os.arch"));
        facts.put("cpu", cpu());
        facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        return facts;
    }

    /** Returns what times depend on: the processor's name. */
    static String machineName() {
        return cpu();
    }

    /** Returns what this process computes with, loading its native libraries: a controller leaves that to its workers. */
    static Map<String, String> engines() {
        // Both engines take their time to load; neither waits for the other.
        CompletableFuture<String> unused = CompletableFuture.supplyAsync(OnnxModel::runtimeVersion);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("deeplearning4j", "1.0.0-M2.1");
        facts.put("nd4j_backend", Nd4j.getBackend().getClass().getSimpleName());
        facts.put("nd4j_library", nativeLibrary());
        facts.put("onnxruntime", OnnxModel.runtimeVersion());
        return facts;
    }

    /** Returns this build's version. */
    public static String version() {
        return build("version");
    }

    private static String build(String key) {
        try (InputStream in = Provenance.class.getResourceAsStream("/dev/graft/build.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            String value = properties.getProperty(key, "");
            return value.isEmpty() || value.startsWith("${") ? "unknown" : value;
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Returns the variant of ND4J's native library, such as {@code linux-x86_64-onednn}: the folder it came from. */
    private static String nativeLibrary() {
        String file = Loader.getLoadedLibraries().get("nd4jcpu");
        Path folder = file == null ? null : Path.of(file).getParent();
        return folder == null ? "unknown" : String.valueOf(folder.getFileName());
    }

    private static String cpu() {
        Path info = Path.of("/proc/cpuinfo");
        if (Files.isReadable(info)) {
            try (Stream<String> lines = Files.lines(info)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .findFirst()
                        .map(line -> line.substring(line.indexOf(':') + 1).trim())
                        .orElse("unknown");
            } catch (IOException e) {
                return "unknown";
            }
        }
        return "unknown";
    }
}
