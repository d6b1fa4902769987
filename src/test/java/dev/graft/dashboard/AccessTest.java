package dev.graft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

    private final FakeReader reader = new FakeReader();

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void refusesToServeOthersWithoutAToken(String host) {
        assertThatThrownBy(() -> Dashboard.start(reader, host, 0, Optional.empty()))
                .isInstanceOf(DashboardException.class)
                .hasMessageContaining("unless a token is set, but was " + host);
    }

    @Test
    void refusesABlankToken() {
        assertThatThrownBy(() -> Dashboard.start(reader, "localhost", 0, Optional.of(" ")))
                .isInstanceOf(DashboardException.class)
                .hasMessage("the token must not be blank");
    }

    @Test
    void refusesAHostThatIsNotThere() {
        assertThatThrownBy(() -> Dashboard.start(reader, "no such host", 0, Optional.empty()))
                .isInstanceOf(DashboardException.class)
                .hasMessageContaining("but was no such host");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "localhost:9000, 200",
        "LOCALHOST, 200",
        "127.0.0.1:80, 200",
        "[::1]:8080, 200",
        "evil.example, 403",
        "localhost.evil.example, 403",
        "127.0.0.1.evil.example:80, 403",
    })
    void answersToTheNamesOfThisMachineOnly(String host, int status) throws IOException {
        try (Dashboard dashboard = Dashboard.start(reader, "127.0.0.1", 0, Optional.empty())) {
            assertThat(statusWithHost(dashboard.port(), host)).isEqualTo(status);
        }
    }

    @Nested
    class WithAToken {

        private final HttpClient client = HttpClient.newHttpClient();

        @Test
        void asksForIt() throws Exception {
            try (Dashboard dashboard = start()) {
                for (String path : new String[] {"/", "/app.js", "/api/v1/sweeps", "/api/v1/events", "/?token=wrong"}) {
                    HttpResponse<String> answer = send(dashboard, path, "", "");
                    assertThat(answer.statusCode()).as(path).isEqualTo(401);
                    assertThat(answer.body()).contains("needs its token");
                }
            }
        }

        @Test
        void takesItAsAHeader() throws Exception {
            try (Dashboard dashboard = start()) {
                assertThat(send(dashboard, "/api/v1/sweeps", "Authorization", "Bearer s3cret")
                                .statusCode())
                        .isEqualTo(200);
                assertThat(send(dashboard, "/api/v1/sweeps", "Authorization", "Bearer s3cre")
                                .statusCode())
                        .isEqualTo(401);
            }
        }

        @Test
        void takesItOnceInTheAddressAndThenAsACookie() throws Exception {
            try (Dashboard dashboard = start()) {
                HttpResponse<String> first = send(dashboard, "/?token=s3cret", "", "");
                assertThat(first.statusCode()).isEqualTo(303);
                assertThat(first.headers().firstValue("Location").orElse(""))
                        .endsWith("/")
                        .doesNotContain("s3cret");
                String cookie = first.headers().firstValue("Set-Cookie").orElseThrow();
                assertThat(cookie).contains("HttpOnly", "SameSite=Lax");

                assertThat(send(dashboard, "/", "Cookie", cookie.substring(0, cookie.indexOf(';')))
                                .statusCode())
                        .isEqualTo(200);
            }
        }

        private Dashboard start() {
            return Dashboard.start(reader, "0.0.0.0", 0, Optional.of("s3cret"));
        }

        private HttpResponse<String> send(Dashboard dashboard, String path, String header, String value)
                throws Exception {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + dashboard.port() + path));
            if (!header.isEmpty()) {
                request.header(header, value);
            }
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    /** By hand, because Java's client does not let one choose the name. */
    private static int statusWithHost(int port, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            String request = "GET /api/v1/sweeps HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }
}
