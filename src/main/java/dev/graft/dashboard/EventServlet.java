package dev.graft.dashboard;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams {@link LiveEvents} to open pages. Each stream has a thread of its own that waits and writes, so that a reader
 * who does not read holds up nobody else. Nothing is kept for readers: each is told the newest version when it can be. A
 * servlet rather than a Javalin route, which goes on using the answer of a
 * reader who has gone.
 */
final class EventServlet extends HttpServlet {

    /** Where it is served. */
    static final String PATH = Routes.API + "/events";

    private static final Logger log = LoggerFactory.getLogger(EventServlet.class);
    private static final long serialVersionUID = 1;
    private static final int MAX_STREAMS = 64;

    /** Streams end after this time; open pages ask again by themselves, and idle readers make room. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final transient LiveEvents events;
    private final transient ExecutorService writers = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "dashboard-events");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger streams = new AtomicInteger();
    private final transient Duration longest;

    EventServlet(LiveEvents events) {
        this(events, LONGEST);
    }

    EventServlet(LiveEvents events, Duration longest) {
        this.events = events;
        this.longest = longest;
    }

    /** Refuses: without a body nobody would ever notice that the reader has gone. */
    @Override
    protected void doHead(HttpServletRequest request, HttpServletResponse answer) {
        answer.setStatus(405);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse answer) throws IOException {
        if (streams.incrementAndGet() > MAX_STREAMS) {
            streams.decrementAndGet();
            answer.setStatus(503);
            return;
        }
        answer.setContentType("text/event-stream;charset=utf-8");
        // Proxies must pass events on at once.
        answer.setHeader("X-Accel-Buffering", "no");
        AsyncContext stream = request.startAsync();
        stream.setTimeout(0);
        long seen = lastSeen(request.getHeader("Last-Event-ID"));
        writers.execute(() -> {
            try {
                write(answer.getOutputStream(), seen);
                stream.complete();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException | RuntimeException e) {
                // The reader has gone; the server has ended the request, or is about to.
                log.debug("an event stream ended", e);
            } finally {
                streams.decrementAndGet();
            }
        });
    }

    @Override
    public void destroy() {
        writers.shutdownNow();
    }

    private void write(ServletOutputStream out, long seen) throws IOException, InterruptedException {
        long sent = seen;
        long end = System.nanoTime() + longest.toNanos();
        line(out, ": open\n\n");
        while (System.nanoTime() < end) {
            LiveEvents.News news = events.awaitAfter(sent);
            if (news.ended()) {
                return;
            }
            sent = news.version();
            line(out, news.changed() ? "event: changed\nid: " + sent + "\ndata: " + sent + "\n\n" : ": still here\n\n");
        }
    }

    private static void line(ServletOutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static long lastSeen(@Nullable String id) {
        try {
            return id == null ? -1 : Long.parseLong(id);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
