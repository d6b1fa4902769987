package dev.graft.bench;

import dev.graft.base.Catalogue;
import dev.graft.data.LabelledImage;
import dev.graft.features.FeatureExtractor;
import dev.graft.features.FeatureFile;
import dev.graft.features.FeatureOutput;
import dev.graft.features.FeatureStore;
import dev.graft.features.FrozenBase;
import dev.graft.features.TrainingFeatures;
import dev.graft.fetch.Fetcher;
import dev.graft.plan.Plan;
import dev.graft.run.Home;
import dev.graft.run.SweepSetup;
import dev.graft.search.Trial;
import dev.graft.spec.SweepFile;
import dev.graft.train.TrialSetup;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A sweep whose features are in a store already; those that are not are computed first.
 *
 * @param setup the sweep
 * @param store where its features are
 */
record StoredSweep(SweepSetup setup, FeatureStore store) {

    /** Opens a sweep file as {@code graft run} would, with a {@code GRAFT_HOME} and a folder of weights. */
    static StoredSweep open(Path sweepFile, Path home, Path weights) {
        Catalogue catalogue = new Catalogue(List.of(weights));
        Home graftHome = new Home(home);
        SweepSetup setup = SweepSetup.prepare(
                SweepFile.read(sweepFile, catalogue),
                sweepFile,
                catalogue,
                graftHome,
                Fetcher.offline(),
                OptionalInt.empty());
        return new StoredSweep(setup, new FeatureStore(graftHome.features(), InstantSource.system()));
    }

    /** Returns what one trial without fine-tuning trains on. */
    TrialSetup trial(Trial trial) {
        var parameters = trial.parameters();
        FrozenBase base = setup.base(parameters.base(), parameters.imageSize());
        FeatureOutput output = base.headOutput(Plan.pooling(parameters.pooling()));
        FeatureFile file = new FeatureExtractor(store, Runtime.getRuntime().availableProcessors())
                .extract(setup.source(), base, List.of(output), (done, total) -> {}, () -> false)
                .files()
                .get(output);
        var dataset = setup.source().dataset();
        return new TrialSetup(
                setup.file().sweep(),
                trial,
                base,
                dataset.classes().size(),
                labels(dataset.train()),
                labels(dataset.validation()),
                new TrialSetup.Features(TrainingFeatures.of(file), file.validation()),
                Optional.empty());
    }

    private static int[] labels(List<LabelledImage> images) {
        return images.stream().mapToInt(LabelledImage::label).toArray();
    }
}
