package dev.graft.track;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A writer in a process of its own, to be killed: it says on standard output what it has recorded. */
final class ChildWriter implements AutoCloseable {

    static final String SWEEP = "childaaa";
    static final String TRIAL = SWEEP + "-1";
    static final String ENDED = SWEEP + "-2";

    private final Process process;
    private final BufferedReader output;

    private ChildWriter(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    static ChildWriter start(Path directory) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ChildWriter(new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx128m",
                        ChildWriter.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    long pid() {
        return process.pid();
    }

    /** Returns the next thing it says it has recorded, or null at its end. */
    String said() throws IOException {
        return output.readLine();
    }

    /** Kills it as {@code kill -9} does, and returns what it had said until then. */
    List<String> kill() throws IOException, InterruptedException {
        // Not on the process itself, which would close its output before the rest is read.
        process.toHandle().destroyForcibly();
        process.waitFor();
        List<String> rest = output.lines().toList();
        output.close();
        return rest;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    public static void main(String[] arguments) {
        TrackWriter writer = Tracking.open(Path.of(arguments[0]), InstantSource.system());
        writer.createSweep(Records.sweep(SWEEP), Records.trials(SWEEP, 3));
        writer.startTrial(ENDED, "f1", false, "");
        writer.addEpoch(ENDED, Records.epoch(1, 0.5, 0.5));
        writer.endTrial(ENDED, TrialState.FINISHED, "", Map.of("total", 1.0), "");
        writer.startTrial(TRIAL, "f1", false, "");
        System.out.println("ready");
        for (int epoch = 1; ; epoch++) {
            writer.addEpoch(TRIAL, Records.epoch(epoch, 1.0 / epoch, 0.5));
            System.out.println(epoch);
            System.out.flush();
        }
    }
}
