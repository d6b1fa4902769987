package dev.graft.run;

import dev.graft.features.FeatureExtractor;
import dev.graft.features.FeatureExtractor.Extraction;
import dev.graft.features.FeatureStore;
import dev.graft.features.FrozenBase;
import dev.graft.plan.FrozenPass;
import dev.graft.search.Trial;
import dev.graft.track.EpochRecord;
import dev.graft.track.TrialRecord;
import dev.graft.train.EpochResult;
import dev.graft.train.TrainingException;
import dev.graft.train.TrialListener;
import dev.graft.train.TrialSetup;
import dev.graft.train.TrialTrainer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains a recorded trial once more and compares every epoch with the record: its head by itself and with Deeplearning4j's
 * own graph, since it was trained together with others; its tail as it was trained, since it was by itself, and a single
 * step of Adam makes much of the last digits that two ways of computing the same leave.
 *
 * @param epochs those that both have
 * @param recorded how many epochs the record has
 * @param alone how many epochs the trial took by itself
 * @param recordedKept the epoch that the record kept
 * @param aloneKept the epoch that it kept by itself
 */
public record TrialVerification(List<Epoch> epochs, int recorded, int alone, int recordedKept, int aloneKept) {

    /** How far metrics may lie apart: sums of floating-point numbers in another order. */
    public static final double TOLERANCE = 1e-4;

    /** The metrics that are compared. */
    public static final List<String> METRICS = List.of("loss", "val_loss", "val_accuracy", "val_macro_f1");

    /** Copies the list. */
    public TrialVerification {
        epochs = List.copyOf(epochs);
    }

    /**
     * An epoch in both.
     *
     * @param differences of each metric, by its name, absolute
     */
    public record Epoch(
            int epoch, Map<String, Double> recorded, Map<String, Double> alone, Map<String, Double> differences) {

        /** Returns the largest difference. */
        public double worst() {
            // Not max(): that has no opinion on NaN.
            return differences.values().stream().mapToDouble(d -> d).reduce(0, Math::max);
        }
    }

    /** Hears of it while it runs. */
    public interface Progress {

        /** So many images went through the frozen base, where the store lacks its features. */
        void images(long done, long total);

        /** An epoch was trained. */
        void epoch(Epoch epoch);
    }

    /**
     * Verifies a finished trial.
     *
     * @param setup of its sweep, with this trial alone
     * @param epochs its recorded epochs
     */
    public static TrialVerification of(
            SweepSetup setup,
            TrialRecord record,
            List<EpochRecord> epochs,
            FeatureStore store,
            int threads,
            Progress progress) {
        FrozenPass pass = setup.plan().passes().get(0);
        Trial trial = setup.trials().get(0);
        FrozenBase base = setup.base(pass.base(), pass.imageSize());
        Extraction extraction = new FeatureExtractor(store, threads)
                .extract(setup.source(), base, setup.outputs(pass), progress::images, () -> false);
        Comparison comparison = new Comparison(epochs, progress);
        int kept = 0;
        try (TrialSetups setups = new TrialSetups(setup, base, extraction, threads)) {
            TrialSetup whole = setups.of(trial);
            kept = TrialTrainer.standAlone(whole.headAlone(), comparison).keptEpoch();
            if (whole.tail().isPresent()) {
                comparison.phase = 2;
                kept = TrialTrainer.train(whole, comparison).keptEpoch();
            }
        } catch (TrainingException e) {
            // It has no kept epoch then, which the record has.
        }
        return new TrialVerification(comparison.compared, epochs.size(), comparison.trained, record.keptEpoch(), kept);
    }

    /** Compares the epochs of one phase as they come. */
    private static final class Comparison implements TrialListener {

        private final List<EpochRecord> recorded;
        private final Progress progress;
        private final List<Epoch> compared = new ArrayList<>();
        private int phase = 1;
        private int trained;

        Comparison(List<EpochRecord> recorded, Progress progress) {
            this.recorded = recorded;
            this.progress = progress;
        }

        @Override
        public void epochEnded(EpochResult result, boolean kept, float[] probabilities) {
            trained = result.epoch();
            if (result.phase() == phase && result.epoch() <= recorded.size()) {
                Epoch epoch = compare(
                        recorded.get(result.epoch() - 1).metrics(),
                        TrialRunner.record(result).metrics(),
                        result.epoch());
                compared.add(epoch);
                progress.epoch(epoch);
            }
        }

        @Override
        public boolean cancelled() {
            return false;
        }
    }

    private static Epoch compare(Map<String, Double> recorded, Map<String, Double> alone, int epoch) {
        Map<String, Double> differences = new LinkedHashMap<>();
        for (String metric : METRICS) {
            differences.put(
                    metric,
                    Math.abs(recorded.getOrDefault(metric, Double.NaN) - alone.getOrDefault(metric, Double.NaN)));
        }
        return new Epoch(epoch, recorded, alone, differences);
    }

    /** Returns the largest difference of all epochs. */
    public double worst() {
        return epochs.stream().mapToDouble(Epoch::worst).reduce(0, Math::max);
    }

    /** Says whether it stopped at the same epoch, kept the same one, and every metric is within the tolerance. */
    public boolean agrees() {
        return recorded == alone && recordedKept == aloneKept && worst() <= TOLERANCE;
    }
}
