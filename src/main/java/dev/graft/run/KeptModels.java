package dev.graft.run;

import dev.graft.spec.BaseFacts;
import dev.graft.spec.Metric;
import dev.graft.spec.SweepFile;
import dev.graft.spec.SweepFileException;
import dev.graft.track.SweepRecord;
import dev.graft.track.TrialRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which trials of a sweep keep their weights: the best by its metric, as many as {@code keep_models} says. */
public final class KeptModels {

    private static final Logger LOG = LoggerFactory.getLogger(KeptModels.class);

    private KeptModels() {}

    /**
     * A trial that finished.
     *
     * @param id its id
     * @param value its best epoch's value of the ranking metric; NaN where it has none
     * @param number its place in the sweep
     */
    public record Finished(String id, double value, int number) {

        static Finished of(TrialRecord trial, Metric metric) {
            double value = trial.best()
                    .map(epoch -> epoch.metrics().getOrDefault(metric.name(), Double.NaN))
                    .orElse(Double.NaN);
            return new Finished(trial.id(), value, trial.number());
        }
    }

    /**
     * Returns the trials whose weights are not kept, the best first. Of equal values the lower number is better, and any
     * value is better than NaN. A trial that is not among the best now will not be when more have finished.
     *
     * @param keep how many are kept; empty for all
     */
    static List<String> superfluous(OptionalInt keep, Metric metric, List<Finished> finished) {
        if (keep.isEmpty()) {
            return List.of();
        }
        Comparator<Finished> better =
                (a, b) -> metric.isBetter(a.value(), b.value()) ? -1 : metric.isBetter(b.value(), a.value()) ? 1 : 0;
        return finished.stream()
                .sorted(better.thenComparingInt(Finished::number))
                .skip(keep.getAsInt())
                .map(Finished::id)
                .toList();
    }

    /**
     * Deletes the weights that are not kept. A file that cannot be deleted is left, with a warning.
     *
     * @return the trials whose weights were deleted
     */
    static List<String> apply(TrialModels models, OptionalInt keep, Metric metric, List<Finished> finished) {
        return delete(models, superfluous(keep, metric, finished));
    }

    /** Deletes the weights of some trials, as far as they are there; see {@link #apply}. */
    static List<String> delete(TrialModels models, List<String> superfluous) {
        List<String> deleted = new ArrayList<>();
        for (String id : superfluous) {
            if (models.has(id)) {
                try {
                    models.delete(id);
                    deleted.add(id);
                } catch (IOException e) {
                    LOG.warn("the weights of trial {}, which are not kept, cannot be deleted: {}", id, e.getMessage());
                }
            }
        }
        return deleted;
    }

    /**
     * Returns what a recorded sweep file says, or leaves to the default; empty for all: where it says so, where it
     * cannot be read any more, and where {@link #keptAll it was not asked}.
     */
    public static OptionalInt setting(SweepRecord sweep, BaseFacts bases) {
        return keptAll(sweep, bases)
                ? OptionalInt.empty()
                : readable(sweep, bases).map(file -> file.sweep().keepModels()).orElse(OptionalInt.empty());
    }

    /** Says whether a sweep is of a version that kept the weights of all trials, and its file says nothing else. */
    static boolean keptAll(SweepRecord sweep, BaseFacts bases) {
        return !sweep.provenance().containsKey(Provenance.WORKERS)
                && readable(sweep, bases)
                        .filter(file -> file.places().containsKey("keep_models"))
                        .isEmpty();
    }

    private static Optional<SweepFile.Parsed> readable(SweepRecord sweep, BaseFacts bases) {
        try {
            return Optional.of(SweepFile.parse(sweep.fileName(), sweep.fileText(), bases));
        } catch (SweepFileException e) {
            LOG.debug("the file of sweep {} cannot be read any more", sweep.id(), e);
            return Optional.empty();
        }
    }

    /** Returns the metric that ranks a recorded sweep's trials. */
    static Metric metric(SweepRecord sweep) {
        return new Metric(sweep.metric(), Metric.Goal.valueOf(sweep.goal().toUpperCase(Locale.ROOT)));
    }
}
