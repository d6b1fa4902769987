package dev.graft.run;

import dev.graft.data.LabelledImage;
import dev.graft.features.FeatureStore;
import dev.graft.fetch.DiskSpace;
import dev.graft.plan.FrozenPass;
import dev.graft.run.WorkerEvent.Fault;
import dev.graft.search.Trial;
import dev.graft.track.AttemptState;
import dev.graft.track.Prediction;
import dev.graft.track.SweepState;
import dev.graft.track.TrialState;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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

    /** A pass says something with every batch, or while it waits for another process' features. */
    private static final Duration STALLED = Duration.ofMinutes(10);

    /** Deaths in a row, over all workers, after which the machine is to blame and the sweep ends. */
    private static final int HOPELESS = 10;

    private static final long GOODBYE_SECONDS = 10;
    private static final int MOST_NEWS = 1000;

    private final SweepRun run;
    private final OpenTrials trials;
    private final PassCount passes;
    private final FeatureStore store;
    private final OptionalLong cacheMaxBytes;
    private final WorkerLaunch launch;
    private final WorkerMemory memory;
    private final Supplier<Stopping> stopping;
    private final Outlook outlook;
    private final WorkQueue queue;
    private final PassFaults passFaults;
    private final List<WorkerSlot> slots = new ArrayList<>();

    /** Bounded: workers wait for a record that is slow to write. */
    private final BlockingQueue<Runnable> news = new LinkedBlockingQueue<>(MOST_NEWS);

    /** What workers died on since a trial ended otherwise: trials by their numbers, passes by -1 and below. */
    private final Set<Integer> deadly = new HashSet<>();

    /** Trials whose attempt with others was lost: on their own, it shows whose fault it was. */
    private final Set<Integer> alone = new HashSet<>();

    private WorkerOrder.@Nullable Prepare prepare;
    private Stopping stopped = Stopping.NO;
    private @Nullable String failure;
    private String lastRetirement = "";
    private boolean engines;
    private long lastTick;
    private long lastDiskCheck;

    /** How it ended. */
    record End(SweepState state, String reason) {}

    /**
     * Gets ready.
     *
     * @param waiting the trials to run
     * @param outlook their order
     * @param stopping says whether the user has asked to stop
     */
    Workers(
            SweepRun run,
            List<Trial> waiting,
            Outlook outlook,
            PassCount passes,
            FeatureStore store,
            OptionalLong cacheMaxBytes,
            WorkerLaunch launch,
            Supplier<Stopping> stopping) {
        this.run = run;
        this.trials = new OpenTrials(run, waiting);
        this.passes = passes;
        this.store = store;
        this.cacheMaxBytes = cacheMaxBytes;
        this.launch = launch;
        this.memory = launch.memory();
        this.stopping = stopping;
        this.outlook = outlook;
        this.queue = new WorkQueue(
                run.setup().plan(), outlook.turns(), trial -> trials.contains(trial.number()), launch.workers());
        this.passFaults = new PassFaults(run.sweep().retry());
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
            outlook.keep();
        }
        if (trials.isEmpty()) {
            // Asked to stop, or out of something, too late: everything had ended.
            return new End(SweepState.FINISHED, "");
        }
        if (failure != null) {
            return new End(SweepState.FAILED, failure);
        }
        return stopped == Stopping.NO
                ? new End(SweepState.FAILED, "trials were left over; this is a bug in Graft")
                : new End(SweepState.CANCELLED, "stopped by the user");
    }

    private boolean isStopping() {
        return stopped != Stopping.NO || failure != null;
    }

    private FrozenPass pass(int number) {
        return run.setup().plan().passes().get(number);
    }

    /** Gives every free worker something to do, and begins workers where there is more. */
    private void handOut() {
        for (WorkerSlot slot : slots) {
            if (isStopping() || slot.isRetired()) {
                continue;
            }
            if (slot.process().isEmpty() && !queue.isEmpty()) {
                start(slot);
            }
            if (slot.isFree()) {
                queue.next().ifPresent(piece -> assign(slot, piece));
            }
        }
        if (!isStopping() && !queue.isEmpty() && slots.stream().allMatch(WorkerSlot::isRetired)) {
            fail("no worker is left: the last one " + lastRetirement);
        }
    }

    private void start(WorkerSlot slot) {
        try {
            Path folder = Files.createDirectories(run.results().resolve("logs").resolve(run.id()));
            Path log = folder.resolve("worker-" + slot.number() + ".log");
            WorkerProcess process = WorkerProcess.start(launch, log, "worker " + slot.number(), new Ear(slot));
            slot.started(process, System.nanoTime());
            process.send(prepare());
        } catch (IOException e) {
            fail("worker " + slot.number() + " cannot be begun: " + e.getMessage());
        }
    }

    /** Carries a process' words to the controller's thread; those of a process that was replaced are dropped. */
    private final class Ear implements WorkerProcess.Ear {

        private final WorkerSlot slot;

        Ear(WorkerSlot slot) {
            this.slot = slot;
        }

        @Override
        public void event(WorkerProcess from, WorkerEvent event) {
            report(from, () -> {
                slot.heard(System.nanoTime());
                event.tell(new Recorder(slot));
                event.tell(outlook.ear(slot.number()));
            });
        }

        @Override
        public void garbled(WorkerProcess from) {
            report(from, () -> slot.kill("its worker's words were mixed with other output", false));
        }

        @Override
        public void ended(WorkerProcess from, int exitCode) {
            report(from, () -> died(slot, exitCode));
        }

        private void report(WorkerProcess from, Runnable event) {
            try {
                news.put(() -> {
                    if (slot.is(from)) {
                        event.run();
                    }
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private WorkerOrder.Prepare prepare() {
        if (prepare == null) {
            SweepSetup setup = run.setup();
            Map<String, String> digests = new HashMap<>();
            setup.weights().forEach((base, weights) -> digests.put(base, weights.digest()));
            prepare = new WorkerOrder.Prepare(
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
                    run.results().toAbsolutePath().toString(),
                    launch.threads(),
                    setup.trials().stream().map(WorkerOrder.Candidate::of).toList());
        }
        return prepare;
    }

    private void assign(WorkerSlot slot, WorkQueue.Piece piece) {
        slot.begin(piece, System.nanoTime());
        FrozenPass pass = pass(piece.pass());
        if (piece.begins()) {
            run.listener().passStarted(pass);
        }
        slot.process()
                .ifPresent(process -> process.send(new WorkerOrder.Work(
                        run.id(),
                        piece.pass(),
                        piece.group(),
                        piece.trials(),
                        piece.trials().stream().filter(alone::contains).toList(),
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
            run.listener().stopping(asked);
            if (asked == Stopping.NOW) {
                slots.forEach(slot -> slot.kill("stopped by the user", false));
            } else {
                stopWorkers();
            }
        }
        slots.forEach(slot -> watch(slot, now));
        outlook.tick(trials::contains, now);
        if (now - lastDiskCheck > DISK_CHECK.toNanos() && failure == null && !trials.isEmpty()) {
            lastDiskCheck = now;
            diskShortage().ifPresent(this::fail);
        }
    }

    private void watch(WorkerSlot slot, long now) {
        if (slot.process().isEmpty()) {
            return;
        }
        Duration limit = slot.isStarting() ? START_LIMIT : launch.silence();
        if (slot.silentFor(now) > limit.toNanos()) {
            slot.kill("its worker said nothing for " + limit.toSeconds() + " s", false);
        }
        if (slot.isInPass() && slot.withoutProgressFor(now) > STALLED.toNanos()) {
            slot.kill("its pass went on no further for " + STALLED.toMinutes() + " minutes", false);
        }
        run.sweep().maxTrialTime().ifPresent(longest -> {
            if (!slot.running().isEmpty()
                    && Math.max(slot.trialsRunFor(now), slot.trialsSilentFor(now)) > longest.toNanos()) {
                slot.kill(
                        "it took longer than max_trial_minutes: "
                                + BigDecimal.valueOf(longest.toMillis())
                                        .divide(BigDecimal.valueOf(60_000), MathContext.DECIMAL32)
                                        .stripTrailingZeros()
                                        .toPlainString(),
                        false);
            }
        });
    }

    private Optional<String> diskShortage() {
        try {
            return DiskSpace.almostFull(run.results());
        } catch (IOException e) {
            return Optional.of(run.results() + " cannot be looked at: " + e.getMessage());
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
        boolean byKernel = slot.killed().isEmpty() && exitCode == 137 && slot.kernelHasKilled();
        String reason = byKernel
                ? "its worker was killed by the kernel: out of memory"
                : slot.killed().orElseGet(() -> WorkerLaunch.death(exitCode, WorkerLog.crash(log)));
        boolean outOfMemory = byKernel || slot.killedForMemory() || exitCode == WorkerLaunch.OUT_OF_MEMORY;
        Optional<WorkQueue.Piece> piece = slot.piece();
        List<Integer> running =
                slot.running().stream().filter(trials::contains).sorted().toList();
        boolean together = slot.isTogether();
        boolean inPass = slot.isInPass();
        String label = slot.label();
        Optional<Path> logFile = slot.process().map(process -> process.log().file());
        piece.ifPresent(given -> queue.giveBack(given, slot.giveUp()));
        slot.died();
        LOG.info("worker {} ended: {}", slot.number(), reason);
        if (isStopping()) {
            // What ran is cancelled with the sweep, and is nobody's fault.
            return;
        }
        if (!running.isEmpty()) {
            for (int number : running) {
                attemptEnded(piece, number, together, AttemptState.CRASHED, reason, log);
            }
        } else if (piece.isPresent() && (inPass || slot.looksSick())) {
            passLost(piece.get().pass(), outOfMemory ? Fault.MEMORY : Fault.OTHER, reason, label, log);
        }
        if (slot.cannotStart()) {
            retire(
                    slot,
                    "cannot start: " + reason
                            + WorkerLog.firstError(log).map(line -> ": " + line).orElse("")
                            + logFile.map(file -> "; its log is " + file).orElse(""));
        } else if (piece.isPresent()) {
            int cause = running.isEmpty() ? -1 - piece.get().pass() : running.get(0);
            noteDeath(slot, cause, piece.get().pass(), reason);
        }
        overBudget();
    }

    /** A worker that dies on everything, or work that kills every worker: others get their chance first. */
    private void noteDeath(WorkerSlot slot, int cause, int pass, String reason) {
        deadly.add(cause);
        if (deadly.size() >= HOPELESS) {
            fail(HOPELESS + " trials or passes in a row have killed their workers, the last one because " + reason);
        } else if (slot.looksSick() && slots.stream().anyMatch(other -> other != slot && !other.isRetired())) {
            retire(slot, "died " + WorkerSlot.DEATHS + " times in a row: " + reason);
        } else if (slot.looksSick()) {
            queue.defer(pass);
        }
    }

    /** An attempt came to nothing. Of trials that ran together nobody knows which was to blame: each tries again alone. */
    private void attemptEnded(
            Optional<WorkQueue.Piece> piece,
            int number,
            boolean together,
            AttemptState state,
            String reason,
            String log) {
        if (together && alone.add(number)) {
            trials.attemptLost(number, state, reason, log);
        } else {
            trials.attemptEnded(number, state, reason, log);
        }
        piece.ifPresent(given -> requeue(given, number));
    }

    private void requeue(WorkQueue.Piece piece, int trial) {
        if (trials.contains(trial)) {
            queue.giveBack(piece, Set.of(trial));
        }
    }

    private void retire(WorkerSlot slot, String reason) {
        slot.retire();
        lastRetirement = reason;
        run.listener().workerRetired(slot.number(), reason);
    }

    private void overBudget() {
        trials.overBudget().ifPresent(this::fail);
    }

    /** A pass gave no features: it begins again, or its trials have failed. */
    private void passLost(int pass, Fault fault, String reason, String label, String log) {
        if (fault == Fault.DISK) {
            fail(reason);
            return;
        }
        Optional<String> again = passFaults.again(pass, fault, reason);
        if (again.isPresent()) {
            run.listener().passRepeated(pass(pass), again.get());
            return;
        }
        TrialState state = fault == Fault.TRIAL ? TrialState.FAILED : TrialState.CRASHED;
        // The log once, at the first of them.
        String tail = log;
        for (int number : queue.drop(pass)) {
            run.track().startTrial(run.trialId(number), "", false, label);
            trials.end(number, state, reason, Map.of(), tail);
            tail = "";
        }
        overBudget();
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
                run.track().addProvenance(run.id(), event.engines());
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
            slot.progressed(System.nanoTime());
            if (event.total() > 0) {
                run.listener().passProgress(pass(event.pass()), event.done(), event.total());
            }
        }

        @Override
        public void passEnded(WorkerEvent.PassEnded event) {
            slot.passEnded(event.pass());
            boolean computed = event.features().stream().anyMatch(WorkerEvent.Features::computed);
            if (queue.ready(event.pass()) || computed) {
                passes.count(event.pass(), event.features(), event.decodeSeconds(), event.prefixSeconds());
                int waiting = queue.waiting(event.pass()) + slot.left();
                run.listener().passEnded(pass(event.pass()), computed, event.seconds(), waiting);
            }
        }

        @Override
        public void passFailed(WorkerEvent.PassFailed event) {
            String label = slot.label();
            String log = slot.logTail();
            slot.piece().ifPresent(piece -> queue.giveBack(piece, slot.giveUp()));
            slot.passLost();
            passLost(event.pass(), event.fault(), event.reason(), label, log);
        }

        @Override
        public void trialStarted(WorkerEvent.TrialStarted event) {
            if (slot.killed().isPresent()) {
                // Said while the blow was under way: it has not begun.
                return;
            }
            Trial trial = trials.get(event.trial());
            slot.trialStarted(event.trial(), System.nanoTime());
            String id = run.trialId(event.trial());
            run.track().startTrial(id, event.featureGroup(), event.cacheHit(), slot.label());
            passes.serves(event.trial());
            run.listener().trialStarted(id, trial);
        }

        @Override
        public void epochEnded(WorkerEvent.EpochEnded event) {
            if (!slot.isRunning(event.trial())) {
                return;
            }
            String id = run.trialId(event.trial());
            slot.trialTold(System.nanoTime());
            run.track().addEpoch(id, event.epoch());
            run.listener().epochEnded(id, trials.get(event.trial()), event.epoch());
        }

        private List<Prediction> predictions(WorkerEvent.Predictions told) {
            List<LabelledImage> images = run.setup().source().dataset().validation();
            List<Prediction> predictions = new ArrayList<>();
            for (int i = 0; i < images.size(); i++) {
                LabelledImage image = images.get(i);
                predictions.add(new Prediction(
                        image.name(),
                        image.label(),
                        told.predicted()[i],
                        told.confidence()[i],
                        told.labelProbability()[i]));
            }
            return predictions;
        }

        @Override
        public void trialEnded(WorkerEvent.TrialEnded event) {
            int number = event.trial();
            if (!slot.isRunning(number)) {
                return;
            }
            String log = slot.logTail();
            boolean together = slot.isTogether();
            slot.trialEnded(number, System.nanoTime());
            deadly.clear();
            slot.piece().ifPresent(piece -> passFaults.clear(piece.pass()));
            if (event.state() == TrialState.CANCELLED) {
                // It is recorded as such when the sweep ends, and waits for that.
                return;
            }
            if (event.state() == TrialState.FINISHED) {
                if (event.predictions() != null) {
                    run.track()
                            .putPredictions(
                                    run.trialId(number), event.predictions().epoch(), predictions(event.predictions()));
                }
                trials.end(number, TrialState.FINISHED, event.reason(), event.seconds(), "");
            } else if (event.fault() == Fault.DISK) {
                trials.attemptCutOff(number, event.reason(), log);
                fail(event.reason());
            } else if (event.fault() == Fault.TRIAL) {
                trials.end(number, TrialState.FAILED, event.reason(), event.seconds(), log);
            } else {
                attemptEnded(slot.piece(), number, together, AttemptState.FAILED, event.reason(), log);
            }
            overBudget();
        }

        @Override
        public void warning(WorkerEvent.Warning event) {
            run.listener().warned(event.text());
        }

        @Override
        public void workEnded(WorkerEvent.WorkEnded event) {
            slot.piece().ifPresent(piece -> {
                for (int open : slot.running()) {
                    if (trials.contains(open) && !isStopping()) {
                        attemptEnded(
                                slot.piece(),
                                open,
                                slot.isTogether(),
                                AttemptState.FAILED,
                                "its worker did not say how it ended",
                                slot.logTail());
                    }
                }
                if (!slot.isPassLost()) {
                    queue.giveBack(piece, slot.giveUp());
                }
            });
            slot.workEnded();
        }
    }
}
