package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.analysis.Importance;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImportancesTest {

    private final List<TrialRecord> trials = SampleRecord.filled().trials(SampleRecord.FINISHED);
    private final Importances importances = new Importances();

    @Test
    void areFoundOnceForTheSameFinishedTrials() {
        Importance first = importances.of(trials, "val_accuracy");
        List<TrialRecord> without = new ArrayList<>(trials);
        without.removeIf(trial -> trial.state() != TrialState.FINISHED);
        assertThat(importances.of(without, "val_accuracy")).isSameAs(first);
        assertThat(first).isEqualTo(Importance.of(trials, "val_accuracy"));
    }

    @Test
    void areFoundAnewForOtherTrialsAndMetrics() {
        Importance first = importances.of(trials, "val_accuracy");
        assertThat(importances.of(trials, "val_loss").metric()).isEqualTo("val_loss");
        assertThat(importances.of(trials.subList(0, 6), "val_accuracy").trials())
                .isLessThan(first.trials());
    }
}
