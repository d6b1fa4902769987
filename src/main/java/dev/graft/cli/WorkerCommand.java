package dev.graft.cli;

import dev.graft.run.Worker;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code graft worker}: what a controller begins; not for people. */
@Command(name = "worker", description = "Work for a controller.", hidden = true)
final class WorkerCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        OutputStream events = new FileOutputStream(FileDescriptor.out);
        // Whatever Java code prints goes to the log: standard output is the controller's.
        System.setOut(System.err);
        // Terminals and supervisors send these to the whole group; the controller says what they mean. Its death is
        // noticed
        // otherwise, and it kills in a way that cannot be ignored.
        Signals.handle(() -> {}, "INT", "TERM", "HUP");
        Worker.run(System.in, events, () -> Runtime.getRuntime().halt(ExitCode.OK));
        return ExitCode.OK;
    }
}
