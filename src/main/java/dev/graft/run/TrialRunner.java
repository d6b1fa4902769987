package dev.graft.run;

import dev.graft.data.LabelledImage;
import dev.graft.features.CancelledException;
import dev.graft.features.FeatureExtractor.Extraction;
import dev.graft.features.FeatureOutput;
import dev.graft.features.FrozenBase;
import dev.graft.plan.Plan;
import dev.graft.run.WorkerEvent.Fault;
import dev.graft.search.Trial;
import dev.graft.track.EpochRecord;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import dev.graft.train.EpochResult;
import dev.graft.train.Evaluation;
import dev.graft.train.HeadCohort;
import dev.graft.train.TrialListener;
import dev.graft.train.TrialOutcome;
import dev.graft.train.TrialTrainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the trials of one feature group, in a worker, and tells of them: heads together, where their shapes allow. */
final class TrialRunner {

    private static final Logger LOG = LoggerFactory.getLogger(TrialRunner.class);

    /** More heads gain nothing, and would keep others waiting for their first epoch. */
    private static final int MOST_TOGETHER = 256;

    private final SweepSetup setup;
    private final FrozenBase base;
    private final Extraction extraction;
    private final Shared shared;
    private final int threads;
    private final TrialModels models;
    private final Consumer<WorkerEvent> events;
    private final BooleanSupplier stopped;

    TrialRunner(
            SweepSetup setup,
            FrozenBase base,
            Extraction extraction,
            Shared shared,
            int threads,
            TrialModels models,
            Consumer<WorkerEvent> events,
            BooleanSupplier stopped) {
        this.setup = setup;
        this.base = base;
        this.extraction = extraction;
        this.shared = shared;
        this.threads = threads;
        this.models = models;
        this.events = events;
        this.stopped = stopped;
    }

    /**
     * What all trials have in common.
     *
     * @param featureGroup the short key of their features
     * @param cacheHit whether these were in the store
     * @param sharing how many trials share the pass' cost
     */
    record Shared(String sweepId, String featureGroup, boolean cacheHit, int sharing) {}

    /**
     * Runs trials to their ends, or until the user asks to stop; whatever goes wrong in one is its own end only. A
     * finished trial's weights are on the disk before anybody hears that it finished.
     *
     * @param alone numbers of those that are not to train with others
     */
    void run(List<Trial> trials, Set<Integer> alone) {
        for (List<Trial> cohort : cohorts(trials, alone)) {
            if (stopped.getAsBoolean()) {
                return;
            }
            List<Attempt> attempts = cohort.stream().map(Attempt::new).toList();
            try (TrialSetups setups = new TrialSetups(setup, base, extraction, threads)) {
                if (cohort.get(0).parameters().fineTuneDepth() > 0) {
                    Attempt attempt = attempts.get(0);
                    attempt.finished(TrialTrainer.train(setups.of(attempt.trial), attempt));
                } else {
                    HeadCohort.train(
                            attempts.stream()
                                    .map(attempt -> new HeadCohort.Entry(setups.of(attempt.trial), attempt, attempt))
                                    .toList(),
                            threads);
                }
            } catch (RuntimeException | OutOfMemoryError e) {
                attempts.forEach(attempt -> attempt.lost(e));
            }
        }
    }

    /** Puts together what may train together and fits into memory; each of the others is by itself. */
    private List<List<Trial>> cohorts(List<Trial> trials, Set<Integer> alone) {
        Map<Object, List<Trial>> byStructure = new LinkedHashMap<>();
        for (Trial trial : trials) {
            boolean single = trial.parameters().fineTuneDepth() > 0 || alone.contains(trial.number());
            Object key = single ? trial : HeadCohort.Structure.of(trial.parameters());
            byStructure.computeIfAbsent(key, unused -> new ArrayList<>()).add(trial);
        }
        List<List<Trial>> cohorts = new ArrayList<>();
        for (List<Trial> alike : byStructure.values()) {
            int most = alike.size() == 1 ? 1 : most(alike.get(0));
            for (int from = 0; from < alike.size(); from += most) {
                cohorts.add(alike.subList(from, Math.min(from + most, alike.size())));
            }
        }
        return cohorts;
    }

    /** Returns how many trials like one train together in a quarter of the heap. */
    private int most(Trial trial) {
        FeatureOutput output = base.headOutput(Plan.pooling(trial.parameters().pooling()));
        int inputs = 1;
        for (int axis : base.shape(output)) {
            inputs *= axis;
        }
        long bytes = HeadCohort.bytes(
                trial.parameters(),
                inputs,
                setup.source().dataset().classes().size(),
                setup.source().dataset().validation().size());
        return (int) Math.max(1, Math.min(Runtime.getRuntime().maxMemory() / 4 / bytes, MOST_TOGETHER));
    }

    /** Returns what the record says of an epoch. */
    static EpochRecord record(EpochResult result) {
        Evaluation validation = result.validation();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss", result.loss());
        metrics.put("val_loss", validation.loss());
        metrics.put("val_accuracy", validation.accuracy());
        metrics.put("val_macro_f1", validation.macroF1());
        metrics.put("learning_rate", result.learningRate());
        List<EpochRecord.ClassCount> classes = new ArrayList<>();
        for (int i = 0; i < validation.classes(); i++) {
            classes.add(
                    new EpochRecord.ClassCount(validation.actual(i), validation.predicted(i), validation.correct(i)));
        }
        return new EpochRecord(result.epoch(), result.phase(), metrics, classes);
    }

    /** One attempt at a trial: tells of its epochs and of its end. */
    private final class Attempt implements TrialListener, HeadCohort.Ending {

        private final Trial trial;
        private final String id;
        private boolean ended;

        Attempt(Trial trial) {
            this.trial = trial;
            this.id = TrialRecord.id(shared.sweepId(), trial.number());
            events.accept(new WorkerEvent.TrialStarted(trial.number(), shared.featureGroup(), shared.cacheHit()));
        }

        @Override
        public void epochEnded(EpochResult result, boolean kept, float[] probabilities) {
            events.accept(new WorkerEvent.EpochEnded(trial.number(), record(result)));
        }

        @Override
        public boolean cancelled() {
            return stopped.getAsBoolean();
        }

        @Override
        public synchronized void finished(TrialOutcome outcome) {
            if (ended) {
                return;
            }
            try {
                models.save(
                        id, outcome.weights(), Map.of("trial", id, "kept_epoch", String.valueOf(outcome.keptEpoch())));
            } catch (IOException e) {
                end(
                        TrialState.FAILED,
                        Fault.DISK,
                        "its weights cannot be stored: " + e.getMessage(),
                        outcome.seconds(),
                        null);
                return;
            }
            end(TrialState.FINISHED, Fault.NONE, outcome.reason(), outcome.seconds(), predictions(outcome));
        }

        @Override
        public void failed(RuntimeException failure) {
            lost(failure);
        }

        /** Ends it, unless it has ended. */
        synchronized void lost(Throwable failure) {
            if (ended) {
                return;
            }
            if (failure instanceof CancelledException) {
                end(TrialState.CANCELLED, Fault.NONE, Reasons.of(failure), Map.of(), null);
            } else {
                LOG.warn("trial {} failed", id, failure);
                end(TrialState.FAILED, WorkRunner.fault(failure), Reasons.of(failure), Map.of(), null);
            }
        }

        private void end(
                TrialState state,
                Fault fault,
                String reason,
                Map<String, Double> training,
                WorkerEvent.@Nullable Predictions predictions) {
            ended = true;
            Map<String, Double> seconds = new LinkedHashMap<>();
            seconds.put("decode", extraction.decodeSeconds() / shared.sharing());
            seconds.put("prefix", extraction.prefixSeconds() / shared.sharing());
            seconds.putAll(training);
            // Of the time of heads that train together each counts its share, so that sums are what the clock showed.
            seconds.put(
                    "total",
                    training.values().stream().mapToDouble(part -> part).sum());
            events.accept(new WorkerEvent.TrialEnded(trial.number(), state, fault, reason, seconds, predictions));
        }

        private WorkerEvent.Predictions predictions(TrialOutcome outcome) {
            List<LabelledImage> images = setup.source().dataset().validation();
            int classes = setup.source().dataset().classes().size();
            float[] probabilities = outcome.probabilities();
            int[] predicted = new int[images.size()];
            float[] confidence = new float[images.size()];
            float[] labelProbability = new float[images.size()];
            for (int i = 0; i < images.size(); i++) {
                predicted[i] = Evaluation.likeliest(probabilities, i * classes, classes);
                confidence[i] = probabilities[i * classes + predicted[i]];
                labelProbability[i] = probabilities[i * classes + images.get(i).label()];
            }
            return new WorkerEvent.Predictions(outcome.keptEpoch(), predicted, confidence, labelProbability);
        }
    }
}
