package dev.graft.run;

import dev.graft.run.Garbage.Candidate;
import dev.graft.run.Garbage.Item;
import dev.graft.spec.BaseFacts;
import dev.graft.spec.Metric;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.TrialRecord;
import dev.graft.track.TrialState;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can go in a results directory that nobody writes to. */
final class ResultsGarbage {

    private static final String SWEEP = "([0-9a-z]{8})";
    private static final Pattern MODEL = Pattern.compile("(" + SWEEP + "-[0-9]{1,9})\\.safetensors");
    private static final Pattern LOGS = Pattern.compile(SWEEP);
    private static final Pattern LOG = Pattern.compile("worker-[0-9]{1,9}\\.log(\\.crash-[0-9]+\\.txt)?");

    private final Path models;
    private final Path logs;
    private final Path bundles;
    private final TrackReader track;
    private final BaseFacts bases;
    private final List<String> notes;

    ResultsGarbage(Path results, TrackReader track, BaseFacts bases, List<String> notes) {
        this.models = results.resolve("models");
        this.logs = results.resolve("logs");
        this.bundles = results.resolve("bundles");
        this.track = track;
        this.bases = bases;
        this.notes = notes;
    }

    List<Candidate> candidates() throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        List<SweepRecord> sweeps = track.sweeps();
        if (Garbage.isOwnFolder(models, notes)) {
            candidates.addAll(models(sweeps));
        }
        if (Garbage.isOwnFolder(logs, notes)) {
            candidates.addAll(logs(sweeps));
        }
        if (Garbage.isOwnFolder(bundles, notes)) {
            candidates.addAll(leftOfExports());
        }
        return candidates;
    }

    private List<Candidate> models(List<SweepRecord> sweeps) throws IOException {
        Map<String, TrialRecord> known = new HashMap<>();
        Map<String, String> superfluous = new HashMap<>();
        for (SweepRecord sweep : sweeps) {
            List<TrialRecord> trials = track.trials(sweep.id());
            trials.forEach(trial -> known.put(trial.id(), trial));
            OptionalInt keep = KeptModels.setting(sweep, bases);
            if (KeptModels.keptAll(sweep, bases)) {
                notes.add("the models of sweep " + sweep.id() + " are all kept, as its version of Graft did: its file"
                        + " says nothing of keep_models");
            }
            Metric metric = KeptModels.metric(sweep);
            List<KeptModels.Finished> finished = trials.stream()
                    .filter(trial -> trial.state() == TrialState.FINISHED)
                    .map(trial -> KeptModels.Finished.of(trial, metric))
                    .toList();
            KeptModels.superfluous(keep, metric, finished)
                    .forEach(id -> superfluous.put(
                            id, "not among the best " + keep.orElseThrow() + " of its sweep (keep_models)"));
        }
        List<Candidate> candidates = new ArrayList<>();
        for (Path file : files(models)) {
            String name = file.getFileName().toString();
            Matcher model = MODEL.matcher(name);
            if (TrialModels.isHalfWritten(file)) {
                candidates.add(candidate("model", file, "half-written by a process that died"));
            } else if (model.matches()) {
                String id = model.group(1);
                TrialRecord trial = known.get(id);
                Optional<String> reason = trial == null
                        ? Optional.of("no such trial is recorded")
                        : trial.state() == TrialState.FINISHED
                                ? Optional.ofNullable(superfluous.get(id))
                                : Optional.of("its trial is " + trial.state().word() + ", not finished");
                if (reason.isPresent()) {
                    candidates.add(candidate("model", file, reason.get()));
                }
            }
        }
        return candidates;
    }

    /** Finds logs by the sweep's id, which is the name of their folder. */
    private List<Candidate> logs(List<SweepRecord> sweeps) throws IOException {
        Set<String> known = new HashSet<>();
        sweeps.forEach(sweep -> known.add(sweep.id()));
        List<Candidate> candidates = new ArrayList<>();
        for (Path entry : entries(logs)) {
            Matcher folder = LOGS.matcher(entry.getFileName().toString());
            if (folder.matches()
                    && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                    && !known.contains(folder.group(1))) {
                for (Path file : files(entry)) {
                    if (LOG.matcher(file.getFileName().toString()).matches()) {
                        candidates.add(candidate("log", file, "no such sweep is recorded"));
                    }
                }
            }
        }
        return candidates;
    }

    /** Finds what exports left whose processes died. Whole bundles stay: people asked for them, and may have them nowhere else. */
    private List<Candidate> leftOfExports() throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        for (BundleWriting.Trace trace : BundleWriting.traces(bundles)) {
            if (!trace.isHeld()) {
                String reason = (trace.isFolder() ? "half-written" : "left") + " by a process that died";
                long bytes = SweepFiles.part(List.of(trace.path())).bytes();
                candidates.add(new Candidate(new Item("bundle", trace.path(), reason, bytes), trace::delete));
            }
        }
        return candidates;
    }

    private static Candidate candidate(String kind, Path file, String reason) throws IOException {
        return new Candidate(new Item(kind, file, reason, Files.size(file)), () -> {
            Files.deleteIfExists(file);
            return true;
        });
    }

    private static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static List<Path> files(Path folder) throws IOException {
        return entries(folder).stream().filter(ResultsGarbage::isFile).toList();
    }

    private static List<Path> entries(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            all.forEach(entries::add);
        }
        entries.sort(null);
        return entries;
    }
}
