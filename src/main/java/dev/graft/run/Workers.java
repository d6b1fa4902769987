package dev.graft.run;

import dev.graft.data.LabelledImage;
import dev.graft.features.FeatureStore;
import dev.graft.fetch.DiskSpace;
import dev.graft.plan.FrozenPass;
import dev.graft.run.WorkerEvent.Fault;
import dev.graft.search.Trial;
import dev.graft.spec.Sweep;
import dev.graft.track.AttemptState;
import dev.graft.track.Prediction;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has worker processes run the waiting trials of a sweep, and records what they tell. A worker that dies is replaced; it
 * costs the attempt it was at. Everything here happens on the controller's thread, event by event.
 */
final class Workers {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final Duration TICK = Duration.ofMillis(250);

    /** A controller that was away for longer was asleep, and its workers with it. */
    private static final Duration ASLEEP = Duration.ofSeconds(5);

    private static final Duration DISK_CHECK = Duration.ofSeconds(5);
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final long GOODBYE_SECONDS = 10;
    private static final int MOST_NEWS = 1000;

    private final String sweepId;
    private final SweepSetup setup;
    private final Sweep sweep;
    private final Map<Integer, Trial> trials = new HashMap<>();
    private final TrackWriter track;
    private final TrackReader recorded;
    private final TrialModels models;
    private final PassCount passes;
    private final FeatureStore store;
    private final OptionalLong cacheMaxBytes;
    private final Path results;
    private final WorkerLaunch launch;
    private final SweepListener listener;
    private final Supplier<Stopping> stopping;
    private final WorkQueue queue;
    private final List<WorkerSlot> slots = new ArrayList<>();
    /** Bounded: workers wait for a record that is slow to write. */
    private final BlockingQueue<Runnable> news = new LinkedBlockingQueue<>(MOST_NEWS);

    private final WorkerMemory memory;
    private final Attempts attempts;
    private final PassFaults passFaults;
    private final List<KeptModels.Finished> finished = new ArrayList<>();
    private Stopping stopped = Stopping.NO;
    private @Nullable String failure;
    private int failedTrials;
    private boolean engines;
    private long lastTick;
    private long lastDiskCheck;

    /** How it ended. */
    record End(SweepState state, String reason) {}

    Workers(
            String sweepId,
            SweepSetup setup,
            List<Trial> waiting,
            TrackWriter track,
            TrackReader recorded,
            TrialModels models,
            PassCount passes,
            FeatureStore store,
            OptionalLong cacheMaxBytes,
            Path results,
            WorkerLaunch launch,
            SweepListener listener,
            Supplier<Stopping> stopping) {
        this.sweepId = sweepId;
        this.setup = setup;
        this.sweep = setup.file().sweep();
        this.track = track;
        this.recorded = recorded;
        this.models = models;
        this.passes = passes;
        this.store = store;
        this.cacheMaxBytes = cacheMaxBytes;
        this.results = results;
        this.launch = launch;
        this.listener = listener;
        this.stopping = stopping;
        waiting.forEach(trial -> trials.put(trial.number(), trial));
        this.queue = new WorkQueue(setup.plan(), waiting::contains, launch.workers());
        this.memory = launch.memory();
        this.attempts = new Attempts(recorded, sweepId, waiting, sweep.retry());
        this.passFaults = new PassFaults(sweep.retry());
        recorded.trials(sweepId).stream()
                .filter(trial -> trial.state() == TrialState.FINISHED)
                .forEach(trial -> finished.add(KeptModels.Finished.of(trial, sweep.metric())));
        for (int number = 1; number <= Math.min(launch.workers(), Math.max(1, waiting.size())); number++) {
            slots.add(new WorkerSlot(number));
        }
    }

    /** Runs the trials to their ends. */
    End run() {
        try {
            lastTick = System.nanoTime();
            lastDiskCheck = lastTick;
            while (true) {
                handOut();
                if (slots.stream().noneMatch(WorkerSlot::isBusy) && (isStopping() || queue.isEmpty())) {
                    break;
                }
                Runnable next = news.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    next.run();
                }
                if (System.nanoTime() - lastTick >= TICK.toNanos()) {
                    tick(System.nanoTime());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = Stopping.NOW;
        } finally {
            sayGoodbye();
        }
        if (failure != null) {
            return new End(SweepState.FAILED, failure);
        }
        // Asked too late: everything had ended.
        return stopped == Stopping.NO || trials.isEmpty()
                ? new End(SweepState.FINISHED, "")
                : new End(SweepState.CANCELLED, "stopped by the user");
    }

    private boolean isStopping() {
        return stopped != Stopping.NO || failure != null;
    }

    /** Gives every free worker something to do, and begins workers where there is more. */
    private void handOut() {
        if (isStopping()) {
            return;
        }
        for (WorkerSlot slot : slots) {
            if (slot.isRetired()) {
                continue;
            }
            if (slot.process().isEmpty() && !queue.isEmpty()) {
                start(slot);
            }
            if (slot.isFree()) {
                queue.next().ifPresent(piece -> assign(slot, piece));
            }
        }
        if (!queue.isEmpty() && slots.stream().allMatch(WorkerSlot::isRetired)) {
            fail("no worker is left: the last one " + lastRetirement);
        }
    }

    private String lastRetirement = "";

    private void start(WorkerSlot slot) {
        try {
            Path folder = Files.createDirectories(results.resolve("logs").resolve(sweepId));
            Path log = folder.resolve("worker-" + slot.number() + ".log");
            WorkerProcess process =
                    WorkerProcess.start(launch, log, "worker " + slot.number(), new WorkerProcess.Ear() {
                        @Override
                        public void event(WorkerProcess from, WorkerEvent event) {
                            report(() -> {
                                if (slot.is(from)) {
                                    slot.heard(System.nanoTime());
                                    event.tell(new Recorder(slot));
                                }
                            });
                        }

                        @Override
                        public void ended(WorkerProcess from, int exitCode) {
                            report(() -> {
                                if (slot.is(from)) {
                                    died(slot, exitCode);
                                }
                            });
                        }
                    });
            slot.started(process, System.nanoTime());
            process.send(prepare());
        } catch (IOException e) {
            fail("worker " + slot.number() + " cannot be begun: " + e.getMessage());
        }
    }

    private void report(Runnable event) {
        try {
            news.put(event);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private WorkerOrder.Prepare prepare() {
        Map<String, String> digests = new HashMap<>();
        setup.weights().forEach((base, weights) -> digests.put(base, weights.digest()));
        return new WorkerOrder.Prepare(
                setup.file().fileName(),
                setup.file().text(),
                setup.sweepFolder().toString(),
                setup.catalogue().folders().stream()
                        .map(folder -> folder.toAbsolutePath().toString())
                        .toList(),
                digests,
                setup.dataFolder().toString(),
                WorkerOrder.Images.of(setup.source().dataset()),
                store.directory().toString(),
                cacheMaxBytes.orElse(0),
                results.toAbsolutePath().toString(),
                launch.threads(),
                setup.trials().stream().map(WorkerOrder.Candidate::of).toList());
    }

    private void assign(WorkerSlot slot, WorkQueue.Piece piece) {
        slot.begin(piece);
        FrozenPass pass = setup.plan().passes().get(piece.pass());
        if (piece.begins()) {
            listener.passStarted(pass);
        }
        slot.process()
                .ifPresent(process -> process.send(new WorkerOrder.Work(
                        sweepId,
                        piece.pass(),
                        piece.group(),
                        piece.trials(),
                        passFaults.batch(piece.pass()),
                        Math.max(1, pass.trials()))));
    }

    private void tick(long now) {
        long away = now - lastTick;
        lastTick = now;
        if (away > ASLEEP.toNanos()) {
            slots.forEach(slot -> slot.slept(away));
        }
        Stopping asked = stopping.get();
        if (asked.compareTo(stopped) > 0) {
            stopped = asked;
            listener.stopping(asked);
            if (asked == Stopping.NOW) {
                // Their attempts are cancelled with the sweep, which is what was asked for.
                slots.forEach(slot -> slot.kill("stopped by the user", false));
            } else {
                stopWorkers();
            }
        }
        for (WorkerSlot slot : slots) {
            if (slot.process().isPresent()) {
                watch(slot, now);
            }
        }
        if (now - lastDiskCheck > DISK_CHECK.toNanos() && failure == null && !trials.isEmpty()) {
            lastDiskCheck = now;
            diskShortage().ifPresent(this::fail);
        }
    }

    private void watch(WorkerSlot slot, long now) {
        Duration limit = slot.isStarting() ? START_LIMIT : launch.silence();
        if (slot.silentFor(now) > limit.toNanos()) {
            slot.kill("its worker said nothing for " + limit.toSeconds() + " s", false);
        }
        sweep.maxTrialTime().ifPresent(longest -> {
            if (slot.trial().isPresent() && slot.trialRunsFor(now) > longest.toNanos()) {
                slot.kill("it took longer than max_trial_minutes allows", false);
            }
        });
    }

    private Optional<String> diskShortage() {
        try {
            return DiskSpace.almostFull(results);
        } catch (IOException e) {
            return Optional.of(results + " cannot be looked at: " + e.getMessage());
        }
    }

    /** Ends the sweep, as soon as its workers have ended what they are at. */
    private void fail(String reason) {
        if (failure == null) {
            failure = reason;
            stopWorkers();
        }
    }

    private void stopWorkers() {
        slots.forEach(slot -> slot.process().ifPresent(process -> process.send(new WorkerOrder.Stop())));
    }

    private void sayGoodbye() {
        slots.forEach(slot -> slot.process().ifPresent(WorkerProcess::release));
        slots.forEach(slot -> slot.process().ifPresent(process -> process.awaitEnd(GOODBYE_SECONDS)));
    }

    private void died(WorkerSlot slot, int exitCode) {
        String log = slot.logTail();
        String reason = slot.killed().orElseGet(() -> WorkerLaunch.death(exitCode, WorkerLog.crash(log)));
        boolean outOfMemory = slot.killedForMemory() || exitCode == WorkerLaunch.OUT_OF_MEMORY;
        Optional<WorkQueue.Piece> piece = slot.piece();
        Optional<Integer> trial = slot.trial();
        boolean starting = slot.isStarting();
        piece.ifPresent(given -> queue.giveBack(given, slot.giveUp()));
        slot.died();
        LOG.info("worker {} ended: {}", slot.number(), reason);
        if (stopped == Stopping.NOW) {
            return;
        }
        if (trial.isPresent()) {
            attemptEnded(trial.get(), AttemptState.CRASHED, reason, log);
            piece.ifPresent(given -> requeue(given, trial.get()));
        } else if (piece.isPresent() && !isStopping()) {
            passEnded(piece.get().pass(), outOfMemory ? Fault.MEMORY : Fault.OTHER, reason);
        }
        if (slot.cannotStart()) {
            retire(slot, "cannot start: " + reason + (log.isEmpty() || !starting ? "" : "\n" + log));
        } else if (slot.looksSick() && slots.stream().anyMatch(other -> other != slot && !other.isRetired())) {
            retire(slot, "died on " + WorkerSlot.DEATHS + " trials in a row: " + reason);
        }
    }

    private void requeue(WorkQueue.Piece piece, int trial) {
        if (trials.containsKey(trial)) {
            queue.giveBack(piece, Set.of(trial));
        }
    }

    private void retire(WorkerSlot slot, String reason) {
        slot.retire();
        lastRetirement = reason;
        listener.workerRetired(slot.number(), reason);
    }

    /** An attempt came to nothing: the trial waits for its next one, or has had its last. */
    private void attemptEnded(int number, AttemptState state, String reason, String log) {
        Trial trial = trial(number);
        String id = SweepRunner.trialId(sweepId, number);
        if (attempts.another(number)) {
            track.endAttempt(id, state, reason, log, true);
            listener.attemptEnded(id, trial, reason);
        } else {
            String after = attempts.allowed() > 1
                    ? reason + " (attempt " + attempts.allowed() + " of " + attempts.allowed() + ")"
                    : reason;
            endTrial(
                    number,
                    state == AttemptState.CRASHED ? TrialState.CRASHED : TrialState.FAILED,
                    after,
                    Map.of(),
                    log);
        }
    }

    private void endTrial(int number, TrialState state, String reason, Map<String, Double> seconds, String log) {
        String id = SweepRunner.trialId(sweepId, number);
        track.endTrial(id, state, reason, seconds, log);
        Trial trial = trial(number);
        trials.remove(number);
        listener.trialEnded(id, trial, state, reason);
        if (state == TrialState.FINISHED) {
            // The record is asked, and not the events: it knows which epoch was the best.
            recorded.trial(id).ifPresent(record -> finished.add(KeptModels.Finished.of(record, sweep.metric())));
            Set<String> lesser = Set.copyOf(KeptModels.superfluous(sweep.keepModels(), sweep.metric(), finished));
            KeptModels.apply(models, sweep.keepModels(), sweep.metric(), finished);
            // They stay lesser ones, and need not be looked at again after every trial of a long sweep.
            finished.removeIf(one -> lesser.contains(one.id()));
        } else if (state == TrialState.FAILED || state == TrialState.CRASHED) {
            failedTrials++;
            sweep.maxFailedTrials().ifPresent(most -> {
                if (failedTrials > most) {
                    fail("more trials have failed than max_failed_trials: " + most + " allows; the last one: "
                            + reason);
                }
            });
        }
    }

    private Trial trial(int number) {
        Trial trial = trials.get(number);
        if (trial == null) {
            throw new IllegalStateException("a worker told of trial " + number + ", which does not run");
        }
        return trial;
    }

    /** A pass gave no features: it begins again, or its trials have failed. */
    private void passEnded(int pass, Fault fault, String reason) {
        FrozenPass frozen = setup.plan().passes().get(pass);
        if (fault == Fault.DISK) {
            fail(reason);
            return;
        }
        Optional<String> again = passFaults.again(pass, fault, reason);
        if (again.isPresent()) {
            listener.passRepeated(frozen, again.get());
            return;
        }
        TrialState state = fault == Fault.TRIAL || fault == Fault.NONE ? TrialState.FAILED : TrialState.CRASHED;
        for (int number : queue.drop(pass)) {
            endTrial(number, state, reason, Map.of(), "");
        }
    }

    /** Writes down what one worker tells. */
    private final class Recorder implements WorkerEvent.Listener {

        private final WorkerSlot slot;

        Recorder(WorkerSlot slot) {
            this.slot = slot;
        }

        @Override
        public void ready(WorkerEvent.Ready event) {
            slot.ready();
            if (!engines) {
                engines = true;
                track.addProvenance(sweepId, event.engines());
            }
        }

        @Override
        public void heartbeat(WorkerEvent.Heartbeat event) {
            if (event.memory() > memory.totalBytes()) {
                slot.kill(
                        "its worker took " + (event.memory() >> 20) + " MiB of memory, and may take "
                                + (memory.totalBytes() >> 20),
                        true);
            }
        }

        @Override
        public void passProgress(WorkerEvent.PassProgress event) {
            listener.passProgress(setup.plan().passes().get(event.pass()), event.done(), event.total());
        }

        @Override
        public void passEnded(WorkerEvent.PassEnded event) {
            boolean computed = event.features().stream().anyMatch(WorkerEvent.Features::computed);
            boolean news = queue.ready(event.pass());
            if (news || computed) {
                int served = queue.waiting(event.pass()) + slot.left();
                passes.count(event.pass(), served, event.features(), event.decodeSeconds(), event.prefixSeconds());
                listener.passEnded(setup.plan().passes().get(event.pass()), computed, event.seconds(), served);
            }
        }

        @Override
        public void passFailed(WorkerEvent.PassFailed event) {
            slot.piece().ifPresent(piece -> queue.giveBack(piece, slot.giveUp()));
            Workers.this.passEnded(event.pass(), event.fault(), event.reason());
        }

        @Override
        public void trialStarted(WorkerEvent.TrialStarted event) {
            slot.trialStarted(event.trial(), System.nanoTime());
            String id = SweepRunner.trialId(sweepId, event.trial());
            track.startTrial(id, event.featureGroup(), event.cacheHit(), slot.label());
            listener.trialStarted(id, trial(event.trial()));
        }

        @Override
        public void epochEnded(WorkerEvent.EpochEnded event) {
            String id = SweepRunner.trialId(sweepId, event.trial());
            track.addEpoch(id, event.epoch());
            if (event.predictions() != null) {
                track.putPredictions(id, event.epoch().epoch(), predictions(event.predictions()));
            }
            listener.epochEnded(id, trial(event.trial()), event.epoch());
        }

        private List<Prediction> predictions(WorkerEvent.Predictions told) {
            List<LabelledImage> images = setup.source().dataset().validation();
            List<Prediction> predictions = new ArrayList<>();
            for (int i = 0; i < images.size(); i++) {
                LabelledImage image = images.get(i);
                predictions.add(new Prediction(
                        image.name(),
                        image.label(),
                        told.predicted().get(i),
                        told.confidence().get(i),
                        told.labelProbability().get(i)));
            }
            return predictions;
        }

        @Override
        public void trialEnded(WorkerEvent.TrialEnded event) {
            int number = event.trial();
            WorkQueue.Piece piece = slot.piece().orElseThrow();
            if (event.state() == TrialState.CANCELLED) {
                // It is recorded as such when the sweep ends, and waits for that.
                slot.trialEnded();
                return;
            }
            String log = slot.logTail();
            slot.trialEnded();
            if (event.state() == TrialState.FINISHED) {
                endTrial(number, TrialState.FINISHED, event.reason(), event.seconds(), "");
            } else if (event.fault() == Fault.DISK) {
                track.endAttempt(
                        SweepRunner.trialId(sweepId, number), AttemptState.CANCELLED, event.reason(), log, false);
                fail(event.reason());
            } else if (event.fault() == Fault.TRIAL) {
                endTrial(number, TrialState.FAILED, event.reason(), event.seconds(), log);
            } else {
                attemptEnded(number, AttemptState.FAILED, event.reason(), log);
                requeue(piece, number);
            }
        }

        @Override
        public void workEnded(WorkerEvent.WorkEnded event) {
            slot.piece().ifPresent(piece -> queue.giveBack(piece, slot.giveUp()));
            slot.workEnded();
        }
    }
}
