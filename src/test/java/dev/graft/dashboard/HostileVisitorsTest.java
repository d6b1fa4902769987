package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HostileVisitorsTest {

    private static final String HOST = "Host: localhost";

    private final FakeReader reader = SampleRecord.filled();
    private Dashboard dashboard;

    @BeforeEach
    void start() {
        dashboard = Dashboard.start(reader, "127.0.0.1", 0, Optional.empty());
    }

    @AfterEach
    void stop() {
        dashboard.close();
    }

    private int status(String line, String... headers) throws IOException {
        return RawRequest.status(dashboard.port(), line, headers);
    }

    private void assertStillAnswers() throws IOException {
        assertThat(status("GET /api/v1/sweeps HTTP/1.1", HOST)).isEqualTo(200);
    }

    @Nested
    class Paths {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/../pom.xml",
                    "/%2e%2e/%2e%2e/etc/passwd",
                    "/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
                    "/%252e%252e%252fetc/passwd.js",
                    "/..%5c..%5cpom.xml",
                    "/..\\..\\app.js",
                    "/index.html%00.js",
                    "/app.js%00",
                    "/./.git/config",
                    "/.hidden.js",
                    "//etc/passwd",
                    "/file:/etc/passwd",
                    "/dev/graft/cli/Graft.class",
                    "/webjars/../../../dev/graft/cli/Graft.class",
                    "/webjars/..%2f..%2f..%2fdev%2fgraft%2fcli%2fGraft.class",
                    "/webjars/%2e%2e/%2e%2e/MANIFEST.MF",
                    "/webjars/..;/..;/MANIFEST.MF",
                    "/app.js/../../META-INF/MANIFEST.MF",
                    "/sweeps/../../dev/graft/base/sprout.safetensors",
                    "/api/v1/../../../etc/passwd",
                    "/api/v1/sweeps/..%2f..%2fetc%2fpasswd",
                    "/api/v1/trials/%2e%2e%2f%2e%2e%2fx"
                })
        void cannotLeaveTheirFolder(String path) throws IOException {
            String answer = RawRequest.answer(dashboard.port(), "GET " + path + " HTTP/1.1", HOST);
            assertThat(answer.substring(9, 12)).as(path).isIn("400", "404");
        }

        @Test
        void ofWhatIsThereAreAnswered() throws IOException {
            // So that the test above does not pass because nothing is ever found.
            assertThat(status("GET /app.js HTTP/1.1", HOST)).isEqualTo(200);
        }
    }

    @Nested
    class Requests {

        @ParameterizedTest
        @CsvSource({"TRACE, /", "TRACE, /api/v1/events", "CONNECT, /", "PROPFIND, /api/v1/sweeps", "GRAFT, /"})
        void ofUnknownMethodsAreRefused(String method, String path) throws IOException {
            String answer =
                    RawRequest.answer(dashboard.port(), method + " " + path + " HTTP/1.1", HOST, "X-Secret: s3");
            assertThat(answer.substring(9, 12)).isIn("400", "405");
            assertThat(answer).doesNotContain("s3");
        }

        @Test
        void forTheHeadOfTheEventsOpenNoStream() throws IOException {
            assertThat(status("HEAD /api/v1/events HTTP/1.1", HOST)).isEqualTo(405);
        }

        @Test
        void thatAreTooLargeAreRefused() throws IOException {
            assertThat(status("GET / HTTP/1.1", HOST, "X-Long: " + "x".repeat(20_000)))
                    .isEqualTo(431);
            assertThat(status("GET /?" + "x".repeat(20_000) + " HTTP/1.1", HOST))
                    .isEqualTo(414);
            assertThat(status("POST /api/v1/sweeps HTTP/1.1", HOST, "Content-Length: 40000000"))
                    .isEqualTo(413);
        }

        @Test
        void ofAllKindsGetTheHeadersThatKeepBrowsersSafe() throws IOException {
            for (String line : List.of(
                    "GET /api/v1/sweeps HTTP/1.1",
                    "GET /api/v1/nothing HTTP/1.1",
                    "GET / HTTP/1.1",
                    "POST / HTTP/1.1",
                    "TRACE / HTTP/1.1")) {
                assertThat(RawRequest.answer(dashboard.port(), line, HOST, "Origin: http://evil.example"))
                        .as(line)
                        .contains(
                                "Content-Security-Policy: default-src 'none'",
                                "X-Content-Type-Options: nosniff",
                                "Referrer-Policy: no-referrer",
                                "Cross-Origin-Opener-Policy: same-origin",
                                "Cross-Origin-Resource-Policy: same-origin")
                        .doesNotContainIgnoringCase("Access-Control-");
            }
        }

        @Test
        void thatNeverEndHoldUpNobody() throws IOException {
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < 100; i++) {
                    Socket socket = new Socket("127.0.0.1", dashboard.port());
                    sockets.add(socket);
                    RawRequest.send(
                            socket,
                            i % 2 == 0
                                    ? "GET /api/v1/sweeps HTTP/1.1\r\nHost: local"
                                    : "POST /api/v1/sweeps HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
                                            + "Content-Length: 1000\r\n\r\nx");
                }
                assertStillAnswers();
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        }
    }

    @Nested
    class Streams {

        private final List<Socket> sockets = new ArrayList<>();

        private void open(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                Socket socket = new Socket();
                socket.setReceiveBufferSize(1024);
                socket.connect(new java.net.InetSocketAddress("127.0.0.1", dashboard.port()));
                sockets.add(socket);
                RawRequest.send(socket, "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
        }

        private static long writers() {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("dashboard-events"))
                    .count();
        }

        @AfterEach
        void close() throws IOException {
            for (Socket socket : sockets) {
                socket.close();
            }
        }

        @Test
        void thatNobodyReadsAreFewAndHoldUpNobody() throws IOException {
            long before = writers();
            open(200);
            for (int change = 0; change < 50; change++) {
                reader.put(reader.sweep("latest"));
            }
            assertStillAnswers();
            assertThat(writers() - before).isBetween(1L, 64L);
        }

        @Test
        void overTheLimitAreRefusedAndGoneReadersMakeRoom() throws Exception {
            open(64);
            while (streamStatus() != 503) {
                Thread.sleep(20);
            }
            close();
            // Only the next write tells that a reader has gone.
            while (streamStatus() != 200) {
                reader.put(reader.sweep("latest"));
                Thread.sleep(100);
            }
        }

        private int streamStatus() throws IOException {
            try (Socket socket = new Socket("127.0.0.1", dashboard.port())) {
                RawRequest.send(socket, "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
                return Integer.parseInt(
                        new String(socket.getInputStream().readNBytes(12), java.nio.charset.StandardCharsets.US_ASCII)
                                .substring(9));
            }
        }
    }
}
