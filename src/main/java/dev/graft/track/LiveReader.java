package dev.graft.track;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a record and shows what nobody is at any more as it stands: a sweep that is recorded as running, though nobody
 * writes, has crashed, or has finished where all its trials have. The next writer records the same. Safe for use by
 * several threads.
 */
final class LiveReader implements TrackReader {

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final String DIED = "the sweep's controller died";

    private final SqliteReader recorded;
    private final Path directory;
    private final InstantSource clock;
    private Look last = new Look(Instant.MIN, true, 0);

    LiveReader(SqliteReader recorded, Path directory, InstantSource clock) {
        this.recorded = recorded;
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * What was seen of the lock.
     *
     * @param version the record's, before: who records later has the lock, whatever was seen
     */
    private record Look(Instant time, boolean written, long version) {}

    /** Says whether somebody writes; asks the operating system at most once a second, unless there is news. */
    private synchronized boolean isWritten() {
        Instant now = clock.instant();
        long version = recorded.version();
        boolean fresh = !now.isBefore(last.time()) && now.isBefore(last.time().plus(LOOK));
        if (!fresh || (!last.written() && version != last.version())) {
            last = new Look(now, look(), version);
        }
        return last.written();
    }

    private boolean look() {
        try {
            return DirectoryLock.isHeld(directory);
        } catch (StoreException e) {
            // Somebody else's directory: what is recorded is all there is to know.
            return true;
        }
    }

    private SweepRecord asItStands(SweepRecord sweep) {
        if (sweep.state() != SweepState.RUNNING || isWritten()) {
            return sweep;
        }
        // Whoever had the lock may have ended the sweep before giving it back.
        SweepRecord now = recorded.sweep(sweep.id());
        if (now.state() != SweepState.RUNNING) {
            return now;
        }
        return recorded.hasOpen(sweep.id())
                ? now.as(SweepState.CRASHED, "its controller died; graft resume " + sweep.id() + " goes on with it")
                : now.as(SweepState.FINISHED, "");
    }

    @Override
    public List<SweepRecord> sweeps() {
        return recorded.sweeps().stream().map(this::asItStands).toList();
    }

    @Override
    public SweepRecord sweep(String reference) {
        return asItStands(recorded.sweep(reference));
    }

    @Override
    public List<TrialRecord> trials(String sweepId) {
        List<TrialRecord> trials = recorded.trials(sweepId);
        if (trials.stream().noneMatch(trial -> trial.state() == TrialState.RUNNING) || isWritten()) {
            return trials;
        }
        return recorded.trials(sweepId).stream().map(LiveReader::dead).toList();
    }

    @Override
    public List<TrialLine> lines(SweepRecord sweep) {
        List<TrialLine> lines = recorded.lines(sweep);
        if (lines.stream().noneMatch(line -> line.state() == TrialState.RUNNING) || isWritten()) {
            return lines;
        }
        return recorded.lines(sweep).stream()
                .map(line -> line.state() == TrialState.RUNNING ? line.as(TrialState.CRASHED) : line)
                .toList();
    }

    @Override
    public List<TrialRecord> trials(List<String> trialIds) {
        List<TrialRecord> trials = recorded.trials(trialIds);
        if (trials.stream().noneMatch(trial -> trial.state() == TrialState.RUNNING) || isWritten()) {
            return trials;
        }
        return recorded.trials(trialIds).stream().map(LiveReader::dead).toList();
    }

    @Override
    public List<Map<String, Object>> parameters(String sweepId) {
        return recorded.parameters(sweepId);
    }

    @Override
    public Map<String, List<CurvePoint>> curves(List<String> trialIds, String metric) {
        return recorded.curves(trialIds, metric);
    }

    @Override
    public Optional<TrialRecord> trial(String trialId) {
        Optional<TrialRecord> trial = recorded.trial(trialId);
        if (trial.isEmpty() || trial.get().state() != TrialState.RUNNING || isWritten()) {
            return trial;
        }
        return recorded.trial(trialId).map(LiveReader::dead);
    }

    private static TrialRecord dead(TrialRecord trial) {
        return trial.state() == TrialState.RUNNING ? trial.as(TrialState.CRASHED, DIED) : trial;
    }

    @Override
    public List<AttemptRecord> attempts(String trialId) {
        List<AttemptRecord> attempts = recorded.attempts(trialId);
        if (attempts.stream().noneMatch(attempt -> attempt.state() == AttemptState.RUNNING) || isWritten()) {
            return attempts;
        }
        return recorded.attempts(trialId).stream().map(LiveReader::dead).toList();
    }

    private static AttemptRecord dead(AttemptRecord attempt) {
        return attempt.state() == AttemptState.RUNNING ? attempt.as(AttemptState.CRASHED, DIED) : attempt;
    }

    @Override
    public List<AttemptLine> attemptLines(String sweepId) {
        List<AttemptLine> attempts = recorded.attemptLines(sweepId);
        if (attempts.stream().noneMatch(attempt -> attempt.state() == AttemptState.RUNNING) || isWritten()) {
            return attempts;
        }
        return recorded.attemptLines(sweepId).stream()
                .map(attempt ->
                        attempt.state() == AttemptState.RUNNING ? attempt.as(AttemptState.CRASHED, DIED) : attempt)
                .toList();
    }

    @Override
    public Map<String, SweepAnnotation> sweepAnnotations() {
        return recorded.sweepAnnotations();
    }

    @Override
    public Map<String, TrialAnnotation> trialAnnotations(String sweepId) {
        return recorded.trialAnnotations(sweepId);
    }

    /** Returns the record's version, odd while its sweeps stand otherwise than recorded: that is news, too. */
    @Override
    public long version() {
        long version = recorded.version();
        return 2 * version + (recorded.hasRunning() && !isWritten() ? 1 : 0);
    }

    @Override
    public List<String> finished(String runKey) {
        return recorded.finished(runKey);
    }

    @Override
    public List<EpochRecord> epochs(String trialId) {
        return recorded.epochs(trialId);
    }

    @Override
    public Map<String, List<EpochRecord>> epochsOfSweep(String sweepId) {
        return recorded.epochsOfSweep(sweepId);
    }

    @Override
    public List<Prediction> predictions(String trialId) {
        return recorded.predictions(trialId);
    }

    @Override
    public List<FeatureGroupRecord> featureGroups(String sweepId) {
        return recorded.featureGroups(sweepId);
    }

    @Override
    public void close() {
        recorded.close();
    }
}
