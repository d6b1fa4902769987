package dev.graft.run;

import dev.graft.base.Catalogue;
import dev.graft.fetch.Fetcher;
import dev.graft.search.Trial;
import dev.graft.search.Trials;
import dev.graft.spec.Parameters;
import dev.graft.spec.Problem;
import dev.graft.spec.Sweep;
import dev.graft.spec.SweepFile;
import dev.graft.spec.SweepFileException;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A recorded sweep, made ready to go on: its file, images, weights and trials are those of the record, or it does not go
 * on.
 */
public final class RecordedSweep {

    private final SweepRecord record;
    private final List<TrialRecord> trials;

    /** Uses what is recorded. */
    public RecordedSweep(SweepRecord record, List<TrialRecord> trials) {
        this.record = record;
        this.trials = List.copyOf(trials);
    }

    /** Returns the folders where its official weights were looked for when it began, in their order. */
    public List<Path> weightFolders() {
        return record.provenance()
                .getOrDefault(Provenance.WEIGHT_FOLDERS, "")
                .lines()
                .map(Path::of)
                .toList();
    }

    /** Returns its sweep file. */
    public SweepFile.Parsed file(Catalogue catalogue) {
        return SweepFile.parse(record.fileName(), record.fileText(), catalogue);
    }

    /**
     * Prepares the sweep again.
     *
     * @param file its own
     * @throws ResumeException when what decides its results has changed
     */
    public SweepSetup setup(SweepFile.Parsed file, Catalogue catalogue, Home home, Fetcher fetcher) {
        SweepSetup setup = SweepSetup.prepare(
                file,
                sweepFile(),
                catalogue,
                home,
                fetcher,
                trials.stream().map(RecordedSweep::trial).toList(),
                Optional.ofNullable(record.provenance().get(Provenance.DATA_FOLDER))
                        .map(Path::of));
        requireSame(setup);
        return setup;
    }

    /**
     * A sweep with more trials.
     *
     * @param setup of all its trials, old and new
     * @param added the new ones' records
     */
    public record Extended(SweepSetup setup, List<TrialRecord> added) {}

    /**
     * Adds the combinations of a changed file that the sweep does not have, numbered on from its last trial.
     *
     * @throws SweepFileException when the file changes more than combinations; the user's fault
     * @throws ResumeException when what decides the sweep's results has changed
     */
    public Extended extended(
            SweepFile.Parsed changed, Path changedFile, Catalogue catalogue, Home home, Fetcher fetcher) {
        requireOnlyMore(file(catalogue).sweep(), changed);
        List<Trial> all =
                new ArrayList<>(trials.stream().map(RecordedSweep::trial).toList());
        List<Trial> asked = Trials.of(changed.sweep());
        List<Trial> both = new ArrayList<>(all);
        both.addAll(asked);
        SweepSetup setup = SweepSetup.prepare(changed, changedFile, catalogue, home, fetcher, both, Optional.empty());
        requireSame(setup.with(all));
        Set<String> known = new HashSet<>();
        trials.forEach(trial -> known.add(trial.runKey()));
        int next = trials.stream().mapToInt(TrialRecord::number).max().orElse(0);
        List<Trial> added = new ArrayList<>();
        for (Trial trial : asked) {
            if (known.add(RunKeys.of(setup, trial))) {
                added.add(new Trial(++next, trial.assignment(), trial.parameters(), trial.seed()));
            }
        }
        all.addAll(added);
        SweepSetup more = setup.with(added);
        return new Extended(setup.with(all), SweepRunner.trialRecords(record.id(), more, SweepRunner.runKeys(more)));
    }

    private Path sweepFile() {
        String name = Objects.requireNonNullElse(Path.of(record.fileName()).getFileName(), "sweep.yaml")
                .toString();
        return Optional.ofNullable(record.provenance().get(Provenance.SWEEP_FOLDER))
                .map(folder -> Path.of(folder).resolve(name))
                .orElse(Path.of(record.fileName()));
    }

    private static Trial trial(TrialRecord record) {
        return new Trial(record.number(), record.parameters(), Parameters.from(record.parameters()), record.seed());
    }

    private void requireSame(SweepSetup setup) {
        String before = record.provenance().getOrDefault("dataset_sha256", "");
        if (!before.equals(setup.source().dataset().digest())) {
            throw changed("the images in " + setup.dataFolder() + " have");
        }
        setup.weights().forEach((base, weights) -> {
            String digest = record.provenance().getOrDefault("weights_sha256." + base, weights.digest());
            if (!digest.equals(weights.digest())) {
                throw changed("the weights of " + base + " have");
            }
        });
        Map<Integer, String> keys = SweepRunner.runKeys(setup);
        for (TrialRecord trial : trials) {
            if (!trial.runKey().isEmpty() && !trial.runKey().equals(keys.get(trial.number()))) {
                throw changed("how this version of Graft computes has");
            }
        }
    }

    private ResumeException changed(String what) {
        return new ResumeException("sweep " + record.id() + " is not what it was: " + what
                + " changed since it began, and its trials would no longer compare; run the file as a new sweep");
    }

    /** Everything but combinations, and what only says how a sweep is run, must be as it was. */
    private void requireOnlyMore(Sweep before, SweepFile.Parsed changed) {
        Sweep now = changed.sweep();
        List<Problem> problems = new ArrayList<>();
        compare(problems, changed, "data", before.data(), now.data());
        compare(problems, changed, "metric", before.metric(), now.metric());
        compare(problems, changed, "epochs", before.epochs(), now.epochs());
        compare(problems, changed, "early_stopping", before.earlyStopping(), now.earlyStopping());
        compare(problems, changed, "fine_tune", before.fineTune(), now.fineTune());
        compare(problems, changed, "seed", before.seed(), now.seed());
        if (!problems.isEmpty()) {
            throw new SweepFileException(problems);
        }
    }

    private void compare(List<Problem> problems, SweepFile.Parsed file, String key, Object before, Object now) {
        if (!before.equals(now)) {
            boolean plain = Stream.of(before, now).allMatch(value -> value instanceof Number);
            problems.add(file.at(
                    key,
                    "must be as in sweep " + record.id() + (plain ? ", " + before + ", but was " + now : "")
                            + ", because extending adds combinations only; run the file as a new sweep"));
        }
    }
}
