package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerSlotTest {

    private final WorkerSlot slot = new WorkerSlot(1);

    private void dieOn(int trial) {
        slot.ready();
        slot.begin(new WorkQueue.Piece(0, 0, List.of(trial), false), 0);
        slot.trialStarted(trial, 0);
        slot.died();
    }

    @Test
    void looksSickAfterThreeTrialsInARow() {
        dieOn(1);
        dieOn(2);
        assertThat(slot.looksSick()).isFalse();
        dieOn(3);
        assertThat(slot.looksSick()).isTrue();
    }

    @Test
    void oneTrialThatKillsItIsTheTrialsFault() {
        for (int i = 0; i < 10; i++) {
            dieOn(7);
        }
        assertThat(slot.looksSick()).isFalse();
    }

    @Test
    void isWellAgainWhenATrialEnds() {
        dieOn(1);
        dieOn(2);
        slot.ready();
        slot.begin(new WorkQueue.Piece(0, 0, List.of(3), false), 0);
        slot.trialStarted(3, 0);
        slot.trialEnded(3, 0);
        slot.workEnded();
        dieOn(4);
        assertThat(slot.looksSick()).isFalse();
    }

    @Test
    void cannotStartAfterThreeDeathsBeforeItWasReady() {
        slot.died();
        slot.died();
        assertThat(slot.cannotStart()).isFalse();
        slot.died();
        assertThat(slot.cannotStart()).isTrue();
    }

    @Test
    void timeAsleepIsNotSilence() {
        slot.heard(100);
        slot.trialStarted(1, 100);
        slot.slept(1_000_000);
        assertThat(slot.silentFor(1_000_150)).isEqualTo(50);
        assertThat(slot.trialsRunFor(1_000_150)).isEqualTo(50);
    }

    @Test
    void trialsThatBeganTogetherShareTheTime() {
        slot.trialStarted(1, 100);
        slot.trialStarted(2, 110);
        slot.trialEnded(1, 200);
        assertThat(slot.isTogether()).isTrue();
        assertThat(slot.running()).containsExactly(2);
        // Alone for 10, one of two for 90, alone again for 100.
        assertThat(slot.trialsRunFor(300)).isEqualTo(155);
        assertThat(slot.trialsSilentFor(300)).isEqualTo(100);
        slot.trialEnded(2, 300);
        slot.trialStarted(3, 400);
        assertThat(slot.isTogether()).isFalse();
        assertThat(slot.trialsRunFor(500)).isEqualTo(100);
    }
}
