package dev.graft.dashboard;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A request written by hand, because Java's client corrects what is sent. */
final class RawRequest {

    private RawRequest() {}

    /** Sends a request line and headers without a body, and returns the status of the answer. */
    static int status(int port, String line, String... headers) throws IOException {
        return Integer.parseInt(answer(port, line, headers).substring(9, 12));
    }

    /** Sends a request line and headers without a body, and returns the whole answer. */
    static String answer(int port, String line, String... headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            send(socket, line + "\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }
}
