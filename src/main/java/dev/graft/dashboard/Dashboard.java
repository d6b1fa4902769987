package dev.graft.dashboard;

import dev.graft.track.TrackReader;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinBindException;
import jakarta.servlet.DispatcherType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Serves the pages and the JSON API over a record that is read, never written. Safe for use by several threads; the
 * reader stays the caller's to close, after the dashboard.
 */
public final class Dashboard implements AutoCloseable {

    private static final int MAX_REQUEST_THREADS = 24;

    private final Javalin server;
    private final LiveEvents events;

    private Dashboard(Javalin server, LiveEvents events) {
        this.server = server;
        this.events = events;
    }

    /**
     * Starts serving and returns at once.
     *
     * @param reader the record to show
     * @param host the address to listen on; one that other machines can reach needs a token
     * @param port the port to listen on; 0 for any free one
     * @param token what a reader must present, as {@code Authorization: Bearer} or once as {@code /?token=}; empty for
     *     none
     * @throws DashboardException when the host is unknown or open to others without a token, or the port is in use
     */
    public static Dashboard start(TrackReader reader, String host, int port, Optional<String> token) {
        boolean loopback = resolve(host).isLoopbackAddress();
        if (!loopback && token.isEmpty()) {
            throw new DashboardException("host must be 127.0.0.1 or localhost unless a token is set, but was " + host
                    + ": others on the network could read every result");
        }
        if (token.filter(String::isBlank).isPresent()) {
            throw new DashboardException("the token must not be blank");
        }
        LiveEvents events = new LiveEvents(reader);
        Javalin server = Javalin.create(config -> configure(config, reader, events, new Access(loopback, token)));
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
        server.stop();
    }

    private static InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new DashboardException("host must be a name or address of this machine, but was " + host, e);
        }
    }

    private static void configure(JavalinConfig config, TrackReader reader, LiveEvents events, Access access) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        QueuedThreadPool threads = new QueuedThreadPool(MAX_REQUEST_THREADS, 2);
        threads.setName("dashboard");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        WebFiles files = new WebFiles();
        Gate gate = new Gate(access, files.index());
        config.jetty.modifyServletContextHandler(handler -> {
            FilterHolder filter = new FilterHolder(gate);
            filter.setAsyncSupported(true);
            handler.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
            ServletHolder stream = new ServletHolder(new EventServlet(events));
            stream.setAsyncSupported(true);
            handler.addServlet(stream, "/api/v1/events");
        });
        new Api(reader).addTo(config.routes);
        files.addTo(config.routes);
    }
}
