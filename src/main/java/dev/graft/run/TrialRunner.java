package dev.graft.run;

import dev.graft.data.LabelledImage;
import dev.graft.features.CancelledException;
import dev.graft.features.FeatureExtractor.Extraction;
import dev.graft.features.FeatureFile;
import dev.graft.features.FeatureOutput;
import dev.graft.features.FrozenBase;
import dev.graft.features.LiveFeatures;
import dev.graft.features.TrainingFeatures;
import dev.graft.plan.Plan;
import dev.graft.run.WorkerEvent.Fault;
import dev.graft.search.Trial;
import dev.graft.track.EpochRecord;
import dev.graft.track.TrialState;
import dev.graft.train.EpochResult;
import dev.graft.train.Evaluation;
import dev.graft.train.TrialListener;
import dev.graft.train.TrialOutcome;
import dev.graft.train.TrialSetup;
import dev.graft.train.TrialTrainer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the trials of one pass on its features, in a worker, and tells of them. */
final class TrialRunner {

    private static final Logger LOG = LoggerFactory.getLogger(TrialRunner.class);

    private final SweepSetup setup;
    private final FrozenBase base;
    private final Extraction extraction;
    private final int threads;
    private final TrialModels models;
    private final Consumer<WorkerEvent> events;
    private final BooleanSupplier stopped;

    TrialRunner(
            SweepSetup setup,
            FrozenBase base,
            Extraction extraction,
            int threads,
            TrialModels models,
            Consumer<WorkerEvent> events,
            BooleanSupplier stopped) {
        this.setup = setup;
        this.base = base;
        this.extraction = extraction;
        this.threads = threads;
        this.models = models;
        this.events = events;
        this.stopped = stopped;
    }

    /**
     * Runs one trial; whatever goes wrong in it is its own end only. A finished trial's weights are on the disk before
     * anybody hears that it finished.
     *
     * @param sharing how many trials share the pass' cost
     */
    void run(String id, Trial trial, String featureGroup, boolean cacheHit, int sharing) {
        long start = System.nanoTime();
        events.accept(new WorkerEvent.TrialStarted(trial.number(), featureGroup, cacheHit));
        Map<String, Double> seconds = new LinkedHashMap<>();
        seconds.put("decode", extraction.decodeSeconds() / sharing);
        seconds.put("prefix", extraction.prefixSeconds() / sharing);
        TrialState state;
        Fault fault = Fault.NONE;
        String reason;
        Deque<AutoCloseable> open = new ArrayDeque<>();
        try {
            TrialOutcome outcome = TrialTrainer.train(trialSetup(trial, open), new Teller(trial.number()));
            seconds.putAll(outcome.seconds());
            models.save(id, outcome.weights(), Map.of("trial", id, "kept_epoch", String.valueOf(outcome.keptEpoch())));
            state = TrialState.FINISHED;
            reason = outcome.reason();
        } catch (CancelledException e) {
            state = TrialState.CANCELLED;
            reason = Reasons.of(e);
        } catch (IOException e) {
            state = TrialState.FAILED;
            fault = Fault.DISK;
            reason = "its weights cannot be stored: " + e.getMessage();
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.warn("trial {} failed", id, e);
            state = TrialState.FAILED;
            fault = WorkRunner.fault(e);
            reason = Reasons.of(e);
        } finally {
            closeAll(open);
        }
        seconds.put("total", (System.nanoTime() - start) / 1e9);
        events.accept(new WorkerEvent.TrialEnded(trial.number(), state, fault, reason, seconds));
    }

    private TrialSetup trialSetup(Trial trial, Deque<AutoCloseable> open) {
        var dataset = setup.source().dataset();
        var parameters = trial.parameters();
        FeatureOutput headOutput = base.headOutput(Plan.pooling(parameters.pooling()));
        Optional<TrialSetup.Features> tail = parameters.fineTuneDepth() == 0
                ? Optional.empty()
                : Optional.of(features(base.tailOutput(parameters.fineTuneDepth()), open));
        return new TrialSetup(
                setup.file().sweep(),
                trial,
                base,
                dataset.classes().size(),
                labels(dataset.train()),
                labels(dataset.validation()),
                features(headOutput, open),
                tail);
    }

    private TrialSetup.Features features(FeatureOutput output, Deque<AutoCloseable> open) {
        FeatureFile file = extraction.files().get(output);
        if (file == null) {
            throw new IllegalStateException("the pass has no " + output);
        }
        if (setup.source().settings().live()) {
            LiveFeatures live = new LiveFeatures(setup.source(), base, output, threads);
            open.push(live);
            return new TrialSetup.Features(live, file.validation());
        }
        return new TrialSetup.Features(TrainingFeatures.of(file), file.validation());
    }

    private static int[] labels(List<LabelledImage> images) {
        return images.stream().mapToInt(LabelledImage::label).toArray();
    }

    private static void closeAll(Deque<AutoCloseable> open) {
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn("cannot close {}", resource, e);
            }
        }
    }

    /** Tells of epochs, and of the kept epoch's predictions, as they come. */
    private final class Teller implements TrialListener {

        private final int trial;

        Teller(int trial) {
            this.trial = trial;
        }

        @Override
        public void epochEnded(EpochResult result, boolean kept, float[] probabilities) {
            events.accept(new WorkerEvent.EpochEnded(trial, record(result), kept ? predictions(probabilities) : null));
        }

        @Override
        public boolean cancelled() {
            return stopped.getAsBoolean();
        }

        private EpochRecord record(EpochResult result) {
            Evaluation validation = result.validation();
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("loss", result.loss());
            metrics.put("val_loss", validation.loss());
            metrics.put("val_accuracy", validation.accuracy());
            metrics.put("val_macro_f1", validation.macroF1());
            metrics.put("learning_rate", result.learningRate());
            List<EpochRecord.ClassCount> classes = new ArrayList<>();
            for (int i = 0; i < validation.classes(); i++) {
                classes.add(new EpochRecord.ClassCount(
                        validation.actual(i), validation.predicted(i), validation.correct(i)));
            }
            return new EpochRecord(result.epoch(), result.phase(), metrics, classes);
        }

        private WorkerEvent.@Nullable Predictions predictions(float[] probabilities) {
            List<LabelledImage> images = setup.source().dataset().validation();
            int classes = setup.source().dataset().classes().size();
            List<Integer> predicted = new ArrayList<>();
            List<Double> confidence = new ArrayList<>();
            List<Double> labelProbability = new ArrayList<>();
            for (int i = 0; i < images.size(); i++) {
                int likeliest = Evaluation.likeliest(probabilities, i * classes, classes);
                predicted.add(likeliest);
                confidence.add((double) probabilities[i * classes + likeliest]);
                labelProbability.add(
                        (double) probabilities[i * classes + images.get(i).label()]);
            }
            return new WorkerEvent.Predictions(predicted, confidence, labelProbability);
        }
    }
}
