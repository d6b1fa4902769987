package dev.graft.run;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The place of one worker: its process, replaced when it dies, and what it is at. For the controller's thread. */
final class WorkerSlot {

    /** Deaths in a row after which a worker gets no more work. */
    static final int DEATHS = 3;

    private final int number;
    private @Nullable WorkerProcess process;
    private boolean ready;
    private boolean retired;
    private WorkQueue.@Nullable Piece piece;
    private final Set<Integer> left = new LinkedHashSet<>();
    private @Nullable Integer trial;
    private long trialStart;
    private long heard;
    private long logStart;
    private Optional<String> killed = Optional.empty();
    private boolean outOfMemory;
    private int deathsBeforeReady;

    /** Trials it died on since one of its trials ended otherwise. */
    private final Set<Integer> deadly = new HashSet<>();

    WorkerSlot(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Returns how the record names whoever runs an attempt. */
    String label() {
        return "worker " + number + (process == null ? "" : ", process " + process.pid());
    }

    void started(WorkerProcess started, long now) {
        process = started;
        ready = false;
        heard = now;
        logStart = started.log().position();
        killed = Optional.empty();
        outOfMemory = false;
    }

    Optional<WorkerProcess> process() {
        return Optional.ofNullable(process);
    }

    boolean is(WorkerProcess other) {
        return process == other;
    }

    void ready() {
        ready = true;
        deathsBeforeReady = 0;
    }

    boolean isStarting() {
        return process != null && !ready;
    }

    boolean isFree() {
        return process != null && ready && piece == null;
    }

    boolean isBusy() {
        return piece != null;
    }

    void begin(WorkQueue.Piece begun) {
        piece = begun;
        left.clear();
        left.addAll(begun.trials());
    }

    Optional<WorkQueue.Piece> piece() {
        return Optional.ofNullable(piece);
    }

    /** Returns how many trials of its piece it has not begun. */
    int left() {
        return left.size();
    }

    /** Takes from it the trials that it has not begun. */
    Set<Integer> giveUp() {
        Set<Integer> given = Set.copyOf(left);
        left.clear();
        return given;
    }

    void workEnded() {
        piece = null;
        left.clear();
        trial = null;
    }

    void trialStarted(int number, long now) {
        trial = number;
        left.remove(number);
        trialStart = now;
        logStart = process == null ? 0 : process.log().position();
    }

    Optional<Integer> trial() {
        return Optional.ofNullable(trial);
    }

    void trialEnded() {
        trial = null;
        deadly.clear();
    }

    void heard(long now) {
        heard = now;
    }

    /** Moves its clocks: the controller itself was asleep. */
    void slept(long nanos) {
        heard += nanos;
        trialStart += nanos;
    }

    long silentFor(long now) {
        return now - heard;
    }

    long trialRunsFor(long now) {
        return now - trialStart;
    }

    /** Kills its process; the end comes as every other's. */
    void kill(String reason, boolean memory) {
        if (killed.isEmpty() && process != null) {
            killed = Optional.of(reason);
            outOfMemory = memory;
            process.kill();
        }
    }

    /** Returns why the controller killed its process, if it did. */
    Optional<String> killed() {
        return killed;
    }

    boolean killedForMemory() {
        return outOfMemory;
    }

    String logTail() {
        return process == null ? "" : process.log().tail(logStart);
    }

    /** Notes its process' death. */
    void died() {
        if (!ready) {
            deathsBeforeReady++;
        }
        if (trial != null) {
            deadly.add(trial);
        }
        process = null;
        ready = false;
        workEnded();
    }

    /** Says whether its processes die before they can do anything. */
    boolean cannotStart() {
        return deathsBeforeReady >= DEATHS;
    }

    /** Says whether it died on so many trials in a row that it, and not they, may be to blame. */
    boolean looksSick() {
        return deadly.size() >= DEATHS;
    }

    void retire() {
        retired = true;
    }

    boolean isRetired() {
        return retired;
    }
}
