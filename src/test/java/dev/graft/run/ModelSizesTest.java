package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.base.Catalogue;
import dev.graft.fetch.FetchListener;
import dev.graft.fetch.Fetcher;
import dev.graft.fetch.WebAccess;
import dev.graft.spec.SweepFile;
import dev.graft.track.TrialRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSizesTest {

    /** The base that comes with Graft: its map has 128 channels, and at 64 px 4 by 4 places. */
    private static final long SPROUT = 435_624;

    private static final int CLASSES = 10;

    private static final Catalogue CATALOGUE = new Catalogue(List.of());

    @TempDir
    Path folder;

    private List<TrialRecord> records(String parameters) {
        SweepFile.Parsed file = SweepFile.parse("own.yaml", """
                parameters:
                  base: {value: sprout}
                  image_size: {value: 64}
                %s
                data: {path: "builtin:garments"}
                """.formatted(parameters.indent(2)), CATALOGUE);
        Fetcher offline = new Fetcher(new WebAccess(true, Map.of()), () -> Instant.EPOCH, FetchListener.SILENT);
        SweepSetup setup = SweepSetup.prepare(
                file,
                folder.resolve("own.yaml"),
                CATALOGUE,
                new Home(folder.resolve("home")),
                offline,
                OptionalInt.empty());
        return SweepRunner.trialRecords("k3v9x2ab", setup, SweepRunner.runKeys(setup));
    }

    @Test
    void countBaseAndHeadOfEachTrial() {
        List<TrialRecord> records = records("""
                dense_units: {values: [[], [32, 8]]}
                pooling: {values: [avg, max, flatten]}
                """);
        long small = (128 + 1) * CLASSES;
        long smallOfMap = (4 * 4 * 128 + 1) * CLASSES;
        long upperLayers = (32 + 1) * 8 + (8 + 1) * CLASSES;
        long large = (128 + 1) * 32 + upperLayers;
        long largeOfMap = (4 * 4 * 128 + 1) * 32 + upperLayers;
        assertThat(records)
                .extracting(trial -> trial.modelWeights().orElse(0) - SPROUT)
                .containsExactly(small, small, smallOfMap, large, large, largeOfMap);
    }

    @Test
    void doNotDependOnWhatIsFineTuned() {
        assertThat(records("fine_tune_depth: {values: [0, 1, 2]}"))
                .extracting(TrialRecord::modelWeights)
                .hasSize(3)
                .containsOnly(OptionalLong.of(SPROUT + (128 + 1) * CLASSES));
    }
}
