package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RankingTest {

    private final SweepRecord sweep = Samples.sweep("val_accuracy", "maximize");

    @Test
    void putsFinishedTrialsFirstAndThoseWithoutAValueLast() {
        List<TrialRecord> trials = List.of(
                Samples.trial(1, TrialState.WAITING),
                Samples.trial(2, TrialState.RUNNING, 0.99),
                Samples.trial(3, TrialState.FINISHED, Double.NaN),
                Samples.trial(4, TrialState.FINISHED, 0.7),
                Samples.trial(5, TrialState.FINISHED, 0.8),
                Samples.trial(6, TrialState.FAILED, 0.995));
        assertThat(Ranking.order(sweep, trials)).extracting(TrialRecord::number).containsExactly(5, 4, 6, 2, 1, 3);
        assertThat(Ranking.best(sweep, trials)).contains(trials.get(4));
    }

    @Test
    void givesNoPlaceToTrialsThatFailedOrHaveNoValue() {
        List<TrialRecord> trials = List.of(
                Samples.trial(1, TrialState.WAITING),
                Samples.trial(2, TrialState.RUNNING, 0.99),
                Samples.trial(3, TrialState.FINISHED, Double.NaN),
                Samples.trial(4, TrialState.FINISHED, 0.7),
                Samples.trial(5, TrialState.FAILED, 0.995));
        assertThat(Ranking.places(sweep, Ranking.lines(sweep, trials)))
                .isEqualTo(Map.of("k3v9x2ab-4", 1, "k3v9x2ab-2", 2));
    }

    @Test
    void keepsEqualTrialsInTheirOrder() {
        List<TrialRecord> trials = List.of(
                Samples.trial(2, TrialState.FINISHED, 0.5),
                Samples.trial(1, TrialState.FINISHED, 0.5),
                Samples.trial(3, TrialState.FINISHED, 0.6));
        assertThat(Ranking.order(sweep, trials)).extracting(TrialRecord::number).containsExactly(3, 1, 2);
    }

    @Test
    void prefersTheSmallerWhereThatIsTheGoal() {
        List<TrialRecord> trials = List.of(
                Samples.trial(1, TrialState.FINISHED, 0.5),
                Samples.trial(2, TrialState.FINISHED, Double.POSITIVE_INFINITY),
                Samples.trial(3, TrialState.FINISHED, 0.25));
        SweepRecord smaller = Samples.sweep("val_accuracy", "minimize");
        assertThat(Ranking.order(smaller, trials))
                .extracting(TrialRecord::number)
                .containsExactly(3, 1, 2);
    }

    @Test
    void hasNoBestWhileNoneHasFinished() {
        assertThat(Ranking.best(sweep, List.of(Samples.trial(1, TrialState.RUNNING, 0.9))))
                .isEmpty();
        assertThat(Ranking.best(sweep, List.of())).isEmpty();
    }

    @Test
    void leaderboardShowsTheParametersThatDiffer() {
        List<TrialRecord> trials = List.of(
                Samples.trial(1, TrialState.FINISHED, Map.of("learning_rate", 0.1, "base", "vgg16"), 0.5),
                Samples.trial(2, TrialState.FINISHED, Map.of("learning_rate", 0.01, "base", "vgg16"), 0.75));
        Leaderboard board = Leaderboard.of(sweep, trials);
        assertThat(board.parameters()).containsExactly("learning_rate");
        assertThat(board.rows()).extracting(row -> row.trial().number()).containsExactly(2, 1);
        assertThat(board.rows()).extracting(Leaderboard.Row::place).containsExactly(1, 2);
        assertThat(board.rows().get(0).value()).hasValue(0.75);
        assertThat(Leaderboard.of(sweep, List.of()).rows()).isEmpty();
    }
}
