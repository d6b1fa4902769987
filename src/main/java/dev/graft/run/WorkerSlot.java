package dev.graft.run;

import java.util.Collections;
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

    /** The trials that its process is at: several where heads train together. */
    private final Set<Integer> running = new LinkedHashSet<>();

    /** How many trials began together with those that run. */
    private int together;

    /** Of the time that they took, each one's share so far, and since when it counts on. */
    private long share;

    private long shareSince;
    private long trialWord;
    private long heard;
    private long progressed;
    private long logStart;

    /** The pass whose features its process has at hand; -1 where it has none. */
    private int preparedPass = -1;

    private boolean passLost;
    private long kernelKills;
    private Optional<String> killed = Optional.empty();
    private boolean outOfMemory;
    private int deathsBeforeReady;

    /** Trials it died on since one of its trials ended otherwise. */
    private final Set<Integer> deadly = new HashSet<>();

    /** Deaths in a row that were no trial's. */
    private int otherDeaths;

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
        preparedPass = -1;
        passLost = false;
        kernelKills = WorkerMemory.kernelKills();
    }

    /** Says whether the kernel has killed a process for want of memory since its process began. */
    boolean kernelHasKilled() {
        return WorkerMemory.kernelKills() > kernelKills;
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

    void begin(WorkQueue.Piece begun, long now) {
        piece = begun;
        progressed = now;
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

    /** Notes that its process has the features of a pass. */
    void passEnded(int pass) {
        preparedPass = pass;
    }

    /** Notes that the pass of its piece gave no features, so that its piece is no longer its own. */
    void passLost() {
        passLost = true;
    }

    boolean isPassLost() {
        return passLost;
    }

    /** Says whether it is at the features of its piece's pass. */
    boolean isInPass() {
        return piece != null && running.isEmpty() && !passLost && preparedPass != piece.pass();
    }

    void progressed(long now) {
        progressed = now;
    }

    long withoutProgressFor(long now) {
        return now - progressed;
    }

    void workEnded() {
        piece = null;
        passLost = false;
        left.clear();
        running.clear();
    }

    void trialStarted(int number, long now) {
        if (running.isEmpty()) {
            together = 0;
            share = 0;
            shareSince = now;
        }
        account(now);
        trialWord = now;
        together++;
        running.add(number);
        left.remove(number);
    }

    private void account(long now) {
        share = trialsRunFor(now);
        shareSince = now;
    }

    /** Notes that a running trial made progress. */
    void trialTold(long now) {
        trialWord = now;
    }

    /** Returns the trials that it is at. */
    Set<Integer> running() {
        return Set.copyOf(running);
    }

    boolean isRunning(int number) {
        return running.contains(number);
    }

    /** Says whether what it runs began with others, so that nobody can tell whose a failure is. */
    boolean isTogether() {
        return together > 1;
    }

    void trialEnded(int number, long now) {
        account(now);
        trialWord = now;
        running.remove(number);
        deadly.clear();
        otherDeaths = 0;
    }

    void heard(long now) {
        heard = now;
    }

    /** Moves its clocks: the controller itself was asleep. */
    void slept(long nanos) {
        heard += nanos;
        shareSince += nanos;
        trialWord += nanos;
        progressed += nanos;
    }

    long silentFor(long now) {
        return now - heard;
    }

    /** Returns how long each running trial has taken: of trials that run at the same time, its share. */
    long trialsRunFor(long now) {
        return share + (now - shareSince) / Math.max(1, running.size());
    }

    /** Returns how long none of its running trials has ended an epoch. */
    long trialsSilentFor(long now) {
        return now - trialWord;
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

    /** Returns the end of what its process wrote. */
    String logTail() {
        return process == null ? "" : process.log().tail(logStart);
    }

    /** Notes its process' death. */
    void died() {
        if (!ready) {
            deathsBeforeReady++;
        }
        if (!running.isEmpty()) {
            // One stands for all that began together.
            deadly.add(Collections.min(running));
        } else {
            otherDeaths++;
        }
        process = null;
        ready = false;
        workEnded();
    }

    /** Says whether its processes die before they can do anything. */
    boolean cannotStart() {
        return deathsBeforeReady >= DEATHS;
    }

    /** Says whether it died on so much in a row that it, and not its work, may be to blame. */
    boolean looksSick() {
        return deadly.size() >= DEATHS || otherDeaths >= DEATHS;
    }

    void retire() {
        retired = true;
    }

    boolean isRetired() {
        return retired;
    }
}
