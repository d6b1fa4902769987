package dev.graft.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.base.Catalogue;
import dev.graft.run.Home;
import dev.graft.run.TrialModels;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.TrackWriter;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelExporterTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-05-01T12:00:00Z"));
    private static final String ID = "k3v9x2ab-1";

    @TempDir
    Path folder;

    private void record(TrialState state, String settings) {
        SweepRecord sweep = new SweepRecord(
                "k3v9x2ab",
                "cats",
                SweepState.RUNNING,
                "",
                "grid",
                "val_accuracy",
                "maximize",
                "cats.yaml",
                "data: {path: images}\nparameters: {base: {value: sprout}}\n" + settings,
                List.of("a", "b"),
                CLOCK.instant(),
                Optional.empty(),
                0,
                0,
                Map.of());
        TrialRecord trial = TrialRecord.waiting("k3v9x2ab", 1, Map.of("base", "sprout"), 1, "");
        try (TrackWriter track = Tracking.open(folder, CLOCK)) {
            track.createSweep(sweep, List.of(trial));
            track.startTrial(ID, "", false, "");
            track.endTrial(ID, state, "", Map.of(), "");
        }
    }

    private void export() {
        try (TrackReader track = Tracking.openReadOnly(folder)) {
            new ModelExporter(
                            track,
                            new TrialModels(folder),
                            new Catalogue(List.of()),
                            new Home(folder.resolve("home")),
                            1)
                    .export(track.trial(ID).orElseThrow(), folder.resolve("bundle"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "keep_models: 2, '; its sweep keeps the weights of its 2 best trials (keep_models: 2)'",
        "keep_models: all, ''"
    })
    void saysWhyATrialHasNoWeightsAndHowToGetThem(String setting, String why) {
        record(TrialState.FINISHED, setting);
        assertThatThrownBy(this::export)
                .isInstanceOf(ExportException.class)
                .hasMessage("trial " + ID + " has no weights to export: " + folder.resolve("models/" + ID)
                        + ".safetensors does not exist" + why
                        + ". A new sweep makes them again: graft run cats.yaml --retrain, with keep_models: all in it"
                        + " where this trial is not among the best");
        assertThat(folder.resolve("bundle")).doesNotExist();
    }

    @Test
    void takesOnlyFinishedTrials() {
        record(TrialState.FAILED, "");
        assertThatThrownBy(this::export)
                .isInstanceOf(ExportException.class)
                .hasMessage("trial " + ID + " is failed; only a finished trial has a model to export");
    }
}
