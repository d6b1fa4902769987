package dev.graft.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A web server that does what a test tells it, down to the byte; each connection is closed after one answer. */
public final class RawServer implements AutoCloseable {

    /** What a client asked for; header names are in lower case. */
    public record Request(String method, String target, Map<String, String> headers) {

        /** Returns where the client wants to go on, or 0. */
        int from() {
            String range = headers.getOrDefault("range", "bytes=0-");
            return Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
        }
    }

    /** Answers a request; what it does not send the client does not get. */
    public interface Answer {
        void to(Request request, OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket socket;
    private final Answer answer;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    public RawServer(Answer answer) {
        this.answer = answer;
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "raw server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Serves the same bytes to everyone, under an ETag of theirs, in ranges where asked. */
    public static RawServer of(byte[] bytes) {
        return new RawServer((request, out) -> range(out, request, bytes, "\"v1\""));
    }

    static void range(OutputStream out, Request request, byte[] bytes, String tag) throws IOException {
        int from = request.from();
        boolean same = tag.equals(request.headers().get("if-range"));
        if (from == 0 || !same) {
            head(out, "200 OK", "ETag: " + tag, "Content-Length: " + bytes.length);
            out.write(bytes);
        } else {
            head(
                    out,
                    "206 Partial Content",
                    "ETag: " + tag,
                    "Content-Length: " + (bytes.length - from),
                    "Content-Range: bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
            out.write(bytes, from, bytes.length - from);
        }
    }

    static void head(OutputStream out, String status, String... headers) throws IOException {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + "\r\nConnection: close\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        out.write((text + "\r\n").getBytes(ISO_8859_1));
        out.flush();
    }

    public URI address(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    int port() {
        return socket.getLocalPort();
    }

    public List<Request> requests() {
        return requests;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread thread = new Thread(() -> answer(client), "raw answer");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void answer(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            String first = line(in);
            if (!first.endsWith("HTTP/1.1")) {
                answer.to(new Request("", "", Map.of()), client.getOutputStream());
                return;
            }
            Map<String, String> headers = new TreeMap<>();
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            String[] words = first.split(" ");
            Request request = new Request(words[0], words[1], headers);
            requests.add(request);
            answer.to(request, client.getOutputStream());
            client.getOutputStream().flush();
        } catch (IOException e) {
            // The client went away, which some tests want.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
