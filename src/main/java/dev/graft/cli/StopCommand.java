package dev.graft.cli;

import dev.graft.run.StopRequest;
import dev.graft.run.Stopping;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft stop}. */
@Command(
        name = "stop",
        description = "Stop a running sweep after its epoch, as Ctrl-C does where it runs, and wait for it.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class StopCommand implements Callable<Integer> {

    private static final long POLL_MILLIS = 200;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SWEEP",
            arity = "0..1",
            description = "an id, the beginning of one, or latest; the one that runs if left out")
    private @Nullable String sweepReference;

    @Option(names = "--now", description = "do not wait for the end of the epoch")
    private boolean now;

    @Mixin
    private Places.Results results;

    @Override
    public Integer call() throws InterruptedException {
        var out = spec.commandLine().getOut();
        try (TrackReader track = Tracking.openReadOnly(results.path)) {
            SweepRecord sweep = sweepReference == null ? running(track) : track.sweep(sweepReference);
            if (sweep.state() != SweepState.RUNNING || !Tracking.isWritten(results.path)) {
                out.println("sweep " + sweep.id() + " does not run");
                return ExitCode.NOTHING;
            }
            StopRequest request = new StopRequest(results.path);
            while (track.sweep(sweep.id()).state() == SweepState.RUNNING && Tracking.isWritten(results.path)) {
                // Again and again, as a controller that just begins forgets what its predecessor was asked.
                request.ask(sweep.id(), now ? Stopping.NOW : Stopping.AFTER_EPOCH);
                Thread.sleep(POLL_MILLIS);
            }
            request.clear();
            SweepState state = track.sweep(sweep.id()).state();
            out.println("sweep " + sweep.id() + " has "
                    + (state == SweepState.FINISHED
                            ? "finished"
                            : "stopped; go on with it: " + Places.command() + " resume " + sweep.id()
                                    + Places.resultsOption(results.path)));
            return ExitCode.OK;
        }
    }

    /** Returns the sweep that runs, as there can be only one, or the newest. */
    private static SweepRecord running(TrackReader track) {
        return track.sweeps().stream()
                .filter(sweep -> sweep.state() == SweepState.RUNNING)
                .findFirst()
                .orElseGet(() -> track.sweep("latest"));
    }
}
