package dev.graft.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrialGroupsTest {

    private final SweepRecord sweep = Samples.sweep("val_accuracy", "maximize");

    /** Two bases at two dropouts, each twice; one has failed, one has not begun. */
    private final List<TrialRecord> trials = List.of(
            trial(1, "vgg16", 0.0, 0.80),
            trial(2, "vgg16", 0.0, 0.84),
            trial(3, "vgg16", 0.5, 0.70),
            trial(4, "vgg16", 0.5, 0.78),
            trial(5, "sprout", 0.0, 0.9),
            Samples.trial(6, TrialState.FAILED, Map.of("base", "sprout", "dropout", 0.0), 0.99),
            Samples.trial(7, TrialState.WAITING, Map.of("base", "xception", "dropout", 0.0), Double.NaN));

    private static TrialRecord trial(int number, String base, double dropout, double accuracy) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("base", base);
        parameters.put("dropout", dropout);
        return Samples.trial(number, TrialState.FINISHED, parameters, accuracy);
    }

    @Test
    void putsTheBestMeanFirstAndGroupsWithoutAValueLast() {
        TrialGroups groups = TrialGroups.of(sweep, trials, List.of("base"));
        assertThat(groups.groups())
                .extracting(group -> group.values().get("base"))
                .containsExactly("sprout", "vgg16", "xception");
        assertThat(TrialGroups.of(Samples.sweep("val_accuracy", "minimize"), trials, List.of("base"))
                        .groups())
                .extracting(group -> group.values().get("base"))
                .containsExactly("vgg16", "sprout", "xception");
    }

    @Test
    void computesTheMomentsOfFinishedTrialsAlone() {
        TrialGroups.Group vgg =
                TrialGroups.of(sweep, trials, List.of("base")).groups().get(1);
        assertThat(vgg.trials()).isEqualTo(4);
        assertThat(vgg.count()).isEqualTo(4);
        // By hand: mean 0.78; squares 0.02² + 0.06² + 0.08² + 0 = 0.0104; the root of a third of it.
        assertThat(vgg.mean()).isEqualTo(0.78, within(1e-12));
        assertThat(vgg.deviation()).isEqualTo(Math.sqrt(0.0104 / 3), within(1e-12));
        assertThat(vgg.min()).isEqualTo(0.70);
        assertThat(vgg.max()).isEqualTo(0.84);
        // Between repeats: squares 2 * 0.02² and 2 * 0.04², one degree of freedom each.
        assertThat(vgg.repeats()).isEqualTo(Math.sqrt((0.0008 + 0.0032) / 2), within(1e-12));
    }

    @Test
    void saysNothingOfASpreadOfOne() {
        TrialGroups.Group sprout =
                TrialGroups.of(sweep, trials, List.of("base")).groups().get(0);
        assertThat(sprout).isEqualTo(new TrialGroups.Group(Map.of("base", "sprout"), 2, 1, 0.9, null, 0.9, 0.9, null));
    }

    @Test
    void groupsBySeveralAndByNone() {
        TrialGroups groups = TrialGroups.of(sweep, trials, List.of("base", "dropout"));
        assertThat(groups.groups()).hasSize(4);
        assertThat(groups.groups().get(1).values()).isEqualTo(Map.of("base", "vgg16", "dropout", 0.0));
        assertThat(groups.groups().get(1).deviation())
                .isEqualTo(groups.groups().get(1).repeats());
        assertThat(TrialGroups.of(sweep, trials, List.of()).groups())
                .singleElement()
                .extracting(TrialGroups.Group::count)
                .isEqualTo(5);
    }

    @Test
    void groupsByTheDefaultWhatTheSweepDoesNotName() {
        assertThat(TrialGroups.of(sweep, trials, List.of("optimizer")).groups())
                .singleElement()
                .extracting(group -> group.values().get("optimizer"))
                .isEqualTo("adam");
    }
}
