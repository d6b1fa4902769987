package dev.graft.cli;

import dev.graft.dashboard.Content;
import dev.graft.dashboard.Dashboard;
import dev.graft.export.ModelExporter;
import dev.graft.export.TrialBundles;
import dev.graft.fetch.Fetcher;
import dev.graft.run.Home;
import dev.graft.run.RecordedSweep;
import dev.graft.run.TrialModels;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code graft ui}. */
@Command(name = "ui", description = "Serve the dashboard until Ctrl-C.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class UiCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "default: ${DEFAULT-VALUE}; 0 takes any free one")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "the address to listen on (default: ${DEFAULT-VALUE}); others than loopback need --token")
    private String host;

    @Option(names = "--token", paramLabel = "TOKEN", description = "what visitors must know: /?token=TOKEN")
    private @Nullable String token;

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description = "a further host name to answer to, as behind a proxy; may be given several times")
    private List<String> names = new ArrayList<>();

    @Mixin
    private Places.Results results;

    @Mixin
    private Places.Weights weights;

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > 65535) {
            throw new UsageException("--port must be in 0 to 65535, but was " + port);
        }
        InstantSource clock = InstantSource.system();
        int threads = Math.max(1, Places.threads() / 2);
        try (TrackReader track = Tracking.openAsItStands(results.path, clock);
                TrialBundles bundles =
                        new TrialBundles(results.path, trial -> exporter(track, trial, threads), threads);
                Dashboard dashboard = Dashboard.start(
                        new Content(track, Optional.of(results.path), Optional.of(bundles)),
                        host,
                        port,
                        Optional.ofNullable(token),
                        names)) {
            String shown = host.contains(":") ? "[" + host + "]" : host;
            spec.commandLine()
                    .getOut()
                    .println("the dashboard of " + results.path + " is at http://" + shown + ":" + dashboard.port()
                            + "/ (Ctrl-C ends it)");
            new CountDownLatch(1).await();
        }
        return ExitCode.OK;
    }

    /** Looks for base weights where the sweep found them, and fetches none. */
    private ModelExporter exporter(TrackReader track, TrialRecord trial, int threads) {
        Home home = Places.home();
        RecordedSweep sweep = new RecordedSweep(track.sweep(trial.sweepId()), List.of());
        return new ModelExporter(
                track,
                new TrialModels(results.path),
                weights.catalogue(sweep.weightFolders(), home, Fetcher.offline()),
                home,
                threads);
    }
}
