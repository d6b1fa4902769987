package dev.graft.export;

import dev.graft.base.WeightException;
import dev.graft.data.DataException;
import dev.graft.export.ModelExporter.Step;
import dev.graft.export.TrialBundles.Exporter;
import dev.graft.export.TrialBundles.State;
import dev.graft.export.TrialBundles.Status;
import dev.graft.fetch.FetchException;
import dev.graft.onnx.OnnxException;
import dev.graft.run.BundleWriting;
import dev.graft.track.StoreException;
import dev.graft.track.TrialRecord;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exports that somebody asked for: one at a time, in the background, in the order of asking. Safe for use by several
 * threads.
 */
final class BundleExports implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BundleExports.class);

    private static final int MOST_WAITING = 8;

    private final Path directory;
    private final Exporter exporter;
    private final ExecutorService work;

    /** In the order in which they were asked for; those that failed stay until they are asked for again. */
    private final Map<String, Job> jobs = new LinkedHashMap<>();

    /** An export under way, or one that ended badly. Guarded by the map's lock. */
    private static final class Job {
        private Optional<Step> step = Optional.empty();
        private String failure = "";
        private boolean open = true;
        private List<String> notes = List.of();
    }

    /**
     * Writes into a directory.
     *
     * @param work where exports run, one at a time
     */
    BundleExports(Path directory, Exporter exporter, ExecutorService work) {
        this.directory = directory;
        this.exporter = exporter;
        this.work = work;
    }

    /** Says where a trial's bundle stands. */
    Status status(TrialRecord trial) {
        BundleFolder folder = BundleFolder.of(directory, trial.id());
        Optional<String> missing = folder.missing();
        synchronized (jobs) {
            Job job = jobs.get(trial.id());
            if (job != null && job.open) {
                return new Status(State.EXPORTING, "", job.step, ahead(trial.id()), folder.path(), 0, List.of());
            }
            if (missing.isEmpty()) {
                return new Status(
                        State.READY,
                        "",
                        Optional.empty(),
                        0,
                        folder.path(),
                        folder.bytes(),
                        job == null ? List.of() : job.notes);
            }
            String failure = folder.exists()
                    ? folder.path() + " is no whole bundle: it has no " + missing.get() + "; delete it and export again"
                    : job == null ? "" : job.failure;
            if (!failure.isEmpty()) {
                return new Status(State.FAILED, failure, Optional.empty(), 0, folder.path(), 0, List.of());
            }
        }
        return new Status(
                State.NONE, exporter.obstacle(trial).orElse(""), Optional.empty(), 0, folder.path(), 0, List.of());
    }

    /**
     * Begins to make a trial's bundle, unless it is there or under way.
     *
     * @throws ExportException when the trial has no model to export, or something is in the way; the user's fault
     * @throws BusyException when too many wait already
     */
    Status begin(TrialRecord trial) {
        Status before = status(trial);
        if (before.state() == State.READY || before.state() == State.EXPORTING) {
            return before;
        }
        exporter.obstacle(trial).ifPresent(reason -> {
            throw new ExportException(reason);
        });
        if (BundleFolder.of(directory, trial.id()).exists()) {
            throw new ExportException(before.reason());
        }
        synchronized (jobs) {
            Job known = jobs.get(trial.id());
            if (known == null || !known.open) {
                if (jobs.values().stream().filter(job -> job.open).count() > MOST_WAITING) {
                    throw new BusyException(MOST_WAITING + " exports wait already; ask again when one has ended");
                }
                Job job = new Job();
                try {
                    work.execute(() -> export(trial, job));
                } catch (RejectedExecutionException e) {
                    throw new ExportException(TrialBundles.ENDING, e);
                }
                jobs.remove(trial.id());
                jobs.put(trial.id(), job);
            }
        }
        return status(trial);
    }

    private void export(TrialRecord trial, Job job) {
        BundleFolder folder = BundleFolder.of(directory, trial.id());
        String failure;
        List<String> notes = List.of();
        try {
            BundleWriting.deleteLeft(directory, trial.id());
            notes = exporter.export(trial, folder.path(), step -> {
                synchronized (jobs) {
                    job.step = Optional.of(step);
                }
            });
            failure = "";
        } catch (ExportException
                | DataException
                | FetchException
                | OnnxException
                | StoreException
                | WeightException e) {
            failure = String.valueOf(e.getMessage());
            log.info("trial {} was not exported: {}", trial.id(), failure);
        } catch (OutOfMemoryError e) {
            failure = "this takes more memory than the dashboard has; graft export " + trial.id()
                    + " --to DIR does it in a process of its own";
            log.warn("trial {} was not exported", trial.id(), e);
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            // Native libraries fail with errors; whoever waits must hear of those, too.
            failure = "this is a bug in Graft; the log of the dashboard has the details";
            log.error("trial {} was not exported", trial.id(), e);
        }
        // Another process may have been quicker; then what is there is as good.
        boolean there = folder.isWhole();
        synchronized (jobs) {
            job.open = false;
            job.failure = there ? "" : failure;
            job.notes = notes;
        }
    }

    /** Counts the exports that end before a trial's; called with the lock. */
    private int ahead(String trialId) {
        int ahead = 0;
        for (Map.Entry<String, Job> job : jobs.entrySet()) {
            if (job.getKey().equals(trialId)) {
                return ahead;
            }
            ahead += job.getValue().open ? 1 : 0;
        }
        return ahead;
    }

    /** Takes nothing on any more; an export under way ends by itself, or with the process. */
    @Override
    public void close() {
        work.shutdownNow();
    }
}
