package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.analysis.BestSoFar.Step;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialLine;
import dev.graft.track.TrialState;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class BestSoFarTest {

    private final SweepRecord sweep = Samples.sweep("val_accuracy", "maximize");

    private static List<TrialLine> finished(double... values) {
        return DoubleStream.of(values)
                .mapToObj(value -> new TrialLine("t", 1, TrialState.FINISHED, value))
                .toList();
    }

    @Test
    void stepsWhereATrialIsBetterThanAllBefore() {
        BestSoFar best = BestSoFar.of(sweep, finished(0.5, 0.4, 0.5, 0.75, 0.7, 0.8), 100);
        assertThat(best.trials()).isEqualTo(6);
        assertThat(best.steps()).containsExactly(new Step(1, 0.5), new Step(4, 0.75), new Step(6, 0.8));
    }

    @Test
    void stepsDownWhereLessIsBetter() {
        assertThat(BestSoFar.of(Samples.sweep("val_loss", "minimize"), finished(0.5, 0.75, 0.25), 100)
                        .steps())
                .containsExactly(new Step(1, 0.5), new Step(3, 0.25));
    }

    @Test
    void passesOverTrialsWithoutAResult() {
        assertThat(BestSoFar.of(
                        sweep,
                        List.of(
                                new TrialLine("a", 1, TrialState.FAILED, 0.9),
                                new TrialLine("b", 2, TrialState.FINISHED, Double.NaN),
                                new TrialLine("c", 3, TrialState.FINISHED, 0.5)),
                        100))
                .isEqualTo(new BestSoFar(1, List.of(new Step(1, 0.5))));
        assertThat(BestSoFar.of(sweep, List.of(), 100)).isEqualTo(new BestSoFar(0, List.of()));
    }

    @Test
    void keepsTheLargestStepsWhereThereAreMany() {
        assertThat(BestSoFar.of(sweep, finished(0.1, 0.11, 0.5, 0.51, 0.8, 0.81), 4)
                        .steps())
                .containsExactly(new Step(1, 0.1), new Step(3, 0.5), new Step(5, 0.8), new Step(6, 0.81));
    }
}
