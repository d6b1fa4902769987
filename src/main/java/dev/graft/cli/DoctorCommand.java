package dev.graft.cli;

import dev.graft.base.Catalogue;
import dev.graft.run.Home;
import dev.graft.run.Provenance;
import dev.graft.run.WorkerCores;
import dev.graft.run.WorkerMemory;
import dev.graft.track.Tracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code graft doctor}. */
@Command(
        name = "doctor",
        description = "Say what Graft found on this machine, and what it lacks.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class DoctorCommand implements Callable<Integer> {

    private static final String RECORD = "record";

    @Spec
    private CommandSpec spec;

    @Mixin
    private Places.Weights weights;

    @Mixin
    private Places.Results results;

    @Mixin
    private Places.Json json;

    /** What was looked at, and how it is. */
    record Finding(String name, boolean ok, String text) {}

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>();
        Provenance.environment().forEach((name, value) -> findings.add(new Finding(name, true, value)));
        long heap = Runtime.getRuntime().maxMemory();
        WorkerMemory worker = WorkerMemory.of(WorkerMemory.machineBytes(), 1);
        findings.add(new Finding(
                "memory",
                true,
                Words.bytes(heap) + " for Java objects; a worker may take " + Words.bytes(worker.totalBytes())
                        + ", of them "
                        + Words.bytes(worker.heapBytes()) + " for Java objects and " + Words.bytes(worker.nativeBytes())
                        + " for ND4J's arrays"));
        findings.add(threads(worker.heapBytes()));
        findings.add(gpu());
        Home home = Places.home();
        findings.add(home(home));
        findings.add(record(results.path));
        Catalogue catalogue = weights.catalogue(home);
        for (String name : catalogue.names()) {
            Catalogue.Entry entry = catalogue.found(name);
            BaseState state = BaseState.of(catalogue, entry);
            boolean there = state != BaseState.TO_DOWNLOAD;
            String text = catalogue
                    .weightFile(entry)
                    .map(file -> ", " + file)
                    .orElse(
                            there
                                    ? ""
                                    : ": " + Places.command() + " bases pull " + name + ", or by hand: "
                                            + catalogue.missing(entry));
            findings.add(new Finding("base " + name, there, state.word() + text));
        }
        boolean broken = findings.stream().anyMatch(f -> !f.ok() && !f.name().startsWith("base "));
        var out = spec.commandLine().getOut();
        if (json.wanted) {
            Map<String, Map<String, Object>> node = new LinkedHashMap<>();
            findings.forEach(f -> node.put(f.name(), Map.of("ok", f.ok(), "text", f.text())));
            out.println(JsonOutput.of(node));
        } else {
            int width = findings.stream().mapToInt(f -> f.name().length()).max().orElse(0);
            findings.forEach(
                    f -> out.println((f.ok() ? "ok       " : f.name().equals(RECORD) ? "damaged  " : "missing  ")
                            + f.name()
                            + " ".repeat(width + 2 - f.name().length())
                            + f.text()));
        }
        return broken ? ExitCode.ENVIRONMENT : ExitCode.OK;
    }

    private static Finding threads(long workerHeap) {
        WorkerCores cores = Places.cores(Places.threads(), workerHeap);
        return new Finding(
                "threads",
                true,
                Places.threads() + " (GRAFT_THREADS changes it), which workers divide; of one worker: "
                        + cores.threads() + " decode images and run the frozen base, " + cores.threads() + " train"
                        + "; pixels kept for later passes: "
                        + (cores.pixelCacheBytes() == 0 ? "none" : "up to " + Words.bytes(cores.pixelCacheBytes()))
                        + " (" + WorkerCores.PIXEL_CACHE + ")");
    }

    /** This version computes on the CPU; saying so beats silence on a machine with a card. */
    private static Finding gpu() {
        boolean driver = Files.exists(Path.of("/proc/driver/nvidia/version"));
        return new Finding(
                "gpu",
                true,
                driver
                        ? "an NVIDIA driver is there, but this version of Graft computes on the CPU only"
                        : "none found; Graft computes on the CPU");
    }

    /** Looks the record over, which reads all of it. */
    static Finding record(Path results) {
        List<String> problems = Tracking.check(results);
        if (!problems.isEmpty()) {
            return new Finding(
                    RECORD,
                    false,
                    String.join("; ", problems) + ". Stop what writes to it, copy " + results
                            + " away, and put a file of " + Places.command()
                            + " backup in its place; without one, sqlite3's .recover saves what there is");
        }
        return new Finding(
                RECORD,
                true,
                Tracking.facts(results)
                        .map(facts -> Tracking.file(results) + ", schema " + facts.schema() + ", "
                                + Words.plural(facts.sweeps(), "sweep") + ", " + Words.plural(facts.trials(), "trial")
                                + ", intact")
                        .orElse("none yet in " + results));
    }

    private static Finding home(Home home) {
        try {
            Files.createDirectories(home.path());
            long free = Files.getFileStore(home.path()).getUsableSpace();
            boolean writable = Files.isWritable(home.path());
            return new Finding(
                    "GRAFT_HOME",
                    writable,
                    home.path() + ", " + (writable ? Words.bytes(free) + " free" : "not writable"));
        } catch (IOException e) {
            return new Finding("GRAFT_HOME", false, home.path() + " cannot be made: " + e.getMessage());
        }
    }
}
