package dev.graft.run;

import dev.graft.features.CancelledException;
import dev.graft.features.FeatureExtractor;
import dev.graft.features.FeatureExtractor.Extraction;
import dev.graft.features.FeatureFile;
import dev.graft.features.FeatureOutput;
import dev.graft.features.FeatureStore;
import dev.graft.features.FrozenBase;
import dev.graft.plan.FeatureGroup;
import dev.graft.plan.FrozenPass;
import dev.graft.search.Trial;
import dev.graft.spec.Metric;
import dev.graft.spec.Sweep;
import dev.graft.track.FeatureGroupRecord;
import dev.graft.track.StoreException;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one sweep from its setup to its last trial, in this process: pass by pass, group by group, trial by trial.
 * Everything is recorded as it happens; a trial that fails is recorded with its reason and the next one begins.
 */
public final class SweepRunner {

    private static final Logger LOG = LoggerFactory.getLogger(SweepRunner.class);

    private final TrackWriter track;
    private final TrackReader recorded;
    private final TrialModels models;
    private final FeatureStore store;
    private final int threads;
    private final InstantSource clock;
    private final SweepListener listener;
    private final BooleanSupplier cancelled;
    private final boolean retrain;
    private final Map<Integer, String> runKeys = new HashMap<>();
    private final Set<Integer> done = new HashSet<>();
    private int passesDone;
    private int passesSaved;

    /**
     * Prepares a controller.
     *
     * @param track where the record is written
     * @param recorded the same record, for finding trials whose results can be taken over
     * @param models where kept weights are written
     * @param store where features are kept
     * @param threads for ONNX Runtime, and for decoding
     * @param listener hears of everything
     * @param cancelled says whether the user has asked to stop
     * @param retrain train also those trials whose result is recorded already
     */
    public SweepRunner(
            TrackWriter track,
            TrackReader recorded,
            TrialModels models,
            FeatureStore store,
            int threads,
            InstantSource clock,
            SweepListener listener,
            BooleanSupplier cancelled,
            boolean retrain) {
        this.track = track;
        this.recorded = recorded;
        this.models = models;
        this.store = store;
        this.threads = threads;
        this.clock = clock;
        this.listener = listener;
        this.cancelled = cancelled;
        this.retrain = retrain;
    }

    /**
     * Runs a sweep to its end.
     *
     * @param sweepId a new id
     * @return where the sweep stands: finished, cancelled, or failed when no features could be had
     */
    public SweepState run(String sweepId, SweepSetup setup) {
        setup.trials().forEach(trial -> runKeys.put(trial.number(), RunKeys.of(setup, trial)));
        track.createSweep(sweepRecord(sweepId, setup), trialRecords(sweepId, setup));
        listener.sweepStarted(sweepId, setup);
        SweepState state = SweepState.FINISHED;
        String reason = "";
        try {
            for (FrozenPass pass : setup.plan().passes()) {
                runPass(sweepId, setup, pass);
            }
        } catch (CancelledException e) {
            state = SweepState.CANCELLED;
            reason = Reasons.of(e);
        } catch (RuntimeException | Error e) {
            // Whatever it is, the record must not say that the sweep still runs.
            try {
                track.endSweep(sweepId, SweepState.FAILED, Reasons.of(e));
            } catch (StoreException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        track.endSweep(sweepId, state, reason);
        return state;
    }

    /** Runs a pass and its trials. */
    private void runPass(String sweepId, SweepSetup setup, FrozenPass pass) {
        stopIfCancelled();
        FrozenBase base = setup.base(pass.base(), pass.imageSize());
        int repeated = repeatFinished(sweepId, setup, pass, base);
        if (repeated == pass.trials()) {
            recordStored(sweepId, setup, pass, base);
            countPass(sweepId, setup, pass, false);
            return;
        }
        listener.passStarted(pass);
        long start = System.nanoTime();
        Extraction extraction;
        try {
            extraction = new FeatureExtractor(store, threads)
                    .extract(
                            setup.source(),
                            base,
                            setup.outputs(pass),
                            (done, total) -> listener.passProgress(pass, done, total),
                            cancelled);
        } catch (CancelledException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            // A full disk, an image that is not what it was, too little memory: this pass' trials have no features, but
            // those of another may.
            LOG.debug("pass {} failed", pass, e);
            failAll(sweepId, pass, Reasons.of(e));
            return;
        }
        boolean computed = !extraction.computed().isEmpty();
        countPass(sweepId, setup, pass, computed);
        listener.passEnded(pass, computed, (System.nanoTime() - start) / 1e9);
        recordGroups(sweepId, setup, pass, extraction);
        TrialRunner trials = new TrialRunner(setup, base, extraction, threads, track, models, listener, cancelled);
        for (FeatureGroup group : pass.groups()) {
            FeatureOutput output = setup.output(group);
            for (Trial trial : group.trials()) {
                if (done.contains(trial.number())) {
                    continue;
                }
                trials.run(
                        trialId(sweepId, trial),
                        trial,
                        setup.source().key(base, output).shortDigest(),
                        !extraction.computed().contains(output),
                        pass.trials() - repeated);
                stopIfCancelled();
            }
        }
    }

    private void countPass(String sweepId, SweepSetup setup, FrozenPass pass, boolean computed) {
        passesDone += computed ? 1 : 0;
        // What training alone, without a shared store, would have cost: one pass a trial.
        passesSaved += setup.source().settings().live() ? 0 : pass.trials() - (computed ? 1 : 0);
        track.setFrozenPasses(sweepId, passesDone, passesSaved);
    }

    private void stopIfCancelled() {
        if (cancelled.getAsBoolean()) {
            throw new CancelledException();
        }
    }

    /** Takes over the results of trials that are recorded as finished under the same run key; returns how many. */
    private int repeatFinished(String sweepId, SweepSetup setup, FrozenPass pass, FrozenBase base) {
        int repeated = 0;
        for (FeatureGroup group : pass.groups()) {
            String key = setup.source().key(base, setup.output(group)).shortDigest();
            for (Trial trial : group.trials()) {
                Optional<String> source = retrain ? Optional.empty() : recorded.finished(runKey(trial));
                if (source.isPresent() && models.hasWhole(source.get())) {
                    String id = trialId(sweepId, trial);
                    try {
                        models.copy(source.get(), id);
                    } catch (IOException e) {
                        // Then it is trained again: the result is the same.
                        continue;
                    }
                    track.repeatTrial(id, source.get(), key, "same as trial " + source.get() + ", not trained again");
                    listener.trialRepeated(id, trial, source.get());
                    done.add(trial.number());
                    repeated++;
                }
            }
        }
        return repeated;
    }

    /** Records the features of a pass that did not have to run, as far as the store still has them. */
    private void recordStored(String sweepId, SweepSetup setup, FrozenPass pass, FrozenBase base) {
        Map<FeatureOutput, FeatureFile> files = new LinkedHashMap<>();
        for (FeatureOutput output : setup.outputs(pass)) {
            store.find(setup.source().key(base, output)).ifPresent(file -> files.put(output, file));
        }
        recordGroups(sweepId, setup, pass, new Extraction(files, List.of(), 0, 0));
    }

    private void failAll(String sweepId, FrozenPass pass, String reason) {
        for (FeatureGroup group : pass.groups()) {
            for (Trial trial : group.trials()) {
                if (done.contains(trial.number())) {
                    continue;
                }
                String id = trialId(sweepId, trial);
                track.startTrial(id, "", false, "");
                track.endTrial(id, TrialState.FAILED, reason, Map.of(), "");
                listener.trialEnded(id, TrialState.FAILED, reason);
            }
        }
    }

    private void recordGroups(String sweepId, SweepSetup setup, FrozenPass pass, Extraction extraction) {
        FrozenBase base = setup.base(pass.base(), pass.imageSize());
        for (FeatureOutput output : setup.outputs(pass)) {
            FeatureFile file = extraction.files().get(output);
            if (file == null) {
                continue;
            }
            var key = setup.source().key(base, output);
            boolean hit = !extraction.computed().contains(output);
            int sharing = Math.max(1, extraction.computed().size());
            track.putFeatureGroup(
                    sweepId,
                    new FeatureGroupRecord(
                            key.shortDigest(),
                            pass.base(),
                            pass.imageSize(),
                            key.cutName(),
                            file.rows(),
                            file.bytes(),
                            hit,
                            hit ? 0 : extraction.decodeSeconds() / sharing,
                            hit ? 0 : extraction.prefixSeconds() / sharing));
        }
    }

    private String runKey(Trial trial) {
        return Objects.requireNonNull(runKeys.get(trial.number()), "every trial has its run key");
    }

    private static String trialId(String sweepId, Trial trial) {
        return sweepId + "-" + trial.number();
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
                Provenance.of(setup, threads));
    }

    private List<TrialRecord> trialRecords(String sweepId, SweepSetup setup) {
        List<TrialRecord> records = new ArrayList<>();
        for (Trial trial : setup.trials()) {
            records.add(new TrialRecord(
                    trialId(sweepId, trial),
                    sweepId,
                    trial.number(),
                    TrialState.WAITING,
                    "",
                    new LinkedHashMap<>(trial.assignment()),
                    trial.seed(),
                    "",
                    false,
                    0,
                    0,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(),
                    runKey(trial),
                    ""));
        }
        return records;
    }
}
