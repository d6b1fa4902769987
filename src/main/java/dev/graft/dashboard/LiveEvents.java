package dev.graft.dashboard;

import dev.graft.track.TrackReader;
import io.javalin.http.sse.SseClient;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells open pages that the record changed. One thread asks the record for its version; each stream has a thread of its
 * own that waits for the next version and writes it, so that a reader who does not read holds up nobody else.
 */
final class LiveEvents implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LiveEvents.class);
    private static final long POLL_MILLIS = 500;
    private static final long HEARTBEAT_MILLIS = 10_000;
    private static final int MAX_STREAMS = 64;

    private final TrackReader reader;
    private final ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "dashboard-poll");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger streams = new AtomicInteger();
    private final Object changed = new Object();
    private long version = -1;
    private boolean closed;

    LiveEvents(TrackReader reader) {
        this.reader = reader;
    }

    void start() {
        poller.scheduleWithFixedDelay(this::poll, 0, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Writes events until the reader or the dashboard goes; called on a thread that may block. */
    void serve(SseClient client) {
        if (streams.incrementAndGet() > MAX_STREAMS) {
            streams.decrementAndGet();
            client.sendComment("too many open pages");
            return;
        }
        try {
            long sent = lastSeen(client);
            // Without a first line some proxies, and so the page, would not learn that the stream is open.
            client.sendComment("open");
            while (!client.terminated()) {
                long next = awaitAfter(sent);
                if (next == Long.MIN_VALUE) {
                    return;
                }
                if (next == sent) {
                    client.sendComment("still here");
                } else {
                    client.sendEvent("changed", Long.toString(next), Long.toString(next));
                    sent = next;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            streams.decrementAndGet();
        }
    }

    @Override
    public void close() {
        poller.shutdownNow();
        synchronized (changed) {
            closed = true;
            changed.notifyAll();
        }
    }

    private void poll() {
        if (streams.get() == 0) {
            return;
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

    /** Returns the version once it differs, the same one when it is time for a heartbeat, or the minimum at the end. */
    private long awaitAfter(long sent) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HEARTBEAT_MILLIS);
        synchronized (changed) {
            while (!closed && (version == sent || version < 0)) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return sent;
                }
                changed.wait(left);
            }
            return closed ? Long.MIN_VALUE : version;
        }
    }

    private static long lastSeen(SseClient client) {
        String id = client.ctx().header("Last-Event-ID");
        try {
            return id == null ? -1 : Long.parseLong(id);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
