package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.analysis.Ranking;
import dev.graft.base.Tensor;
import dev.graft.run.TrialModels;
import dev.graft.track.AttemptRecord;
import dev.graft.track.AttemptState;
import dev.graft.track.EpochRecord;
import dev.graft.track.Prediction;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the newest sweep of a results directory came to.
 *
 * @param sweep its record
 * @param trials its trials, by number
 */
record Outcome(Path results, SweepRecord sweep, Map<Integer, Trained> trials) {

    /** One trial; everything of it that two runs of one sweep have in common is in {@link #result}. */
    record Trained(TrialRecord record, List<AttemptRecord> attempts, Result result) {}

    /** What came of training. */
    record Result(
            Map<String, Object> parameters, int keptEpoch, List<EpochRecord> epochs, List<Prediction> predictions) {}

    /** The trials that keep their weights unless the sweep file says otherwise. */
    private static final int KEPT = 3;

    static Outcome read(Path results) {
        try (TrackReader track = Tracking.openReadOnly(results)) {
            SweepRecord sweep = track.sweep("latest");
            Map<Integer, Trained> trials = new TreeMap<>();
            for (TrialRecord trial : track.trials(sweep.id())) {
                trials.put(
                        trial.number(),
                        new Trained(
                                trial,
                                track.attempts(trial.id()),
                                new Result(
                                        trial.parameters(),
                                        trial.keptEpoch(),
                                        track.epochs(trial.id()),
                                        track.predictions(trial.id()))));
            }
            return new Outcome(results, sweep, trials);
        }
    }

    /** Returns the attempts that ended in a state. */
    long attempts(AttemptState state) {
        return trials.values().stream()
                .flatMap(trial -> trial.attempts().stream())
                .filter(attempt -> attempt.state() == state)
                .count();
    }

    /** Checks that every trial was finished, once, with the very numbers of an undisturbed run. */
    void isWhole(String where, Outcome undisturbed) throws IOException {
        assertThat(sweep.state()).as(where + sweep.reason()).isEqualTo(SweepState.FINISHED);
        assertThat(trials.keySet()).as(where).isEqualTo(undisturbed.trials.keySet());
        trials.forEach((number, trial) -> {
            String which = where + "trial " + number + ": ";
            assertThat(trial.record().state())
                    .as(which + trial.record().reason())
                    .isEqualTo(TrialState.FINISHED);
            List<AttemptRecord> attempts = trial.attempts();
            assertThat(attempts).as(which).hasSize(trial.record().attempts());
            for (AttemptRecord attempt : attempts) {
                boolean last = attempt.attempt() == attempts.size();
                assertThat(attempt.state() == AttemptState.FINISHED)
                        .as(which + attempt)
                        .isEqualTo(last);
                assertThat(attempt.state()).as(which + attempt).isNotEqualTo(AttemptState.RUNNING);
                assertThat(attempt.endedAt()).as(which + attempt).isPresent();
                assertThat(last || !attempt.reason().isEmpty())
                        .as(which + attempt)
                        .isTrue();
            }
            Result result = trial.result();
            Result expected = undisturbed.trials.get(number).result();
            assertThat(result.epochs()).as(which + "epochs").isEqualTo(expected.epochs());
            assertThat(result.predictions()).as(which + "predictions").isEqualTo(expected.predictions());
            assertThat(result).as(which + "results").isEqualTo(expected);
        });
        isSound(where, results);
        keepsTheBest(where, undisturbed);
    }

    private void keepsTheBest(String where, Outcome undisturbed) throws IOException {
        List<TrialRecord> records =
                trials.values().stream().map(Trained::record).toList();
        TrialModels models = new TrialModels(results);
        List<String> best = Ranking.order(sweep, records).stream()
                .limit(KEPT)
                .map(trial -> models.file(trial.id()).getFileName().toString())
                .toList();
        assertThat(files(results.resolve("models")))
                .as(where + "kept weights")
                .containsExactlyInAnyOrderElementsOf(best);
        TrialModels others = new TrialModels(undisturbed.results);
        for (TrialRecord trial : Ranking.order(sweep, records).subList(0, KEPT)) {
            String other = undisturbed.trials.get(trial.number()).record().id();
            assertThat(values(models.load(trial.id())))
                    .as(where + "weights of trial " + trial.number())
                    .isEqualTo(values(others.load(other)));
        }
    }

    private static Map<String, List<Float>> values(Map<String, Tensor> tensors) {
        Map<String, List<Float>> values = new TreeMap<>();
        tensors.forEach((name, tensor) -> {
            List<Float> list = new ArrayList<>();
            for (float value : tensor.values()) {
                list.add(value);
            }
            values.put(name, list);
        });
        return values;
    }

    static List<String> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Checks that nothing is wrong with a record, if there is one. */
    static void isSound(String where, Path results) {
        assertThat(Tracking.check(results)).as(where + results).isEmpty();
    }
}
