package dev.graft.dashboard;

import dev.graft.analysis.ParameterValues;
import dev.graft.analysis.TrialFacts;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialAnnotation;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All trials of the sweeps that were asked for last. They are read anew only when the record has changed, by one of those
 * who ask at once, and a trial that has ended only once. Safe for use by several threads.
 */
final class SweepTrials {

    /** Some 2 KB a trial: a few sweeps, the largest included, take tens of MB. */
    private static final int SWEEPS_KEPT = 4;

    private final TrackReader reader;
    private final Map<String, Kept> sweeps = new LatestUsed<>(SWEEPS_KEPT);

    SweepTrials(TrackReader reader) {
        this.reader = reader;
    }

    /**
     * A sweep's trials at one version of the record.
     *
     * @param records in their order
     * @param facts them, with their ranks and what people noted
     * @param parameters what they differ in, and what not
     * @param metrics the names of the metrics at their best epochs
     */
    record Snapshot(
            List<TrialRecord> records, List<TrialFacts> facts, List<ParameterValues> parameters, Set<String> metrics) {

        /** Returns the names of the parameters, in the order of the sweep file. */
        List<String> parameterNames() {
            return parameters.stream().map(ParameterValues::name).toList();
        }
    }

    /** What is kept of one sweep; whoever reads it anew holds its lock. */
    private static final class Kept {
        private long version = Long.MIN_VALUE;
        private @Nullable Snapshot snapshot;
        private Map<String, TrialRecord> ended = Map.of();
    }

    /** Returns a sweep's trials as they are now. */
    Snapshot of(SweepRecord sweep) {
        Kept kept;
        synchronized (sweeps) {
            kept = sweeps.computeIfAbsent(sweep.id(), id -> new Kept());
        }
        synchronized (kept) {
            // Read before the trials: these may be newer, but never older than it says.
            long version = reader.version();
            Snapshot known = kept.snapshot;
            if (known != null && kept.version == version) {
                return known;
            }
            Snapshot snapshot = read(sweep, kept);
            kept.snapshot = snapshot;
            kept.version = version;
            return snapshot;
        }
    }

    private Snapshot read(SweepRecord sweep, Kept kept) {
        List<TrialLine> lines = reader.lines(sweep);
        Map<String, TrialRecord> known = new HashMap<>(kept.ended);
        List<String> wanted = lines.stream()
                .filter(line -> !isKnown(known.get(line.id()), line))
                .map(TrialLine::id)
                .toList();
        List<TrialRecord> read = wanted.size() == lines.size() ? reader.trials(sweep.id()) : reader.trials(wanted);
        read.forEach(trial -> known.put(trial.id(), trial));
        List<TrialRecord> trials = new ArrayList<>(lines.size());
        Map<String, TrialRecord> ended = new HashMap<>();
        for (TrialLine line : lines) {
            TrialRecord trial = known.get(line.id());
            // One deleted between two reads is gone.
            if (trial != null) {
                trials.add(trial);
                if (isUnchanging(trial.state())) {
                    ended.put(trial.id(), trial);
                }
            }
        }
        kept.ended = ended;
        return new Snapshot(
                List.copyOf(trials),
                facts(sweep, trials, reader.trialAnnotations(sweep.id())),
                ParameterValues.of(trials),
                metrics(trials));
    }

    private static List<TrialFacts> facts(
            SweepRecord sweep, List<TrialRecord> trials, Map<String, TrialAnnotation> annotations) {
        return TrialFacts.of(sweep, trials).stream()
                .map(facts -> {
                    TrialAnnotation said = annotations.get(facts.trial().id());
                    return said == null
                            ? facts
                            : new TrialFacts(facts.trial(), facts.rank(), said.pinned(), said.hidden());
                })
                .toList();
    }

    private static Set<String> metrics(List<TrialRecord> trials) {
        Set<String> names = new LinkedHashSet<>();
        trials.forEach(trial ->
                trial.best().ifPresent(epoch -> names.addAll(epoch.metrics().keySet())));
        return names;
    }

    private static boolean isKnown(@Nullable TrialRecord trial, TrialLine line) {
        return trial != null && trial.state() == line.state() && isUnchanging(line.state());
    }

    /** Others can be tried again, and end in the same state with another reason. */
    private static boolean isUnchanging(TrialState state) {
        return state == TrialState.FINISHED || state == TrialState.PRUNED;
    }
}
