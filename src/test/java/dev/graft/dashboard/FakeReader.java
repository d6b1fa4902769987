package dev.graft.dashboard;

import dev.graft.track.AttemptRecord;
import dev.graft.track.EpochRecord;
import dev.graft.track.FeatureGroupRecord;
import dev.graft.track.Prediction;
import dev.graft.track.StoreException;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialRecord;
import dev.graft.track.UnknownSweepException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A record in memory that tests fill and change; every change makes its version grow. */
final class FakeReader implements TrackReader {

    private final Map<String, SweepRecord> sweeps = new LinkedHashMap<>();
    private final Map<String, TrialRecord> trials = new LinkedHashMap<>();
    private final Map<String, List<EpochRecord>> epochs = new LinkedHashMap<>();
    private final Map<String, List<Prediction>> predictions = new LinkedHashMap<>();
    private final Map<String, List<FeatureGroupRecord>> groups = new LinkedHashMap<>();
    private final Map<String, List<AttemptRecord>> attempts = new LinkedHashMap<>();
    private long version = 1;
    private boolean broken;

    synchronized void put(SweepRecord sweep) {
        sweeps.put(sweep.id(), sweep);
        version++;
    }

    synchronized void put(TrialRecord trial) {
        trials.put(trial.id(), trial);
        version++;
    }

    synchronized void put(String trialId, List<EpochRecord> records) {
        epochs.put(trialId, List.copyOf(records));
        version++;
    }

    synchronized void predict(String trialId, List<Prediction> list) {
        predictions.put(trialId, List.copyOf(list));
        version++;
    }

    synchronized void attempt(String trialId, List<AttemptRecord> list) {
        attempts.put(trialId, List.copyOf(list));
        version++;
    }

    synchronized void group(String sweepId, FeatureGroupRecord group) {
        groups.computeIfAbsent(sweepId, id -> new ArrayList<>()).add(group);
        version++;
    }

    /** Makes every later call fail as a locked or damaged file would. */
    synchronized void breakDown(boolean down) {
        broken = down;
    }

    @Override
    public synchronized List<SweepRecord> sweeps() {
        check();
        return sweeps.values().stream()
                .sorted(Comparator.comparing(SweepRecord::createdAt).reversed())
                .toList();
    }

    @Override
    public synchronized SweepRecord sweep(String reference) {
        check();
        List<SweepRecord> found = sweeps().stream()
                .filter(sweep -> reference.equals("latest") || sweep.id().startsWith(reference))
                .toList();
        if (found.isEmpty() || (found.size() > 1 && !reference.equals("latest"))) {
            throw new UnknownSweepException("there is no sweep " + reference + "; there are "
                    + sweeps.keySet().stream().sorted().toList());
        }
        return found.get(0);
    }

    @Override
    public synchronized List<TrialRecord> trials(String sweepId) {
        check();
        return trials.values().stream()
                .filter(trial -> trial.sweepId().equals(sweepId))
                .sorted(Comparator.comparingInt(TrialRecord::number))
                .toList();
    }

    @Override
    public synchronized Optional<TrialRecord> trial(String trialId) {
        check();
        return Optional.ofNullable(trials.get(trialId));
    }

    @Override
    public List<String> finished(String runKey) {
        return List.of();
    }

    @Override
    public synchronized List<AttemptRecord> attempts(String trialId) {
        return attempts.getOrDefault(trialId, List.of());
    }

    @Override
    public synchronized List<EpochRecord> epochs(String trialId) {
        return epochs.getOrDefault(trialId, List.of());
    }

    @Override
    public synchronized Map<String, List<EpochRecord>> epochsOfSweep(String sweepId) {
        Map<String, List<EpochRecord>> all = new TreeMap<>();
        for (TrialRecord trial : trials(sweepId)) {
            all.put(trial.id(), epochs(trial.id()));
        }
        return all;
    }

    @Override
    public synchronized List<Prediction> predictions(String trialId) {
        return predictions.getOrDefault(trialId, List.of());
    }

    @Override
    public synchronized List<FeatureGroupRecord> featureGroups(String sweepId) {
        return groups.getOrDefault(sweepId, List.of());
    }

    @Override
    public synchronized long version() {
        return version;
    }

    @Override
    public void close() {}

    private void check() {
        if (broken) {
            throw new StoreException("the record is locked");
        }
    }
}
