package dev.graft.run;

import dev.graft.base.BaseWeights;
import dev.graft.base.WeightException;
import dev.graft.data.DataException;
import dev.graft.features.CancelledException;
import dev.graft.features.FeatureExtractor;
import dev.graft.features.FeatureExtractor.Extraction;
import dev.graft.features.FeatureFile;
import dev.graft.features.FeatureKey;
import dev.graft.features.FeatureOutput;
import dev.graft.features.FeatureStore;
import dev.graft.features.FeatureStoreException;
import dev.graft.features.FrozenBase;
import dev.graft.features.OutOfMemoryException;
import dev.graft.features.PixelCache;
import dev.graft.plan.FeatureGroup;
import dev.graft.plan.FrozenPass;
import dev.graft.run.WorkerEvent.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the work a worker is given: sees to the features of its pass, then trains its trials on them. */
final class WorkRunner {

    private static final Logger LOG = LoggerFactory.getLogger(WorkRunner.class);

    /** Images between two words on a pass' progress; a controller must not drown in them. */
    private static final long PROGRESS_NANOS = 100_000_000;

    private static final long ALIVE_NANOS = 30_000_000_000L;

    private final SweepSetup setup;
    private final Function<String, BaseWeights> weights;
    private final FeatureStore store;
    private final TrialModels models;
    private final int threads;
    private final PixelCache pixels;
    private final ComingPasses coming;
    private final Consumer<WorkerEvent> events;
    private final BooleanSupplier stopped;

    /** Trials of one pass mostly come one after the other: its features need not be opened again. */
    private Optional<Prepared> prepared = Optional.empty();

    WorkRunner(
            SweepSetup setup,
            Function<String, BaseWeights> weights,
            FeatureStore store,
            TrialModels models,
            WorkerCores cores,
            Consumer<WorkerEvent> events,
            BooleanSupplier stopped) {
        this.setup = setup;
        this.weights = weights;
        this.store = store;
        this.models = models;
        this.threads = cores.threads();
        this.pixels = new PixelCache(cores.pixelCacheBytes());
        this.coming = new ComingPasses(setup, weights, store);
        this.events = events;
        this.stopped = stopped;
    }

    private record Prepared(int pass, SweepSetup setup, FrozenBase base, Extraction extraction) {}

    void run(WorkerOrder.Work work) {
        if (prepared.isEmpty() || prepared.get().pass() != work.pass()) {
            prepared = Optional.empty();
            prepared = prepare(work);
            if (prepared.isEmpty()) {
                return;
            }
        }
        Prepared pass = prepared.get();
        FeatureGroup group = setup.plan().passes().get(work.pass()).groups().get(work.group());
        FeatureOutput output = pass.setup().output(group);
        String key = setup.source().key(pass.base(), output).shortDigest();
        boolean hit = !pass.extraction().computed().contains(output);
        TrialRunner trials = new TrialRunner(
                pass.setup(),
                pass.base(),
                pass.extraction(),
                new TrialRunner.Shared(work.sweepId(), key, hit, work.sharing()),
                threads,
                models,
                events,
                stopped);
        Set<Integer> asked = Set.copyOf(work.trials());
        trials.run(
                group.trials().stream()
                        .filter(trial -> asked.contains(trial.number()))
                        .toList(),
                Set.copyOf(work.alone()));
    }

    private Optional<Prepared> prepare(WorkerOrder.Work work) {
        FrozenPass pass = setup.plan().passes().get(work.pass());
        long start = System.nanoTime();
        try {
            SweepSetup own = setup.with(Map.of(pass.base(), weights.apply(pass.base())));
            FrozenBase base = own.base(pass.base(), pass.imageSize());
            Progress progress = new Progress(work.pass());
            coming.begin(work.pass());
            Extraction extraction = new FeatureExtractor(store, threads, work.prefixBatch())
                    .keeping(pixels, coming::sizes)
                    .extract(own.source(), base, own.outputs(pass), progress::images, progress::stopped);
            events.accept(new WorkerEvent.PassEnded(
                    work.pass(),
                    extraction.decodeSeconds(),
                    extraction.prefixSeconds(),
                    (System.nanoTime() - start) / 1e9,
                    features(own, base, extraction)));
            return Optional.of(new Prepared(work.pass(), own, base, extraction));
        } catch (CancelledException e) {
            return Optional.empty();
        } catch (RuntimeException | OutOfMemoryError e) {
            // A full disk, an image that is not what it was, too little memory: this pass' trials have no features, but
            // those of another may.
            LOG.warn("no features of {} at {} px", pass.base(), pass.imageSize(), e);
            events.accept(new WorkerEvent.PassFailed(work.pass(), fault(e), Reasons.of(e)));
            return Optional.empty();
        }
    }

    /** Tells of a pass' progress, but not of every batch; and now and then that it waits for another process. */
    private final class Progress {

        private final int pass;
        private long told = System.nanoTime();

        Progress(int pass) {
            this.pass = pass;
        }

        void images(long done, long total) {
            if (System.nanoTime() - told >= PROGRESS_NANOS || done == total) {
                tell(done, total);
            }
        }

        /** Asked between batches, and while waiting. */
        boolean stopped() {
            if (System.nanoTime() - told >= ALIVE_NANOS) {
                tell(0, 0);
            }
            return stopped.getAsBoolean();
        }

        private void tell(long done, long total) {
            told = System.nanoTime();
            events.accept(new WorkerEvent.PassProgress(pass, done, total));
        }
    }

    private List<WorkerEvent.Features> features(SweepSetup own, FrozenBase base, Extraction extraction) {
        List<WorkerEvent.Features> features = new ArrayList<>();
        extraction.files().forEach((output, file) -> {
            FeatureKey key = own.source().key(base, output);
            features.add(describe(key, file, extraction.computed().contains(output)));
        });
        return features;
    }

    static WorkerEvent.Features describe(FeatureKey key, FeatureFile file, boolean computed) {
        return new WorkerEvent.Features(key.shortDigest(), key.cutName(), file.rows(), file.bytes(), computed);
    }

    /** Says whose fault a pass' or a trial's failure is. */
    static Fault fault(Throwable failure) {
        if (failure instanceof OutOfMemoryError || failure instanceof OutOfMemoryException) {
            return Fault.MEMORY;
        }
        if (failure instanceof FeatureStoreException store) {
            return store.unusable() ? Fault.DISK : Fault.OTHER;
        }
        return failure instanceof dev.graft.train.TrainingException
                        || failure instanceof DataException
                        || failure instanceof WeightException
                ? Fault.TRIAL
                : Fault.OTHER;
    }
}
