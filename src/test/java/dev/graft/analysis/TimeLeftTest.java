package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TimeLeftTest {

    private static final Instant START = Instant.parse("2026-01-02T03:00:00Z");

    private static SweepRecord sweep(SweepState state) {
        return new SweepRecord(
                "aaaaaaaa",
                "clothing",
                state,
                "",
                "grid",
                "val_accuracy",
                "maximize",
                "clothing.yaml",
                "",
                List.of("dress", "hat"),
                START,
                Optional.empty(),
                0,
                0,
                Map.of());
    }

    /** A trial from one second of the sweep to another; 0 for one that has not begun or ended. */
    private static TrialRecord trial(int number, TrialState state, String base, int from, int to) {
        return new TrialRecord(
                "aaaaaaaa-" + number,
                "aaaaaaaa",
                number,
                state,
                "",
                Map.of("base", base),
                1,
                "",
                false,
                1,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                state == TrialState.WAITING ? Optional.empty() : Optional.of(START.plusSeconds(from)),
                to == 0 ? Optional.empty() : Optional.of(START.plusSeconds(to)),
                to == 0 ? Map.of() : Map.of("total", (double) to - from),
                "",
                "",
                OptionalLong.empty());
    }

    private static double seconds(TrialRecord... trials) {
        return TimeLeft.of(sweep(SweepState.RUNNING), List.of(trials))
                .orElseThrow()
                .seconds();
    }

    @Test
    void isWhatTrialsLikeThemTook() {
        // 10 s and 30 s of work in 40 s: nothing beside the trials, one at a time.
        TrialRecord small = trial(1, TrialState.FINISHED, "small", 0, 10);
        TrialRecord large = trial(2, TrialState.PRUNED, "large", 10, 40);
        assertThat(seconds(small, large, trial(3, TrialState.WAITING, "small", 0, 0)))
                .isEqualTo(10);
        assertThat(seconds(
                        small,
                        large,
                        trial(3, TrialState.WAITING, "large", 0, 0),
                        trial(4, TrialState.WAITING, "new", 0, 0)))
                .isEqualTo(30 + 20);
    }

    @Test
    void countsLittleOfTheTimeThatASweepLayStopped() {
        TrialRecord before = trial(1, TrialState.FINISHED, "small", 0, 100);
        TrialRecord after = trial(2, TrialState.FINISHED, "small", 1_000_000, 1_000_100);
        // Half an hour of the pause counts: 200 s of work in 2,000 s.
        assertThat(seconds(before, after, trial(3, TrialState.WAITING, "small", 0, 0)))
                .isEqualTo(1000);
    }

    @Test
    void leavesOutWhatARunningTrialHasSpentButNeverAllOfIt() {
        TrialRecord first = trial(1, TrialState.FINISHED, "a", 0, 20);
        TrialRecord second = trial(2, TrialState.FINISHED, "a", 20, 40);
        TrialRecord running = trial(3, TrialState.RUNNING, "a", 30, 0);
        // The last thing known is the end of the second, 10 s after the third began.
        assertThat(seconds(first, second, running)).isEqualTo(10);
        assertThat(seconds(first, second, trial(3, TrialState.RUNNING, "a", 1, 0)))
                .as("it should have ended long ago")
                .isEqualTo(2);
    }

    @Test
    void countsHowManyRunAtOnceAndWhatIsDoneBesides() {
        TrialRecord one = trial(1, TrialState.FINISHED, "a", 0, 20);
        TrialRecord beside = trial(2, TrialState.FINISHED, "a", 0, 20);
        assertThat(seconds(one, beside, trial(3, TrialState.WAITING, "a", 0, 0)))
                .as("two at a time")
                .isEqualTo(10);
        TrialRecord late = trial(2, TrialState.FINISHED, "a", 60, 80);
        assertThat(seconds(one, late, trial(3, TrialState.WAITING, "a", 0, 0)))
                .as("40 s of work in 80 s")
                .isCloseTo(40, within(1e-9));
        assertThat(TimeLeft.of(sweep(SweepState.RUNNING), List.of(one, late, trial(3, TrialState.WAITING, "a", 0, 0))))
                .map(TimeLeft::end)
                .contains(START.plusSeconds(120));
    }

    @Test
    void isNotGuessedFromTooLittle() {
        TrialRecord one = trial(1, TrialState.FINISHED, "a", 0, 20);
        TrialRecord failed = trial(2, TrialState.FAILED, "a", 20, 40);
        TrialRecord waiting = trial(3, TrialState.WAITING, "a", 0, 0);
        assertThat(TimeLeft.of(sweep(SweepState.RUNNING), List.of(one, failed, waiting)))
                .isEmpty();
        TrialRecord other = trial(2, TrialState.FINISHED, "a", 20, 40);
        assertThat(TimeLeft.of(sweep(SweepState.CRASHED), List.of(one, other, waiting)))
                .isEmpty();
    }
}
