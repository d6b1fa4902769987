package dev.graft.run;

import dev.graft.features.FeatureFile;
import dev.graft.features.FeatureKey;
import dev.graft.features.FeatureOutput;
import dev.graft.features.FeatureStore;
import dev.graft.features.FrozenBase;
import dev.graft.fetch.DiskSpace;
import dev.graft.plan.FeatureGroup;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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
    private final RateFile rates;
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
        this.rates = new RateFile(home, launch.workers(), launch.threads());
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
        begin();
        Map<Integer, String> runKeys = runKeys(setup);
        Map<String, String> facts = Provenance.of(setup, launch);
        if (retrain) {
            facts.put(Provenance.RETRAIN, "true");
        }
        track.createSweep(sweepRecord(sweepId, setup, facts), trialRecords(sweepId, setup, runKeys));
        SweepRun run = new SweepRun(sweepId, setup, track, recorded, results, listener);
        listener.sweepStarted(sweepId, setup, setup.trials());
        return drive(run, setup.trials(), runKeys, retrain, 0);
    }

    /**
     * Goes on with a sweep that ended early, or that has been extended.
     *
     * @param setup with all trials of the record
     * @param failed whether trials that failed are tried again
     * @return where the sweep stands then; empty where no trial waited, and nothing has changed
     */
    public Optional<SweepState> resume(SweepRecord sweep, SweepSetup setup, boolean failed) {
        begin();
        return track.reopenSweep(sweep.id(), failed) == 0 ? Optional.empty() : Optional.of(goOn(sweep, setup));
    }

    /**
     * Adds trials to a sweep and runs them, and those of its own that still wait.
     *
     * @param changed the file that has them
     */
    public Optional<SweepState> extend(SweepRecord sweep, SweepFile.Parsed changed, RecordedSweep.Extended extended) {
        begin();
        track.reopenSweep(sweep.id(), false);
        track.extendSweep(sweep.id(), changed.fileName(), changed.text(), extended.added());
        track.addProvenance(sweep.id(), Provenance.of(extended.setup(), launch));
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
        boolean retrain = sweep.provenance().containsKey(Provenance.RETRAIN);
        SweepRun run = new SweepRun(sweep.id(), setup, track, recorded, results, listener);
        listener.sweepStarted(sweep.id(), setup, waiting);
        return drive(run, waiting, runKeys, retrain, sweep.frozenPasses());
    }

    /** Returns the records of new trials. */
    static List<TrialRecord> trialRecords(String sweepId, SweepSetup setup, Map<Integer, String> runKeys) {
        ModelSizes sizes = new ModelSizes(setup);
        return setup.trials().stream()
                .map(trial -> TrialRecord.waiting(
                        sweepId,
                        trial.number(),
                        new LinkedHashMap<>(trial.assignment()),
                        trial.seed(),
                        runKeys.getOrDefault(trial.number(), ""),
                        OptionalLong.of(sizes.weights(trial.parameters()))))
                .toList();
    }

    static Map<Integer, String> runKeys(SweepSetup setup) {
        Map<Integer, String> keys = new HashMap<>();
        setup.trials().forEach(trial -> keys.put(trial.number(), RunKeys.of(setup, trial)));
        return keys;
    }

    /**
     * Forgets what an earlier sweep was asked, and makes sure that this one can be recorded: one that could not record its
     * first epoch is better not begun.
     */
    private void begin() {
        new StopRequest(results).clear();
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
            SweepRun run, List<Trial> waiting, Map<Integer, String> runKeys, boolean retrain, int passesDone) {
        StopRequest request = new StopRequest(results);
        try {
            PassCount passes = new PassCount(run, passesDone);
            List<Trial> left = retrain ? waiting : takeOver(run, waiting, runKeys, passes);
            Supplier<Stopping> asked = () -> stopping.get().or(request.asked(run.id()));
            Outlook outlook = Outlook.of(run, left, store, cacheMaxBytes, rates, launch.workers());
            deleteHalfWritten(run.models());
            Workers.End end = new Workers(run, left, outlook, passes, store, cacheMaxBytes, launch, asked).run();
            deleteHalfWritten(run.models());
            track.endSweep(run.id(), end.state(), end.reason());
            return end.state();
        } catch (RuntimeException | Error e) {
            // Whatever it is, the record must not say that the sweep still runs.
            try {
                track.endSweep(run.id(), SweepState.FAILED, Reasons.of(e));
            } catch (StoreException second) {
                e.addSuppressed(second);
            }
            throw e;
        } finally {
            request.clear();
        }
    }

    private static void deleteHalfWritten(TrialModels models) {
        try {
            models.deleteHalfWritten();
        } catch (IOException e) {
            // They take space and do no harm; graft gc deletes them, or says why it cannot.
        }
    }

    /** Takes over the results of trials that are recorded as finished under the same run key; returns the others. */
    private List<Trial> takeOver(SweepRun run, List<Trial> waiting, Map<Integer, String> runKeys, PassCount passes) {
        Map<Integer, String> sources = new Repeats(recorded, run.models(), run.sweep()).sources(waiting, runKeys);
        Set<Integer> open = new HashSet<>();
        waiting.forEach(trial -> open.add(trial.number()));
        List<Trial> left = new ArrayList<>();
        List<FrozenPass> plan = run.setup().plan().passes();
        for (int p = 0; p < plan.size(); p++) {
            FrozenPass pass = plan.get(p);
            int before = left.size();
            boolean any = false;
            for (var group : pass.groups()) {
                for (Trial trial : group.trials()) {
                    if (open.contains(trial.number())) {
                        any = true;
                        String source = sources.get(trial.number());
                        if (source == null || !takeOver(run, group, trial, source)) {
                            left.add(trial);
                        } else {
                            passes.serves(trial.number());
                        }
                    }
                }
            }
            if (any && left.size() == before) {
                passes.count(p, stored(run.setup(), pass), 0, 0);
            }
        }
        return left;
    }

    private boolean takeOver(SweepRun run, FeatureGroup group, Trial trial, String source) {
        String id = run.trialId(trial.number());
        try {
            if (run.models().has(source)) {
                run.models().copy(source, id);
            }
        } catch (IOException e) {
            // Then it is trained again: the result is the same.
            return false;
        }
        SweepSetup setup = run.setup();
        String key = setup.source()
                .key(setup.base(group.base(), group.imageSize()), setup.output(group))
                .shortDigest();
        track.repeatTrial(id, source, key, "same as trial " + source + ", not trained again");
        listener.trialRepeated(id, trial, source);
        return true;
    }

    /** Finds the features of a pass that does not have to run, as far as the store still has them. */
    private List<WorkerEvent.Features> stored(SweepSetup setup, FrozenPass pass) {
        FrozenBase base = setup.base(pass.base(), pass.imageSize());
        List<WorkerEvent.Features> features = new ArrayList<>();
        for (FeatureOutput output : setup.outputs(pass)) {
            FeatureKey key = setup.source().key(base, output);
            Optional<FeatureFile> file = store.find(key);
            file.ifPresent(found -> features.add(WorkRunner.describe(key, found, false)));
        }
        return features;
    }

    private SweepRecord sweepRecord(String sweepId, SweepSetup setup, Map<String, String> facts) {
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
                facts);
    }
}
