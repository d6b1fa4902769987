package dev.graft.dashboard;

import dev.graft.track.TrackReader;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinBindException;
import jakarta.servlet.DispatcherType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the pages and the JSON API over a record. What is recorded is read, never written; what people say of it may be.
 * Safe for use by several threads.
 */
public final class Dashboard implements AutoCloseable {

    /** The most bytes that a request may send along. */
    static final long MAX_BODY_BYTES = 32L << 20;

    private static final int MAX_REQUEST_THREADS = 24;
    private static final int MAX_CONNECTIONS = 512;

    /** A body that comes more slowly than so many bytes a second is not waited for. */
    private static final long MIN_BODY_RATE = 1024;

    /** What stopping may take. */
    private static final Duration STOP_TIME = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(Dashboard.class);

    private final Javalin server;
    private final LiveEvents events;

    private Dashboard(Javalin server, LiveEvents events) {
        this.server = server;
        this.events = events;
    }

    /**
     * Starts serving and returns at once.
     *
     * @param reader the record to show; nothing can be changed
     * @param host the address to listen on; one that other machines can reach needs a token
     * @param port the port to listen on; 0 for any free one
     * @param token what a reader must present, as {@code Authorization: Bearer} or once as {@code /?token=}; empty for
     *     none
     * @throws DashboardException when the host is unknown or open to others without a token, or the port is in use
     */
    public static Dashboard start(TrackReader reader, String host, int port, Optional<String> token) {
        return start(Content.of(reader), host, port, token, List.of());
    }

    /**
     * Starts serving and returns at once.
     *
     * @param names further host names under which it may be asked for, as behind a proxy; all others are refused, since
     *     a page elsewhere can make a name of its own lead here
     * @see #start(TrackReader, String, int, Optional)
     */
    public static Dashboard start(Content content, String host, int port, Optional<String> token, List<String> names) {
        boolean loopback = resolve(host).isLoopbackAddress();
        if (!loopback && token.isEmpty()) {
            throw new DashboardException("host must be 127.0.0.1 or localhost unless a token is set, but was " + host
                    + ": others on the network could read every result");
        }
        if (token.filter(String::isBlank).isPresent()) {
            throw new DashboardException("the token must not be blank");
        }
        List<String> known = new ArrayList<>(names);
        if (!loopback) {
            known.add(host);
            known.addAll(ownNames());
        }
        Access access = new Access(loopback, token, known);
        LiveEvents events = new LiveEvents(content.reader());
        Javalin server = Javalin.create(config -> configure(config, content, events, access));
        try {
            server.start(host, port);
        } catch (JavalinBindException e) {
            events.close();
            server.stop();
            throw new DashboardException(
                    "cannot listen on " + host + ":" + port + "; the port is in use or not allowed."
                            + " Choose another one, or 0 for any free port",
                    e);
        }
        events.start();
        return new Dashboard(server, events);
    }

    /** Returns the port it listens on. */
    public int port() {
        return server.port();
    }

    /** Stops serving; open event streams end. Closing twice does nothing. */
    @Override
    public void close() {
        events.close();
        if (!endsWithin(STOP_TIME, server::stop)) {
            log.debug("the server did not stop in {}; its threads end with the process", STOP_TIME);
        }
    }

    /**
     * Does a work on a thread of its own, and says whether it ended in time. Stopping, Jetty may wait for the end of an
     * answer that nobody sends any more; by then it has given up its port.
     */
    static boolean endsWithin(Duration time, Runnable work) {
        Thread thread = new Thread(work, "dashboard-stop");
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(time.toMillis());
            return !thread.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new DashboardException("host must be a name or address of this machine, but was " + host, e);
        }
    }

    /** Returns the names of this machine that it knows itself; asks no server. */
    private static List<String> ownNames() {
        try {
            return List.of(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    private static void configure(JavalinConfig config, Content content, LiveEvents events, Access access) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        QueuedThreadPool threads = new QueuedThreadPool(MAX_REQUEST_THREADS, 2);
        threads.setName("dashboard");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        config.http.maxRequestSize = MAX_BODY_BYTES;
        config.jetty.modifyHttpConfiguration(http -> http.setMinRequestDataRate(MIN_BODY_RATE));
        config.jetty.modifyServer(server -> {
            server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, server));
            // Bodies that do not tell their length are counted as they come.
            server.insertHandler(new SizeLimitHandler(MAX_BODY_BYTES, -1));
        });
        WebFiles files = new WebFiles();
        Gate gate = new Gate(access, files.index());
        config.jetty.modifyServletContextHandler(handler -> {
            FilterHolder filter = new FilterHolder(gate);
            filter.setAsyncSupported(true);
            handler.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
            ServletHolder stream = new ServletHolder(new EventServlet(events));
            stream.setAsyncSupported(true);
            handler.addServlet(stream, EventServlet.PATH);
        });
        new Api(content).addTo(config.routes);
        files.addTo(config.routes);
    }
}
