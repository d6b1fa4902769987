package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.base.Catalogue;
import dev.graft.export.ModelExporter;
import dev.graft.export.TrialBundles;
import dev.graft.fetch.Fetcher;
import dev.graft.run.Home;
import dev.graft.run.Stopping;
import dev.graft.run.SweepListener;
import dev.graft.run.SweepRunner;
import dev.graft.run.SweepSetup;
import dev.graft.run.TrialModels;
import dev.graft.run.WorkerLaunch;
import dev.graft.spec.SweepFile;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A sweep that really ran, on drawn images and the base that comes with Graft.
 *
 * @param results where it is recorded
 */
record RealSweep(Path results, Home home) {

    static final String ID = "r3als4ee";

    static final int THREADS = 2;

    /** Trains three heads, the weights of two of which are kept. */
    static RealSweep run(Path folder) throws IOException {
        Catalogue catalogue = new Catalogue(List.of());
        RealSweep sweep = new RealSweep(folder.resolve("results"), new Home(folder.resolve("home")));
        SweepFile.Parsed parsed = SweepFile.parse("real.yaml", """
                name: garments
                data: {path: 'builtin:garments', max_images: 200}
                parameters:
                  base: {value: sprout}
                  image_size: {value: 32}
                  learning_rate: {values: [0.01, 0.003, 0.0001]}
                epochs: 6
                keep_models: 2
                """, catalogue);
        SweepSetup setup = SweepSetup.prepare(
                parsed, folder.resolve("real.yaml"), catalogue, sweep.home, Fetcher.offline(), OptionalInt.empty());
        InstantSource clock = InstantSource.system();
        try (TrackWriter track = Tracking.open(sweep.results, clock);
                TrackReader reader = Tracking.openReadOnly(sweep.results)) {
            SweepState state = new SweepRunner(
                            track,
                            reader,
                            sweep.results,
                            sweep.home,
                            OptionalLong.empty(),
                            new WorkerLaunch(
                                    List.of("dev.graft.cli.Graft", "worker"),
                                    List.of(),
                                    1,
                                    THREADS,
                                    WorkerLaunch.DEFAULT_SILENCE),
                            clock,
                            new SweepListener() {},
                            () -> Stopping.NO)
                    .run(ID, setup, true);
            assertThat(state).isEqualTo(SweepState.FINISHED);
        }
        return sweep;
    }

    TrialBundles bundles(TrackReader reader) {
        return new TrialBundles(
                results,
                trial -> new ModelExporter(reader, new TrialModels(results), new Catalogue(List.of()), home, THREADS),
                THREADS);
    }
}
