package dev.graft.export;

import dev.graft.export.TrialBundles.Likelihood;
import dev.graft.export.TrialBundles.Predicted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks bundles for predictions, one at a time. The last model stays open for some minutes, for the next image. Safe for use
 * by several threads.
 */
final class BundlePredictions implements AutoCloseable {

    private static final int MOST_PREDICTING = 4;

    private final int threads;
    private final Duration idle;
    private final ScheduledExecutorService closing;
    private final Semaphore predicting = new Semaphore(MOST_PREDICTING);
    private final Object bundleLock = new Object();
    private @Nullable Bundle bundle;
    private String bundleTrial = "";
    private long bundleUsed;
    private boolean closed;

    /**
     * Opens nothing yet.
     *
     * @param idle how long a model stays open
     * @param closing where models are closed
     */
    BundlePredictions(int threads, Duration idle, ScheduledExecutorService closing) {
        this.threads = threads;
        this.idle = idle;
        this.closing = closing;
    }

    /** Says what a bundle's model makes of an image. */
    Predicted predict(BundleFolder folder, byte[] image) {
        if (!predicting.tryAcquire()) {
            throw new BusyException("several images are being looked at already; ask again in a moment");
        }
        try {
            synchronized (bundleLock) {
                Bundle opened = open(folder);
                try {
                    return predicted(opened.labels(), opened.predict(image));
                } finally {
                    bundleUsed = System.nanoTime();
                    closing.schedule(this::closeIdle, idle.toNanos(), TimeUnit.NANOSECONDS);
                }
            }
        } finally {
            predicting.release();
        }
    }

    private Bundle open(BundleFolder folder) {
        if (closed) {
            throw new ExportException(TrialBundles.ENDING);
        }
        if (bundle == null || !bundleTrial.equals(folder.trialId())) {
            closeBundle();
            bundle = Bundle.open(folder.path(), threads);
            bundleTrial = folder.trialId();
        }
        return bundle;
    }

    private void closeIdle() {
        synchronized (bundleLock) {
            // Not before: a later use has a later look of its own.
            if (System.nanoTime() - bundleUsed >= idle.toNanos()) {
                closeBundle();
            }
        }
    }

    private void closeBundle() {
        if (bundle != null) {
            bundle.close();
            bundle = null;
        }
    }

    /** Says whether a model is open. */
    boolean isOpen() {
        synchronized (bundleLock) {
            return bundle != null;
        }
    }

    private static Predicted predicted(List<String> labels, Bundle.Answer answer) {
        List<Likelihood> classes = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            classes.add(new Likelihood(labels.get(i), answer.probabilities()[i]));
        }
        classes.sort(Comparator.comparingDouble(Likelihood::probability).reversed());
        return new Predicted(classes, answer.width(), answer.height(), answer.seen());
    }

    @Override
    public void close() {
        synchronized (bundleLock) {
            closed = true;
            closing.shutdownNow();
            closeBundle();
        }
    }
}
