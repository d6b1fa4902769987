package dev.graft.track;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the sweep a user means. */
final class SweepReference {

    private static final int NAMED = 5;

    private SweepReference() {}

    /**
     * Returns the sweep of an id, of a unique beginning of one, or the newest for {@code latest}.
     *
     * @param sweeps the newest first
     * @param record where they are recorded
     */
    static SweepRecord resolve(String reference, List<SweepRecord> sweeps, Path record) {
        if (sweeps.isEmpty()) {
            throw new UnknownSweepException("no sweep is recorded in " + record.getParent() + " yet");
        }
        if (reference.equals("latest")) {
            return sweeps.get(0);
        }
        List<SweepRecord> meant = sweeps.stream()
                .filter(sweep -> sweep.id().startsWith(reference))
                .toList();
        if (meant.isEmpty()) {
            throw new UnknownSweepException("no sweep has an id that begins with \"" + reference + "\"; there are "
                    + names(sweeps) + " (or say latest)");
        }
        return meant.stream()
                .filter(sweep -> sweep.id().equals(reference) || meant.size() == 1)
                .findFirst()
                .orElseThrow(() -> new UnknownSweepException("\"" + reference + "\" means " + meant.size() + " sweeps: "
                        + names(meant) + "; give more of the id"));
    }

    private static String names(List<SweepRecord> sweeps) {
        String names = sweeps.stream()
                .limit(NAMED)
                .map(sweep -> sweep.id() + " (" + sweep.name() + ")")
                .collect(Collectors.joining(", "));
        return sweeps.size() > NAMED ? names + " and " + (sweeps.size() - NAMED) + " older" : names;
    }
}
