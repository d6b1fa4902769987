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
import dev.graft.search.Trial;
import dev.graft.track.EpochRecord;
import dev.graft.track.Prediction;
import dev.graft.track.TrackWriter;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the trials of one pass on its features, and records them. */
final class TrialRunner {

    private static final Logger LOG = LoggerFactory.getLogger(TrialRunner.class);

    private final SweepSetup setup;
    private final FrozenBase base;
    private final Extraction extraction;
    private final int threads;
    private final TrackWriter track;
    private final TrialModels models;
    private final SweepListener listener;
    private final BooleanSupplier cancelled;

    TrialRunner(
            SweepSetup setup,
            FrozenBase base,
            Extraction extraction,
            int threads,
            TrackWriter track,
            TrialModels models,
            SweepListener listener,
            BooleanSupplier cancelled) {
        this.setup = setup;
        this.base = base;
        this.extraction = extraction;
        this.threads = threads;
        this.track = track;
        this.models = models;
        this.listener = listener;
        this.cancelled = cancelled;
    }

    /**
     * Runs one trial; whatever goes wrong in it is its own end only.
     *
     * @param sharing how many trials share the pass' cost
     */
    void run(String id, Trial trial, String featureGroup, boolean cacheHit, int sharing) {
        long start = System.nanoTime();
        track.startTrial(id, featureGroup, cacheHit, "");
        listener.trialStarted(id, trial);
        Map<String, Double> seconds = new LinkedHashMap<>();
        seconds.put("decode", extraction.decodeSeconds() / sharing);
        seconds.put("prefix", extraction.prefixSeconds() / sharing);
        TrialState state;
        String reason;
        Deque<AutoCloseable> open = new ArrayDeque<>();
        try {
            TrialOutcome outcome = TrialTrainer.train(trialSetup(trial, open), new Recorder(id));
            seconds.putAll(outcome.seconds());
            models.save(id, outcome.weights(), Map.of("trial", id, "kept_epoch", String.valueOf(outcome.keptEpoch())));
            state = TrialState.FINISHED;
            reason = outcome.reason();
        } catch (CancelledException e) {
            state = TrialState.CANCELLED;
            reason = Reasons.of(e);
        } catch (IOException e) {
            state = TrialState.FAILED;
            reason = "its weights cannot be stored: " + e.getMessage();
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.debug("trial {} failed", id, e);
            state = TrialState.FAILED;
            reason = Reasons.of(e);
        } finally {
            closeAll(open);
        }
        seconds.put("total", (System.nanoTime() - start) / 1e9);
        track.endTrial(id, state, reason, seconds, "");
        listener.trialEnded(id, state, reason);
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

    /** Writes epochs and the kept epoch's predictions as they come. */
    private final class Recorder implements TrialListener {

        private final String id;

        Recorder(String id) {
            this.id = id;
        }

        @Override
        public void epochEnded(EpochResult result, boolean kept, float[] probabilities) {
            track.addEpoch(id, record(result));
            if (kept) {
                track.putPredictions(id, result.epoch(), predictions(probabilities));
            }
            listener.epochEnded(id, result);
        }

        @Override
        public boolean cancelled() {
            return cancelled.getAsBoolean();
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

        private List<Prediction> predictions(float[] probabilities) {
            List<LabelledImage> images = setup.source().dataset().validation();
            int classes = setup.source().dataset().classes().size();
            List<Prediction> predictions = new ArrayList<>();
            for (int i = 0; i < images.size(); i++) {
                int predicted = Evaluation.likeliest(probabilities, i * classes, classes);
                LabelledImage image = images.get(i);
                predictions.add(new Prediction(
                        image.name(),
                        image.label(),
                        predicted,
                        probabilities[i * classes + predicted],
                        probabilities[i * classes + image.label()]));
            }
            return predictions;
        }
    }
}
