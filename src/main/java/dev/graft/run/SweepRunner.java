package dev.graft.run;

import dev.graft.features.FeatureFile;
import dev.graft.features.FeatureKey;
import dev.graft.features.FeatureOutput;
import dev.graft.features.FeatureStore;
import dev.graft.features.FrozenBase;
import dev.graft.fetch.DiskSpace;
import dev.graft.plan.FrozenPass;
import dev.graft.search.Trial;
import dev.graft.spec.Metric;
import dev.graft.spec.Sweep;
import dev.graft.spec.SweepFile;
import dev.graft.track.StoreException;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The controller of a sweep: records it, takes over results that are recorded already, and has {@link Workers} run the
 * rest. It is the only one that writes the record, from one thread.
 */
public final class SweepRunner {

    private final TrackWriter track;
    private final TrackReader recorded;
    private final Path results;
    private final FeatureStore store;
    private final OptionalLong cacheMaxBytes;
    private final WorkerLaunch launch;
    private final InstantSource clock;
    private final SweepListener listener;
    private final Supplier<Stopping> stopping;

    /**
     * Prepares a controller.
     *
     * @param track where the record is written
     * @param recorded the same record, for finding trials whose results can be taken over
     * @param results the results directory, for kept weights and logs
     * @param home where features are kept
     * @param cacheMaxBytes the most that features may take; empty for no limit
     * @param launch how workers are begun
     * @param listener hears of everything
     * @param stopping says whether the user has asked to stop
     */
    public SweepRunner(
            TrackWriter track,
            TrackReader recorded,
            Path results,
            Home home,
            OptionalLong cacheMaxBytes,
            WorkerLaunch launch,
            InstantSource clock,
            SweepListener listener,
            Supplier<Stopping> stopping) {
        this.track = track;
        this.recorded = recorded;
        this.results = results;
        this.store = new FeatureStore(home.features(), clock, cacheMaxBytes);
        this.cacheMaxBytes = cacheMaxBytes;
        this.launch = launch;
        this.clock = clock;
        this.listener = listener;
        this.stopping = stopping;
    }

    /**
     * Runs a new sweep to its end.
     *
     * @param sweepId a new id
     * @param retrain train also those trials whose result is recorded already
     * @return where the sweep stands: finished, cancelled, or failed when it could not go on
     */
    public SweepState run(String sweepId, SweepSetup setup, boolean retrain) {
        requireSpace();
        Map<Integer, String> runKeys = runKeys(setup);
        track.createSweep(sweepRecord(sweepId, setup), trialRecords(sweepId, setup.trials(), runKeys));
        listener.sweepStarted(sweepId, setup, setup.trials());
        return drive(sweepId, setup, setup.trials(), runKeys, retrain, 0, 0);
    }

    /**
     * Goes on with a sweep that ended early, or that has been extended.
     *
     * @param setup with all trials of the record
     * @param failed whether trials that failed are tried again
     * @return where the sweep stands then; empty where no trial waited, and nothing has changed
     */
    public Optional<SweepState> resume(SweepRecord sweep, SweepSetup setup, boolean failed) {
        requireSpace();
        return track.reopenSweep(sweep.id(), failed) == 0 ? Optional.empty() : Optional.of(goOn(sweep, setup));
    }

    /**
     * Adds trials to a sweep and runs them, and those of its own that still wait.
     *
     * @param changed the file that has them
     */
    public Optional<SweepState> extend(SweepRecord sweep, SweepFile.Parsed changed, RecordedSweep.Extended extended) {
        requireSpace();
        track.reopenSweep(sweep.id(), false);
        track.extendSweep(sweep.id(), changed.fileName(), changed.text(), extended.added());
        return Optional.of(goOn(sweep, extended.setup()));
    }

    private SweepState goOn(SweepRecord sweep, SweepSetup setup) {
        Map<Integer, TrialRecord> records = new HashMap<>();
        recorded.trials(sweep.id()).forEach(record -> records.put(record.number(), record));
        List<Trial> waiting = setup.trials().stream()
                .filter(trial -> Optional.ofNullable(records.get(trial.number()))
                        .map(record -> record.state() == TrialState.WAITING)
                        .orElse(false))
                .toList();
        Map<Integer, String> runKeys = new HashMap<>();
        records.forEach((number, record) -> runKeys.put(number, record.runKey()));
        listener.sweepStarted(sweep.id(), setup, waiting);
        return drive(sweep.id(), setup, waiting, runKeys, false, sweep.frozenPasses(), sweep.frozenPassesSaved());
    }

    /** Returns the records of new trials. */
    public static List<TrialRecord> trialRecords(String sweepId, List<Trial> trials, Map<Integer, String> runKeys) {
        return trials.stream()
                .map(trial -> TrialRecord.waiting(
                        sweepId,
                        trial.number(),
                        new LinkedHashMap<>(trial.assignment()),
                        trial.seed(),
                        runKeys.getOrDefault(trial.number(), "")))
                .toList();
    }

    static Map<Integer, String> runKeys(SweepSetup setup) {
        Map<Integer, String> keys = new HashMap<>();
        setup.trials().forEach(trial -> keys.put(trial.number(), RunKeys.of(setup, trial)));
        return keys;
    }

    static String trialId(String sweepId, int number) {
        return sweepId + "-" + number;
    }

    /** A sweep that could not record its first epoch is better not begun. */
    private void requireSpace() {
        try {
            Optional<String> shortage = DiskSpace.almostFull(results);
            if (shortage.isPresent()) {
                throw new StoreException("the sweep cannot begin: " + shortage.get());
            }
        } catch (IOException e) {
            throw new StoreException(results + " cannot be looked at: " + e.getMessage(), e);
        }
    }

    private SweepState drive(
            String sweepId,
            SweepSetup setup,
            List<Trial> waiting,
            Map<Integer, String> runKeys,
            boolean retrain,
            int passesDone,
            int passesSaved) {
        StopRequest request = new StopRequest(results);
        request.clear();
        try {
            track.addProvenance(sweepId, Map.of("workers", String.valueOf(launch.workers())));
            PassCount passes = new PassCount(track, sweepId, setup, passesDone, passesSaved);
            List<Trial> left = retrain ? waiting : takeOver(sweepId, setup, waiting, runKeys, passes);
            Workers.End end = new Workers(
                            sweepId,
                            setup,
                            left,
                            track,
                            recorded,
                            new TrialModels(results),
                            passes,
                            store,
                            cacheMaxBytes,
                            results,
                            launch,
                            listener,
                            () -> stopping.get().or(request.asked(sweepId)))
                    .run();
            track.endSweep(sweepId, end.state(), end.reason());
            return end.state();
        } catch (RuntimeException | Error e) {
            // Whatever it is, the record must not say that the sweep still runs.
            try {
                track.endSweep(sweepId, SweepState.FAILED, Reasons.of(e));
            } catch (StoreException second) {
                e.addSuppressed(second);
            }
            throw e;
        } finally {
            request.clear();
        }
    }

    /** Takes over the results of trials that are recorded as finished under the same run key; returns the others. */
    private List<Trial> takeOver(
            String sweepId, SweepSetup setup, List<Trial> waiting, Map<Integer, String> runKeys, PassCount passes) {
        Map<Integer, String> sources =
                new Repeats(recorded, new TrialModels(results), setup.file().sweep()).sources(waiting, runKeys);
        TrialModels models = new TrialModels(results);
        List<Trial> left = new ArrayList<>();
        for (int p = 0; p < setup.plan().passes().size(); p++) {
            FrozenPass pass = setup.plan().passes().get(p);
            FrozenBase base = setup.base(pass.base(), pass.imageSize());
            int repeated = 0;
            int others = 0;
            for (var group : pass.groups()) {
                String key = setup.source().key(base, setup.output(group)).shortDigest();
                for (Trial trial : group.trials()) {
                    if (!waiting.contains(trial)) {
                        continue;
                    }
                    String source = sources.get(trial.number());
                    if (source == null || !takeOver(models, sweepId, trial, source, key)) {
                        left.add(trial);
                        others++;
                    } else {
                        repeated++;
                    }
                }
            }
            if (repeated > 0 && others == 0) {
                passes.count(p, repeated, stored(setup, pass, base), 0, 0);
            } else {
                passes.alsoServes(p, repeated);
            }
        }
        return left;
    }

    private boolean takeOver(TrialModels models, String sweepId, Trial trial, String source, String featureGroup) {
        String id = trialId(sweepId, trial.number());
        try {
            if (models.has(source)) {
                models.copy(source, id);
            }
        } catch (IOException e) {
            // Then it is trained again: the result is the same.
            return false;
        }
        track.repeatTrial(id, source, featureGroup, "same as trial " + source + ", not trained again");
        listener.trialRepeated(id, trial, source);
        return true;
    }

    /** Finds the features of a pass that does not have to run, as far as the store still has them. */
    private List<WorkerEvent.Features> stored(SweepSetup setup, FrozenPass pass, FrozenBase base) {
        List<WorkerEvent.Features> features = new ArrayList<>();
        for (FeatureOutput output : setup.outputs(pass)) {
            FeatureKey key = setup.source().key(base, output);
            Optional<FeatureFile> file = store.find(key);
            file.ifPresent(found -> features.add(WorkRunner.describe(key, found, false)));
        }
        return features;
    }

    private SweepRecord sweepRecord(String sweepId, SweepSetup setup) {
        Sweep sweep = setup.file().sweep();
        return new SweepRecord(
                sweepId,
                sweep.name(),
                SweepState.RUNNING,
                "",
                sweep.method().name().toLowerCase(Locale.ROOT),
                sweep.metric().name(),
                sweep.metric().goal() == Metric.Goal.MAXIMIZE ? "maximize" : "minimize",
                setup.file().fileName(),
                setup.file().text(),
                setup.source().dataset().classes(),
                clock.instant(),
                Optional.empty(),
                0,
                0,
                Provenance.of(setup, launch.threads()));
    }
}
