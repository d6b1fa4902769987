package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.base.Tensor;
import dev.graft.run.KeptModels.Finished;
import dev.graft.spec.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptModelsTest {

    private static final Metric ACCURACY = new Metric("val_accuracy", Metric.Goal.MAXIMIZE);
    private static final Metric LOSS = new Metric("val_loss", Metric.Goal.MINIMIZE);

    @TempDir
    Path results;

    private static List<Finished> finished(double... values) {
        List<Finished> finished = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            finished.add(new Finished("s-" + (i + 1), values[i], i + 1));
        }
        return finished;
    }

    @Test
    void areTheBest() {
        List<Finished> finished = finished(0.5, 0.9, 0.7, 0.8);
        assertThat(KeptModels.superfluous(OptionalInt.of(2), ACCURACY, finished))
                .containsExactly("s-3", "s-1");
        assertThat(KeptModels.superfluous(OptionalInt.of(2), LOSS, finished)).containsExactly("s-4", "s-2");
    }

    @Test
    void areTheEarlierOnesOfEqualTrials() {
        List<Finished> reversed = new ArrayList<>(finished(0.5, 0.5, 0.5));
        Collections.reverse(reversed);
        assertThat(KeptModels.superfluous(OptionalInt.of(1), ACCURACY, reversed))
                .containsExactly("s-2", "s-3");
    }

    @Test
    void areNotThoseWithoutAValueWhileOthersHaveOne() {
        List<Finished> finished = finished(Double.NaN, Double.NEGATIVE_INFINITY, Double.NaN, 0.1);
        assertThat(KeptModels.superfluous(OptionalInt.of(2), ACCURACY, finished))
                .containsExactly("s-1", "s-3");
        assertThat(KeptModels.superfluous(OptionalInt.of(3), ACCURACY, finished))
                .containsExactly("s-3");
    }

    @Test
    void areAllOrNoneWhereTheFileSaysSo() {
        assertThat(KeptModels.superfluous(OptionalInt.empty(), ACCURACY, finished(1, 2)))
                .isEmpty();
        assertThat(KeptModels.superfluous(OptionalInt.of(0), ACCURACY, finished(1, 2)))
                .containsExactly("s-2", "s-1");
        assertThat(KeptModels.superfluous(OptionalInt.of(3), ACCURACY, finished(1, 2)))
                .isEmpty();
    }

    @Property(tries = 200)
    void doNotDependOnWhenWeightsAreDeleted(
            @ForAll @Size(max = 12) List<@IntRange(max = 4) Integer> values, @ForAll @IntRange(max = 5) int keep) {
        List<Finished> all = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            all.add(new Finished("s-" + i, values.get(i) == 0 ? Double.NaN : values.get(i), i));
            kept.add("s-" + i);
            kept.removeAll(KeptModels.superfluous(OptionalInt.of(keep), ACCURACY, all));
        }
        List<String> atTheEnd = new ArrayList<>(all.stream().map(Finished::id).toList());
        atTheEnd.removeAll(KeptModels.superfluous(OptionalInt.of(keep), ACCURACY, all));
        assertThat(kept).isEqualTo(atTheEnd).hasSize(Math.min(keep, all.size()));
    }

    @Test
    void loseOnlyWhatIsNotKept() throws IOException {
        TrialModels models = new TrialModels(results);
        for (int i = 1; i <= 3; i++) {
            models.save("s-" + i, Map.of("a", new Tensor(new int[] {1}, new float[] {i})), Map.of());
        }
        Files.delete(models.file("s-2"));
        assertThat(KeptModels.apply(models, OptionalInt.of(1), LOSS, finished(3, 2, 1)))
                .containsExactly("s-1");
        assertThat(models.trialIds()).containsExactly("s-3");
        assertThat(KeptModels.apply(models, OptionalInt.of(1), LOSS, finished(3, 2, 1)))
                .isEmpty();
    }
}
