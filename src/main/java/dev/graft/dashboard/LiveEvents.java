package dev.graft.dashboard;

import dev.graft.track.TrackReader;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the record for its version, with one thread for however many wait to learn that it grew. */
final class LiveEvents implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LiveEvents.class);
    private static final long POLL_MILLIS = 500;
    private static final long HEARTBEAT_MILLIS = 10_000;

    private final TrackReader reader;
    private final ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "dashboard-poll");
        thread.setDaemon(true);
        return thread;
    });
    private final Object changed = new Object();
    private long version = -1;
    private int waiting;
    private boolean closed;

    LiveEvents(TrackReader reader) {
        this.reader = reader;
    }

    void start() {
        poller.scheduleWithFixedDelay(this::poll, 0, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Waits until the version differs from the one already told, it is time for a heartbeat, or all ends. */
    News awaitAfter(long told) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HEARTBEAT_MILLIS);
        synchronized (changed) {
            waiting++;
            try {
                while (!closed && (version == told || version < 0)) {
                    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (left <= 0) {
                        return new News(told, false, false);
                    }
                    changed.wait(left);
                }
                return new News(version, version != told, closed);
            } finally {
                waiting--;
            }
        }
    }

    /** Ends all waiting. */
    @Override
    public void close() {
        poller.shutdownNow();
        synchronized (changed) {
            closed = true;
            changed.notifyAll();
        }
    }

    private void poll() {
        synchronized (changed) {
            if (waiting == 0) {
                return;
            }
        }
        try {
            long now = reader.version();
            synchronized (changed) {
                if (now != version) {
                    version = now;
                    changed.notifyAll();
                }
            }
        } catch (RuntimeException e) {
            // An exception would end the schedule; the record may be readable again in half a second.
            log.debug("the record's version could not be read", e);
        }
    }

    /**
     * What waiting brought.
     *
     * @param version the newest version known
     * @param changed whether it differs from the one told before
     * @param ended whether there will be no more
     */
    record News(long version, boolean changed, boolean ended) {}
}
