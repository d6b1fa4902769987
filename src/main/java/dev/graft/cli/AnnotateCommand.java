package dev.graft.cli;

import dev.graft.track.SweepAnnotation;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrackReader;
import dev.graft.track.Tracking;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft annotate}. */
@Command(
        name = "annotate",
        description = "Name, tag, archive a sweep or note something about it, also while it runs; without options, show"
                + " what is noted.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init")
final class AnnotateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SWEEP", description = "an id, the beginning of one, or latest")
    private String sweepReference;

    @Option(names = "--name", paramLabel = "NAME", description = "call it this; \"\" for the name in its file")
    private @Nullable String name;

    @ArgGroup
    private @Nullable Notes notes;

    @Option(names = "--tag", paramLabel = "TAG", description = "add a tag; may be given several times")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--untag", paramLabel = "TAG", description = "take a tag away; may be given several times")
    private List<String> untagged = new ArrayList<>();

    @ArgGroup
    private @Nullable Archive archive;

    @Mixin
    private Places.Results results;

    @Mixin
    private Places.Json json;

    /** New notes. */
    private static final class Notes {
        @Option(names = "--notes", paramLabel = "TEXT", description = "replace its notes, which are Markdown")
        private @Nullable String text;

        @Option(names = "--notes-file", paramLabel = "FILE", description = "replace its notes by those in a file")
        private @Nullable Path file;

        String read() {
            if (file == null) {
                return text == null ? "" : text;
            }
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UsageException("--notes-file must be a text file in UTF-8, but " + file
                        + " cannot be read as one (" + e.getClass().getSimpleName() + ")");
            }
        }
    }

    /** Whether lists show it. */
    private static final class Archive {
        @Option(names = "--archive", description = "leave it out of lists")
        private boolean in;

        @Option(names = "--unarchive", description = "list it again")
        private boolean out;
    }

    @Override
    public Integer call() {
        try (TrackReader track = Tracking.openReadOnly(results.path)) {
            SweepRecord sweep = track.sweep(sweepReference);
            SweepAnnotation annotation = isChange()
                    ? change(sweep)
                    : track.sweepAnnotations().getOrDefault(sweep.id(), SweepAnnotation.NONE);
            if (json.wanted) {
                spec.commandLine().getOut().println(JsonOutput.of(node(sweep, annotation)));
            } else {
                print(sweep, annotation);
            }
        }
        return ExitCode.OK;
    }

    private boolean isChange() {
        return name != null || notes != null || !tags.isEmpty() || !untagged.isEmpty() || archive != null;
    }

    private SweepAnnotation change(SweepRecord sweep) {
        String newNotes = notes == null ? null : notes.read();
        return Tracking.annotations(results.path).annotate(sweep.id(), present -> {
            List<String> words = new ArrayList<>(present.tags());
            words.removeAll(untagged.stream().map(String::strip).toList());
            words.addAll(tags);
            return new SweepAnnotation(
                    name == null ? present.name() : name,
                    newNotes == null ? present.notes() : newNotes,
                    words,
                    archive == null ? present.archived() : archive.in && !archive.out);
        });
    }

    private void print(SweepRecord sweep, SweepAnnotation annotation) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("sweep " + sweep.id() + " (" + TextTable.oneLine(annotation.nameOf(sweep)) + ")"
                + (annotation.archived() ? ", archived" : ""));
        out.println("tags   "
                + (annotation.tags().isEmpty() ? "-" : TextTable.oneLine(String.join(", ", annotation.tags()))));
        if (annotation.notes().isEmpty()) {
            out.println("notes  -");
        } else {
            out.println("notes");
            annotation.notes().lines().forEach(line -> out.println(("  " + TextTable.oneLine(line)).stripTrailing()));
        }
    }

    private static Map<String, Object> node(SweepRecord sweep, SweepAnnotation annotation) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("id", sweep.id());
        node.put("name", annotation.nameOf(sweep));
        node.put("recorded_name", sweep.name());
        node.put("tags", annotation.tags());
        node.put("archived", annotation.archived());
        node.put("notes", annotation.notes());
        return node;
    }
}
